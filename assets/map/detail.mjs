/**
 * Chooses the rows that plotly draws: all of them when they are few, else a sample spread evenly over what is in view.
 * The choice is stable: moving the map a little keeps the rows that stay in view.
 */
import { linesWithin } from "./grid.mjs";

export const BUDGET = 12_000;
const PATCH_PX = 22;
const LIT_SHARE = 0.8;
const AIR = 0.06;
const ROUNDS = 18;

/**
 * @param {number} row
 * @returns {number} a number from 0 to 1 that belongs to a row and looks drawn by lot
 */
function lot(row) {
  let mixed = Math.imul(row ^ (row >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 4294967296;
}

/**
 * @param {Ranges} ranges
 * @returns {Ranges} the view and a little beside it
 */
function aired({ x, y }) {
  /** @param {number[]} given */
  const wide = ([low, high]) => [low - AIR * (high - low), high + AIR * (high - low)];
  return { x: wide(x), y: wide(y) };
}

/**
 * @param {Sorted} points
 * @param {Ranges} ranges
 * @param {(at: number) => void} visit
 * Call back with every place in the grid's order that lies in a view
 */
function eachWithin(points, { x, y }, visit) {
  const { grid } = points;
  linesWithin(points, { x, y }, (from, to) => {
    for (let i = from; i < to; i++) {
      const inside = grid.x[i] >= x[0] && grid.x[i] <= x[1] && grid.y[i] >= y[0] && grid.y[i] <= y[1];
      if (inside) visit(i);
    }
  });
}

/**
 * @param {Sorted} points
 * @param {Ranges} view
 * @returns {number} how many rows lie in a view
 */
export function count(points, view) {
  let rows = 0;
  eachWithin(points, view, () => rows++);
  return rows;
}

/**
 * Divide the map into square patches of about PATCH_PX, at steps of powers of two so that they stay as they are.
 * @param {Ranges} ranges
 * @param {number} width
 */
function patches({ x, y }, width) {
  const side = 2 ** Math.round(Math.log2((PATCH_PX * (x[1] - x[0])) / width));
  const [left, low] = [Math.floor(x[0] / side), Math.floor(y[0] / side)];
  const across = Math.floor(x[1] / side) - left + 1;
  const up = Math.floor(y[1] / side) - low + 1;
  /**
   * @param {number} px
   * @param {number} py
   */
  const of = (px, py) => (Math.floor(py / side) - low) * across + Math.floor(px / side) - left;
  return { of, length: across * up };
}

/**
 * @param {Float64Array} numbers
 * @param {number} budget
 * @returns {number} the factor that makes the quotas √number · factor, from 1 to number, add up to the budget
 */
function factorFor(numbers, budget) {
  /** @param {number} factor */
  const drawn = (factor) => numbers.reduce((sum, c) => sum + Math.min(c, Math.max(1, factor * Math.sqrt(c))), 0);
  let [low, high] = [0, 1000];
  for (let round = 0; round < ROUNDS; round++) {
    const middle = (low + high) / 2;
    if (drawn(middle) > budget) high = middle;
    else low = middle;
  }
  return low;
}

/**
 * @param {Sorted} points
 * @param {Ranges} view
 * @param {number} width
 * @param {number} budget
 * @param {(row: number) => boolean} accept
 * @returns {number[]} rows in a view that *accept* takes: at least one a patch, more where there are more
 */
function sample(points, view, width, budget, accept) {
  const { grid } = points;
  const at = patches(view, width);
  const numbers = new Float64Array(at.length);
  const lowest = new Int32Array(at.length).fill(-1);
  eachWithin(points, view, (i) => {
    if (!accept(grid.rows[i])) return;
    const patch = at.of(grid.x[i], grid.y[i]);
    numbers[patch]++;
    if (lowest[patch] < 0 || lot(grid.rows[i]) < lot(grid.rows[lowest[patch]])) lowest[patch] = i;
  });
  const filled = numbers.filter((c) => c > 0);
  if (filled.length === 0) return [];
  const factor = factorFor(filled, budget);
  const shares = numbers.map((c) => (c ? Math.min(1, (factor * Math.sqrt(c)) / c) : 0));
  /** @type {number[]} */
  const rows = [];
  eachWithin(points, view, (i) => {
    const row = grid.rows[i];
    if (!accept(row)) return;
    const patch = at.of(grid.x[i], grid.y[i]);
    if (i === lowest[patch] || lot(row) < shares[patch]) rows.push(row);
  });
  return rows;
}

/**
 * @param {Sorted} points
 * @param {Ranges} view
 * @param {number} width
 * @param {Uint8Array} mask
 * @returns {number[]} a sample in which the lit rows come first
 */
function litFirst(points, view, width, mask) {
  const lit = sample(points, view, width, BUDGET * LIT_SHARE, (row) => mask[row] === 1);
  const rest = sample(points, view, width, BUDGET - lit.length, (row) => mask[row] === 0);
  return lit.concat(rest);
}

/**
 * Choose what to draw.
 * @param {Points} points
 * @param {Ranges} view
 * @param {number} width
 * @param {Mask} mask
 * @param {number[]} wanted
 * @returns {Chosen} whole: every row of the run;
 *   complete: every row in view
 */
export function choose(points, view, width, mask, wanted) {
  const placed = points.grid.rows;
  if (placed.length <= BUDGET) return { rows: placed, whole: true, complete: true, inView: placed.length };
  const wide = aired(view);
  const inView = count(points, wide);
  const complete = inView <= BUDGET;
  /** @type {number[]} */
  const all = [];
  if (complete) eachWithin(points, wide, (i) => all.push(placed[i]));
  const some = complete
    ? all
    : mask
      ? litFirst(points, wide, width, mask)
      : sample(points, wide, width, BUDGET, () => true);
  const there = wanted.filter((row) => row < points.n && !Number.isNaN(points.x[row]));
  return { rows: Int32Array.from(new Set([...some, ...there])), whole: false, complete, inView };
}

/**
 * @param {Points} points
 * @returns {Chosen} as choose does, when somebody else draws every row
 */
export const all = ({ grid }) => ({ rows: grid.rows, whole: true, complete: true, inView: grid.rows.length });
