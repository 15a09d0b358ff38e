/**
 * Rows in the cells of a regular grid, each in one of its own, so that rows that are near each other on the map stay
 * near.  The grid is halved again and again, and its rows are shared out by where they are on the map.
 */
import { nearestRow, placed } from "../map/grid.mjs";

/** @typedef {{left: number, top: number, width: number, height: number}} Cells a rectangle of them */
/** @typedef {Cells & {from: number, to: number}} Shared one, and the rows that are to be shared out in it */

const SQUAREST = [1 / 3, 3];

/**
 * @param {Float32Array} first
 * @param {Float32Array} second
 * @param {number} a
 * @param {number} b
 * @returns {boolean} whether a row comes before another along a line; ties by the other coordinate, then by number
 */
const before = (first, second, a, b) => {
  if (first[a] !== first[b]) return first[a] < first[b];
  return second[a] !== second[b] ? second[a] < second[b] : a < b;
};

/**
 * Sort rows[from … to) so far that the first *k* come before all others: Hoare's selection, O(to - from).
 * @param {Int32Array} rows
 * @param {number} from
 * @param {number} to
 * @param {number} k
 * @param {Float32Array[]} lines
 */
function divide(rows, from, to, k, [first, second]) {
  let [low, high] = [from, to - 1];
  const wanted = from + k;
  while (low < high) {
    const pivot = rows[(low + high) >> 1];
    let [left, right] = [low, high];
    while (left <= right) {
      while (before(first, second, rows[left], pivot)) left++;
      while (before(first, second, pivot, rows[right])) right--;
      if (left > right) break;
      [rows[left], rows[right]] = [rows[right], rows[left]];
      left++;
      right--;
    }
    if (wanted <= right) high = right;
    else if (wanted >= left) low = left;
    else return;
  }
}

/**
 * @param {Cells} box
 * @param {{across: number, n: number}} grid
 * @returns {number} how many of the cells of a rectangle are filled, in a grid whose last line may be short
 */
function filled({ left, top, width, height }, { across, n }) {
  const lines = Math.max(0, Math.min(top + height, Math.floor(n / across)) - top);
  const last = Math.floor(n / across);
  const rest = last >= top && last < top + height ? Math.min(width, Math.max(0, (n % across) - left)) : 0;
  return lines * width + rest;
}

/**
 * @param {Shared} box
 * @returns {Shared[]} the two halves of a rectangle of cells, cut across its longer side
 */
function halves(box) {
  const wide = box.width >= box.height;
  const side = wide ? "width" : "height";
  const start = wide ? "left" : "top";
  const half = box[side] >> 1;
  return [
    { ...box, [side]: half },
    { ...box, [side]: box[side] - half, [start]: box[start] + half },
  ];
}

/**
 * Share rows out among the cells of a grid.
 * @param {Int32Array} rows
 * @param {{x: Float32Array, y: Float32Array}} places
 * @param {number} across
 * @returns {{column: Float32Array, line: Float32Array}} per row of the run, NaN for those not among *rows*; line 0 is
 *   the uppermost, as far as y grows upward
 */
export function share(rows, { x, y }, across) {
  const grid = { across, n: rows.length };
  const [column, line] = [x, y].map(({ length }) => new Float32Array(length).fill(NaN));
  const down = y.map((value) => -value);
  /** @type {Shared[]} */
  const open = [{ left: 0, top: 0, width: across, height: Math.ceil(rows.length / across), from: 0, to: rows.length }];
  for (let box = open.pop(); box; box = open.pop()) {
    if (box.from === box.to) continue;
    if (box.width === 1 && box.height === 1) {
      column[rows[box.from]] = box.left;
      line[rows[box.from]] = box.top;
      continue;
    }
    const [one, other] = halves(box);
    const count = filled(one, grid);
    divide(rows, box.from, box.to, count, box.width >= box.height ? [x, down] : [down, x]);
    open.push({ ...one, to: box.from + count }, { ...other, from: box.from + count });
  }
  return { column, line };
}

/**
 * @param {number} n
 * @param {number} aspect
 * @returns {number} how many cells lie across, for a grid about as wide to its height as the map's place on screen
 */
function acrossFor(n, aspect) {
  const kept = Math.min(Math.max(aspect, SQUAREST[0]), SQUAREST[1]);
  return Math.max(1, Math.min(n, Math.round(Math.sqrt(n * kept))));
}

/**
 * @param {Points} points
 * @param {{aspect: number, above: number}} place the width to the height of where the grid is to be; room over it, to its height
 * @returns {Points} the points with each row in a cell; a cell is one unit wide and high, its middle at whole numbers
 */
export function gridded(points, { aspect, above }) {
  const rows = points.grid.rows.slice();
  const across = acrossFor(rows.length, aspect);
  const { column, line } = share(rows, points, across);
  const lines = Math.ceil(rows.length / across);
  const y = line.map((value) => lines - 1 - value);
  const bounds = { x: [-0.5, across - 0.5], y: [-0.5, lines * (1 + above) - 0.5] };
  const made = placed(points, { x: column, y, bounds });
  return Object.assign(made, { arrangement: "grid", version: `grid ${across}`, cell: 1, anchor: anchorIn(points, made) });
}

/**
 * @param {Points} map
 * @param {Points} points
 * @returns {(group: Group) => Anchor|null} the cell where a group has its name: that of the row nearest to its place on the map
 */
function anchorIn(map, { x, y }) {
  const { bounds } = map;
  const far = Math.hypot(bounds.x[1] - bounds.x[0], bounds.y[1] - bounds.y[0]) || 1;
  return function (group) {
    if (typeof group.x !== "number" || typeof group.y !== "number") return null;
    for (let reach = far / 64; reach <= 2 * far; reach *= 4) {
      const row = nearestRow(map, group.x, group.y, reach);
      if (row >= 0) return { x: x[row], y: y[row] };
    }
    return null;
  };
}
