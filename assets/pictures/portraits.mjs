/**
 * Chooses the rows that are shown as pictures: few that stand for the others when far, more when near, none on top of
 * another.  The choice belongs to the map, not to the view: panning changes nothing, and zooming in keeps who is shown.
 * Pictures are squares about their points; the side of the largest that fits halves with every second level.
 */
import { linesWithin } from "../map/grid.mjs";

const LAST = 40;
const NEVER = 255;
const SMALLEST_PX = 46;
const LARGEST_PX = 116;
const FILL = 0.92;
const CELL_FILL = 0.94;
const CELL_PX = 12;
const ENOUGH = 0.97;
/**
 * @typedef {object} Plan what is known of a choice: at which level each row is first shown, and who waits for a finer one
 * @property {Points} points
 * @property {Uint8Array} level
 * @property {Int32Array} rank
 * @property {number} first
 * @property {Int32Array} rest
 * @property {number} done
 * @property {number} all
 * @property {number[]} shown
 * @property {number} enough
 * @property {Uint8Array} [worth]
 * @property {Mask} [mask]
 * @property {Grid} [grid]
 */
/** @typedef {{free: (row: number) => boolean, add: (row: number) => void}} Squares that tell whether another lies on any */

/** @type {WeakMap<Grid, Plan>} */
const plans = new WeakMap();
/** @type {Plan|null} */
let litPlan = null;

/**
 * @param {Sorted} points
 * @param {Uint8Array} worth
 * @param {Mask} mask
 * @returns {Int32Array} rows with a picture that *mask* has, if any: the worthiest first, equals as if drawn by lot
 */
function inOrder({ grid }, worth, mask) {
  /** @type {number[]} */
  const keys = [];
  grid.rows.forEach((row, place) => {
    const lot = (Math.imul(row ^ (row >>> 15), 0x2c1b3c6d) >>> 12) & 0xfffff;
    if (worth[row] && (!mask || mask[row])) keys.push((255 - worth[row]) * 2 ** 44 + lot * 2 ** 24 + place);
  });
  return Int32Array.from(Float64Array.from(keys).sort(), (key) => grid.rows[key % 2 ** 24]);
}

/**
 * @param {Points} points
 * @param {number} side
 * @param {number} room
 * @returns {Squares} squares about points, none yet
 */
function squares({ x, y, bounds }, side, room) {
  const mask = 2 ** Math.ceil(Math.log2(2 * room + 2)) - 1;
  const head = new Int32Array(mask + 1).fill(-1);
  /** @type {number[]} */
  const rows = [];
  /** @type {number[]} */
  const next = [];
  /**
   * @param {number} value
   * @param {number} low
   */
  const cell = (value, low) => Math.floor((value - low) / side);
  /**
   * @param {number} across
   * @param {number} up
   */
  const slot = (across, up) => (Math.imul(across, 73856093) ^ Math.imul(up, 19349663)) & mask;
  /**
   * @param {number} at
   * @param {number} row
   */
  const hit = (at, row) => {
    for (let i = head[at]; i >= 0; i = next[i]) {
      if (Math.abs(x[rows[i]] - x[row]) < side && Math.abs(y[rows[i]] - y[row]) < side) return true;
    }
    return false;
  };
  /** @param {number} row */
  const free = (row) => {
    const [across, up] = [cell(x[row], bounds.x[0]), cell(y[row], bounds.y[0])];
    if (hit(slot(across, up), row)) return false;
    for (let a = across - 1; a <= across + 1; a++) for (let u = up - 1; u <= up + 1; u++) if (hit(slot(a, u), row)) return false;
    return true;
  };
  /** @param {number} row */
  const add = (row) => {
    const at = slot(cell(x[row], bounds.x[0]), cell(y[row], bounds.y[0]));
    next.push(head[at]);
    head[at] = rows.push(row) - 1;
  };
  return { free, add };
}

/**
 * @param {Points} points
 * @param {Uint8Array} worth
 * @param {Mask} mask
 * @returns {Plan} what is known of a choice: at which level each row is first shown, and who waits for a finer one
 */
function begin(points, worth, mask) {
  const { x, y } = points.bounds;
  const rest = inOrder(points, worth, mask);
  const level = new Uint8Array(points.n).fill(NEVER);
  const first = x[1] > x[0] || y[1] > y[0] ? Math.max(x[1] - x[0], y[1] - y[0]) : 1;
  return { points, level, rank: new Int32Array(points.n), first, rest, done: -1, all: rest.length, shown: [], enough: NEVER };
}

/**
 * @param {Plan} plan
 * @param {number} level
 * @returns {number} the side of the squares of a level, in map units
 */
const sideOf = ({ first }, level) => first * Math.SQRT1_2 ** level;

/**
 * @param {number} level
 * @returns {number} how many squares of a level find room at most
 */
const roomAt = (level) => (2 ** (level / 2) + 1) ** 2;

/**
 * Choose as many as find room at each level up to *level*; those of coarser levels stay.  O(rows that wait) a level.
 * @param {Plan} plan
 * @param {number} level
 */
function extend(plan, level) {
  while (plan.done < Math.min(level, LAST) && plan.rest.length) {
    plan.done++;
    const taken = squares(plan.points, sideOf(plan, plan.done), Math.min(plan.all, roomAt(plan.done)));
    plan.shown.forEach(taken.add);
    plan.rest = plan.rest.filter((row) => {
      if (!taken.free(row)) return true;
      taken.add(row);
      plan.level[row] = plan.done;
      plan.rank[row] = plan.shown.push(row);
      return false;
    });
    if (plan.enough === NEVER && plan.shown.length >= ENOUGH * plan.all) plan.enough = plan.done;
  }
  return plan;
}

/**
 * @param {Points} points
 * @param {Uint8Array} worth
 * @returns {Plan} the choice among all rows, made once a map
 */
function planOf(points, worth) {
  const known = plans.get(points.grid);
  if (known && known.worth === worth) return known;
  const made = { ...begin(points, worth, null), worth };
  plans.set(points.grid, made);
  return made;
}

/**
 * @param {Points} points
 * @param {Uint8Array} worth
 * @param {Uint8Array} mask
 * @returns {Plan} the choice among the lit rows alone, kept for the last light
 */
function planOfLit(points, worth, mask) {
  if (!litPlan || litPlan.mask !== mask || litPlan.grid !== points.grid) {
    litPlan = { ...begin(points, worth, mask), mask, grid: points.grid };
  }
  return litPlan;
}

/**
 * @param {Plan} plan
 * @param {number} perX
 * @param {number} pixels
 * @returns {number} the finest level at which a square is at least so many pixels wide
 */
function levelAt({ first }, perX, pixels) {
  const level = Math.floor(2 * Math.log2((first * perX) / pixels) + 1e-9);
  return Math.min(LAST, Math.max(0, level));
}

/**
 * @param {Plan} plan
 * @param {number} perX
 * @param {number} larger
 * @returns {number} the level for a zoom: as many pictures as find room or, once nearly all do, larger ones
 */
function levelFor(plan, perX, larger) {
  const [far, near] = [SMALLEST_PX, LARGEST_PX].map((pixels) => levelAt(plan, perX, pixels * larger));
  extend(plan, far);
  return Math.min(far, Math.max(near, plan.enough === NEVER ? far : plan.enough));
}

/**
 * Call back with every row whose square may reach into the view.
 * @param {Sorted} points
 * @param {Ranges} ranges
 * @param {number} half
 * @param {(row: number) => void} visit
 */
function eachInView(points, { x, y }, half, visit) {
  const wide = { x: [x[0] - half, x[1] + half], y: [y[0] - half, y[1] + half] };
  const { grid } = points;
  linesWithin(points, wide, (from, to) => {
    for (let i = from; i < to; i++) {
      const inside = grid.x[i] > wide.x[0] && grid.x[i] < wide.x[1] && grid.y[i] > wide.y[0] && grid.y[i] < wide.y[1];
      if (inside) visit(grid.rows[i]);
    }
  });
}

/**
 * @param {Asked} asked
 * @param {Plan} plan
 * @param {number} level
 * @param {number} half
 * @returns {number[]} rows of the map to be shown: those wanted, then lit ones, then those of the whole map
 */
function chosen({ points, worth, mask, wanted, view }, plan, level, half) {
  const side = sideOf(plan, level);
  const lit = mask && extend(planOfLit(points, worth, mask), level);
  const taken = squares(points, side, wanted.length + (lit ? lit.shown.length : 0));
  const first = wanted.filter((row) => worth[row] && !Number.isNaN(points.x[row]) && taken.free(row) && (taken.add(row), true));
  const above = new Set(first);
  const bright = lit ? lit.shown.filter((row) => lit.level[row] <= level && !above.has(row) && taken.free(row)) : [];
  bright.forEach(taken.add);
  bright.forEach((row) => above.add(row));
  /** @type {number[]} */
  const rows = [];
  eachInView(points, view, half, (row) => {
    if (above.has(row) || (plan.level[row] <= level && taken.free(row))) rows.push(row);
  });
  /** @param {number} row */
  const place = (row) => (above.has(row) ? -1 : plan.rank[row]);
  return rows.sort((a, b) => place(a) - place(b) || a - b);
}

/**
 * @param {Asked} asked
 * @returns {{items: Portrait[], px: number}} pictures about their points
 */
function onMap(asked) {
  const { points, worth, perX, larger } = asked;
  const plan = planOf(points, worth);
  const level = levelFor(plan, perX, larger);
  const side = FILL * Math.min(sideOf(plan, level), (LARGEST_PX * larger) / perX);
  const items = chosen(asked, plan, level, side / 2).map((row) => ({ row, x: points.x[row], y: points.y[row], side }));
  return { items, px: side * perX };
}

/**
 * @param {Asked} asked
 * @returns {{items: Portrait[], px: number}} pictures that fill the cells of a grid or, when far, blocks of 2, 4, 8 … cells
 */
function inCells({ points, worth, mask, wanted, view, perX, larger }) {
  const cell = points.cell || 1;
  const block = cell * 2 ** Math.max(0, Math.ceil(Math.log2((CELL_PX * larger) / (cell * perX))));
  const half = cell / 2;
  /** @type {Map<number, number>} */
  const best = new Map();
  const first = new Set(wanted);
  /** @param {number} row */
  const value = (row) => worth[row] + (mask && mask[row] ? 1e3 : 0) + (first.has(row) ? 1e6 : 0);
  const across = Math.ceil((points.bounds.x[1] - points.bounds.x[0]) / block) + 1;
  eachInView(points, view, block, (row) => {
    if (!worth[row]) return;
    const at = Math.floor((points.y[row] + half) / block) * across + Math.floor((points.x[row] + half) / block);
    const other = best.get(at);
    if (other === undefined || value(row) > value(other) || (value(row) === value(other) && row < other)) best.set(at, row);
  });
  /** @param {number} at */
  const middle = (at) => (at + 0.5) * block - half;
  const items = [...best].map(([at, row]) => ({
    row,
    x: middle(at % across),
    y: middle(Math.floor(at / across)),
    side: CELL_FILL * block,
  }));
  const { x, y } = view;
  /** @param {Portrait} item */
  const inView = (item) =>
    item.x + item.side / 2 > x[0] && item.x - item.side / 2 < x[1] && item.y + item.side / 2 > y[0] && item.y - item.side / 2 < y[1];
  return { items: items.filter(inView), px: CELL_FILL * block * perX };
}

/**
 * Choose what is shown as pictures.
 * @param {Asked} asked points, worth (of `GET /runs/{key}/pictures`), mask (the lit rows, or null), wanted (rows that
 *   come first), view (ranges), perX (pixels a map unit), larger (a factor of the size)
 * @returns {{items: Portrait[], px: number}} squares in map units that do not overlap, the first to be fetched
 *   first, and how wide they are on screen
 */
export const choosePortraits = (asked) => (asked.points.cell ? inCells(asked) : onMap(asked));
