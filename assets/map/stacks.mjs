/**
 * Rows that lie on top of one another, as rows of one text do: which they are, and rings that let their colours be seen.
 * It draws nothing.
 */
import { linesWithin } from "./grid.mjs";

/** How near the middles of dots are that hide each other: a share of a dot, and pixels at least. */
const [APART, LEAST_PX] = [0.16, 0.75];
const MOST_SHOWN = 400;
/** How wide rings of a second and of a third colour are, in dots: the widest first, which lies below. */
const WIDTHS = [1.9, 1.45];
/** How far apart rows lie on the map that are said to be at one place: a share of its longer side, less where rows are many. */
const [ONE_PLACE, OF_SPACING] = [0.0025, 0.1];

/** @typedef {{row: number, count: number, others: {row: number, code: number}[]}} Stack *row* is on top; a row for each other colour, the commonest first */

/**
 * @param {Sorted} points
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @returns {number[]} the rows within a radius of a place, all in map units
 */
function around(points, x, y, radius) {
  const { grid } = points;
  /** @type {number[]} */
  const rows = [];
  linesWithin(points, { x: [x - radius, x + radius], y: [y - radius, y + radius] }, (from, to) => {
    for (let i = from; i < to; i++) if ((grid.x[i] - x) ** 2 + (grid.y[i] - y) ** 2 <= radius * radius) rows.push(grid.rows[i]);
  });
  return rows;
}

/**
 * @param {number[]} rows
 * @param {Uint8Array} codes
 * @returns {Stack} the rows of one place; of them the one with the highest code is drawn last
 */
function stackOf(rows, codes) {
  /** @type {Map<number, {row: number, code: number, count: number}>} */
  const kinds = new Map();
  rows.forEach((row) => {
    const known = kinds.get(codes[row]) || { row, code: codes[row], count: 0 };
    kinds.set(codes[row], { ...known, count: known.count + 1 });
  });
  const top = [...kinds.values()].reduce((highest, one) => (one.code > highest.code ? one : highest));
  const others = [...kinds.values()].filter((one) => one !== top).sort((a, b) => b.count - a.count);
  return { row: top.row, count: rows.length, others: others.map(({ row, code }) => ({ row, code })) };
}

/**
 * @param {Points} points
 * @param {Int32Array} rows
 * @param {{codes: Uint8Array, mask: Mask}} shown
 * @param {number} radius in map units
 * @returns {Stack[]} the places at which rows of several colours lie on top of one another, the fullest first
 */
export function stacksOf(points, rows, { codes, mask }, radius) {
  const seen = new Uint8Array(points.n);
  /** @type {Stack[]} */
  const stacks = [];
  rows.forEach((row) => {
    if (seen[row]) return;
    const here = around(points, points.x[row], points.y[row], radius).filter((other) => !seen[other] && (!mask || mask[other]));
    here.forEach((other) => (seen[other] = 1));
    if (here.some((other) => codes[other] !== codes[row])) stacks.push(stackOf(here, codes));
  });
  return stacks.sort((a, b) => b.count - a.count).slice(0, MOST_SHOWN);
}

/**
 * @param {Points} points
 * @param {Int32Array} rows the rows that are lit, all of those in view
 * @param {{codes: Uint8Array, colors: string[], mask: Mask}} shown
 * @param {{size: number, perX: number}} look of dots, and how many pixels a map unit has
 * @returns {{size: number, rows: Int32Array, colors: string[]}[]} the rings about the dots on top, the widest first
 */
export function ringsOf(points, rows, { codes, colors, mask }, { size, perX }) {
  const stacks = stacksOf(points, rows, { codes, mask }, Math.max(LEAST_PX, APART * size) / perX);
  return WIDTHS.map((width, at) => {
    const these = stacks.flatMap(({ others }) => others.slice(WIDTHS.length - 1 - at, WIDTHS.length - at));
    return { size: size * width, rows: Int32Array.from(these, ({ row }) => row), colors: these.map(({ code }) => colors[code]) };
  }).filter((ring) => ring.rows.length);
}

/**
 * @param {Points} points
 * @param {number} row
 * @returns {number[]} the rows that lie at the place of a row, itself among them; none where it has no place
 */
export function rowsAt(points, row) {
  if (row >= points.n || Number.isNaN(points.x[row])) return [];
  const { x, y } = points.bounds;
  const share = Math.min(ONE_PLACE, OF_SPACING / Math.sqrt(points.n));
  return around(points, points.x[row], points.y[row], share * Math.max(x[1] - x[0], y[1] - y[0]));
}
