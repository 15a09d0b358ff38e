/**
 * The points about a view as they lie on screen, in pixels: how many a box covers, whose they are, and on which of its
 * points a name may stand.  Where they are very many, an even sample of them.  It places nothing.
 */
import { linesWithin } from "./grid.mjs";

const MOST = 12_000;
const FINE = 4;
const COARSE = 14;
const FEET = 8;
const PURE = 0.6;
const AMID = 0.2;
/** What a place of a name's points is worth far from its anchor, and how far that is: a share of what they reach. */
const [ASIDE, NEAR] = [0.02, 0.2];
/** @typedef {(left: number, top: number, right: number, bottom: number) => number} Counting how many points a box covers */

/**
 * @param {Points} points
 * @param {Frame} frame
 * @param {Box} region in pixels
 * @returns {Crowd} the points of a region; beyond 12,000 every so many-th, cell by cell
 */
export function crowdOf(points, { px, map }, region) {
  const [left, top] = map(region.left, region.top);
  const [right, bottom] = map(region.right, region.bottom);
  const ranges = { x: [left, right], y: [bottom, top] };
  let all = 0;
  linesWithin(points, ranges, (from, to) => (all += to - from));
  const step = Math.max(1, Math.ceil(all / MOST));
  /** @type {number[]} */
  const rows = [];
  linesWithin(points, ranges, (from, to) => {
    for (let i = Math.ceil(from / step) * step; i < to; i += step) rows.push(points.grid.rows[i]);
  });
  return among(rows, points, px, region);
}

/**
 * @param {number[]} rows
 * @param {Points} points
 * @param {Frame["px"]} px
 * @param {Box} region
 * @returns {Crowd} those of the rows that are in the region
 */
function among(rows, points, px, region) {
  const crowd = { n: 0, x: new Float32Array(rows.length), y: new Float32Array(rows.length), region };
  const [label, row] = [new Int32Array(rows.length), new Int32Array(rows.length)];
  rows.forEach((one) => {
    const [x, y] = px(points.x[one], points.y[one]);
    if (!(x >= region.left && x < region.right && y >= region.top && y < region.bottom)) return;
    const at = crowd.n++;
    [crowd.x[at], crowd.y[at], label[at], row[at]] = [x, y, points.label[one], one];
  });
  return { ...crowd, label, row };
}

/**
 * Cells of a region in lines, with a sum of all cells above and to the left of each corner.
 * @param {Box} region
 * @param {(add: (x: number, y: number, number?: number) => void) => void} fill
 * @returns {Counting} the sum in a box, widened to whole cells
 */
function summed({ left, top, right, bottom }, fill) {
  const across = Math.ceil((right - left) / FINE) + 1;
  const down = Math.ceil((bottom - top) / FINE) + 1;
  const sums = new Float64Array(across * down);
  fill((x, y, number = 1) => {
    const [column, line] = [Math.floor((x - left) / FINE) + 1, Math.floor((y - top) / FINE) + 1];
    if (column > 0 && line > 0 && column < across && line < down) sums[line * across + column] += number;
  });
  for (let line = 1; line < down; line++) {
    for (let at = line * across + 1, sum = 0; at < (line + 1) * across; at++) {
      sum += sums[at];
      sums[at] = sum + sums[at - across];
    }
  }
  /**
   * @param {number} value
   * @param {number} most
   */
  const kept = (value, most) => Math.min(most, Math.max(0, value));
  return (x0, y0, x1, y1) => {
    const a = kept(Math.floor((x0 - left) / FINE), across - 1);
    const b = kept(Math.ceil((x1 - left) / FINE), across - 1);
    const low = kept(Math.floor((y0 - top) / FINE), down - 1) * across;
    const high = kept(Math.ceil((y1 - top) / FINE), down - 1) * across;
    return sums[high + b] - sums[high + a] - sums[low + b] + sums[low + a];
  };
}

/**
 * @param {Crowd} crowd
 * @returns {Counting}
 */
export const counting = (crowd) =>
  summed(crowd.region, (add) => {
    for (let i = 0; i < crowd.n; i++) add(crowd.x[i], crowd.y[i]);
  });

/**
 * @param {Box[]} boxes
 * @param {Box} region
 * @returns {Counting} how many square pixels of some boxes, pictures perhaps, lie under another
 */
export const veiling = (boxes, region) =>
  summed(region, (add) => {
    boxes.forEach((box) => {
      for (let y = box.top; y < box.bottom; y += FINE) for (let x = box.left; x < box.right; x += FINE) add(x, y, FINE * FINE);
    });
  });

/**
 * Sort the points into cells of about a word's height.
 * @param {Crowd} crowd
 * @returns {{each: (box: Box, visit: (at: number) => void) => void, cellOf: (at: number) => number, total: Int32Array}}
 */
export function sorted({ n, x, y, label, region }) {
  const across = Math.ceil((region.right - region.left) / COARSE) || 1;
  const down = Math.ceil((region.bottom - region.top) / COARSE) || 1;
  /** @param {number} value */
  const column = (value) => Math.min(across - 1, Math.max(0, Math.floor((value - region.left) / COARSE)));
  /** @param {number} value */
  const line = (value) => Math.min(down - 1, Math.max(0, Math.floor((value - region.top) / COARSE)));
  /** @param {number} at */
  const cellOf = (at) => line(y[at]) * across + column(x[at]);
  const start = new Int32Array(across * down + 1);
  const total = new Int32Array(across * down);
  for (let i = 0; i < n; i++) {
    start[cellOf(i) + 1]++;
    if (label[i] >= 0) total[cellOf(i)]++;
  }
  for (let cell = 0; cell < across * down; cell++) start[cell + 1] += start[cell];
  const next = start.slice(0, -1);
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[next[cellOf(i)]++] = i;
  /**
   * @param {Box} box
   * @param {(at: number) => void} visit
   */
  const each = (box, visit) => {
    for (let at = line(box.top); at <= line(box.bottom); at++) {
      const [from, to] = [start[at * across + column(box.left)], start[at * across + column(box.right) + 1]];
      for (let i = from; i < to; i++) {
        const one = order[i];
        if (x[one] >= box.left && x[one] <= box.right && y[one] >= box.top && y[one] <= box.bottom) visit(one);
      }
    }
  };
  return { each, cellOf, total };
}

/**
 * @param {Crowd} crowd
 * @param {number[]} own places in the crowd
 * @param {(at: number) => number} cellOf
 * @param {Int32Array} total points of any cluster, a cell
 * @returns {{x: number, y: number, own: number[], count: number, pure: number}[]} the cells where the own points lie
 */
function cellsOf(crowd, own, cellOf, total) {
  /** @type {Map<number, number[]>} */
  const cells = new Map();
  own.forEach((at) => {
    const cell = cellOf(at);
    const known = cells.get(cell);
    if (known) known.push(at);
    else cells.set(cell, [at]);
  });
  return [...cells].map(([cell, there]) => {
    const x = there.reduce((sum, at) => sum + crowd.x[at], 0) / there.length;
    const y = there.reduce((sum, at) => sum + crowd.y[at], 0) / there.length;
    return { x, y, own: there, count: there.length, pure: there.length / Math.max(there.length, total[cell]) };
  });
}

/**
 * @param {{x: number, y: number}[]} cells
 * @param {{x: number, y: number}} anchor where the points lie that a name is truest of
 * @returns {(cell: {x: number, y: number}) => number} what it counts that a cell is near the anchor, 1 where it is
 */
function nearness(cells, anchor) {
  const [xs, ys] = [cells.map(({ x }) => x), cells.map(({ y }) => y)];
  const reach = Math.hypot(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  const far = Math.max(2 * COARSE, NEAR * reach);
  return ({ x, y }) => ASIDE + (1 - ASIDE) * Math.exp(-((x - anchor.x) ** 2 + (y - anchor.y) ** 2) / far ** 2);
}

/**
 * @param {Crowd} crowd
 * @param {number[]} own places in the crowd
 * @param {{cellOf: (at: number) => number, total: Int32Array}} cells
 * @param {{x: number, y: number}} anchor where the points lie that the name is truest of
 * @returns {Foot[]} points amid the own ones, the first where they are densest, about the anchor rather than elsewhere,
 *   the others spread over where they prevail
 */
export function feetOf(crowd, own, { cellOf, total }, anchor) {
  const cells = cellsOf(crowd, own, cellOf, total);
  if (!cells.length) return [];
  const near = nearness(cells, anchor);
  /** @param {{x: number, y: number}} one */
  const about = (one) =>
    cells.reduce((sum, other) => {
      const away = Math.hypot(one.x - other.x, one.y - other.y) / COARSE;
      return away < 3 ? sum + other.count * other.pure * Math.exp(-away) : sum;
    }, 0);
  const worth = cells.map((cell) => about(cell) * (0.2 + cell.pure) * near(cell));
  const most = Math.max(...worth);
  const best = cells[worth.indexOf(most)];
  const firm = cells.filter((cell, i) => cell.pure >= PURE && worth[i] >= AMID * most);
  const chosen = [best];
  const away = firm.map((cell) => Math.hypot(cell.x - best.x, cell.y - best.y));
  while (chosen.length < FEET) {
    const next = away.indexOf(Math.max(...away));
    if (next < 0 || !(away[next] > COARSE)) break;
    chosen.push(firm[next]);
    firm.forEach((cell, i) => {
      away[i] = Math.min(away[i], Math.hypot(cell.x - firm[next].x, cell.y - firm[next].y));
    });
  }
  return chosen.map((cell) => footIn(crowd, cell, best, worth[cells.indexOf(cell)] / most));
}

/**
 * @param {Crowd} crowd
 * @param {{x: number, y: number, own: number[]}} cell
 * @param {{x: number, y: number}} best
 * @param {number} amid
 * @returns {Foot} the own point nearest to the middle of those in a cell
 */
function footIn(crowd, { x, y, own }, best, amid) {
  /** @param {number} at */
  const off = (at) => Math.hypot(crowd.x[at] - x, crowd.y[at] - y);
  const at = own.reduce((least, one) => (off(one) < off(least) ? one : least));
  return { x: crowd.x[at], y: crowd.y[at], row: crowd.row[at], away: Math.hypot(x - best.x, y - best.y), amid };
}

/**
 * @param {Wanted} name
 * @returns {string} names that speak of parts of one cluster have the same key
 */
const partOf = ({ clusters, broad }) => `${Boolean(broad)}|${clusters.join()}`;

/**
 * Share the points out among the names that speak of them; parts of one cluster have those nearest to their anchors.
 * @param {Crowd} crowd
 * @param {Wanted[]} names
 * @returns {number[][]} places in the crowd, a list a name
 */
export function ownOf(crowd, names) {
  /** @type {Map<number, number[]>} */
  const byLabel = new Map();
  for (let i = 0; i < crowd.n; i++) {
    const known = byLabel.get(crowd.label[i]);
    if (known) known.push(i);
    else byLabel.set(crowd.label[i], [i]);
  }
  /** @type {Map<string, number[]>} */
  const parts = new Map();
  names.forEach((name, i) => parts.set(partOf(name), [...(parts.get(partOf(name)) || []), i]));
  const own = names.map(() => /** @type {number[]} */ ([]));
  parts.forEach((sharing) => {
    const [first] = sharing;
    const all = names[first].clusters.flatMap((label) => byLabel.get(label) || []);
    if (sharing.length === 1) own[first] = all;
    else all.forEach((at) => own[nearest(crowd, at, sharing, names)].push(at));
  });
  return own;
}

/**
 * @param {Crowd} crowd
 * @param {number} at
 * @param {number[]} sharing
 * @param {Wanted[]} names
 * @returns {number} which of the names has the anchor nearest to a point
 */
function nearest(crowd, at, sharing, names) {
  /** @param {number} i */
  const away = (i) => Math.hypot(names[i].x - crowd.x[at], names[i].y - crowd.y[at]);
  return sharing.reduce((best, one) => (away(one) < away(best) ? one : best));
}
