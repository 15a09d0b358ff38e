/**
 * Rows sorted by place, so that what is near a place, in view or inside a shape is found without looking at all.
 * It fetches nothing and draws nothing.
 */

const ROWS_A_CELL = 4;
const FEWEST_CELLS = 64;
const MOST_CELLS = 512;

/**
 * @param {Points|(Partial<Points> & {n: number, label: Int32Array, bytes: number})} points
 * @param {{x: Float32Array, y: Float32Array, bounds: Ranges}} places
 * @returns {Points} points at coordinates, ready to be searched by place; NaN for rows without one
 */
export function placed(points, { x, y, bounds }) {
  const made = { ...points, x, y, bounds };
  return Object.assign(made, { grid: gridOf(made), reach: reachOf(made) });
}

/**
 * @param {{n: number, label: Int32Array, y: Float32Array}} points
 * @returns {Map<number, number>} per cluster how far it reaches up and down from its middle: two standard deviations
 */
function reachOf({ n, label, y }) {
  let count = 0;
  for (let i = 0; i < n; i++) if (label[i] >= count) count = label[i] + 1;
  const [size, sum, squares] = [0, 1, 2].map(() => new Float64Array(count));
  for (let i = 0; i < n; i++) {
    if (label[i] < 0 || Number.isNaN(y[i])) continue;
    size[label[i]]++;
    sum[label[i]] += y[i];
    squares[label[i]] += y[i] * y[i];
  }
  /** @param {number} c */
  const deviation = (c) => Math.sqrt(Math.max(0, squares[c] / size[c] - (sum[c] / size[c]) ** 2));
  return new Map(Array.from(size, (rows, c) => [c, rows ? 2 * deviation(c) : 0]));
}

/**
 * @param {number} value
 * @param {number[]} pair
 * @param {number} cells
 * @returns {number} the cell of a coordinate along one side, 0 … cells - 1
 */
function cellOf(value, [low, high], cells) {
  const share = high > low ? (value - low) / (high - low) : 0;
  return Math.min(cells - 1, Math.max(0, Math.floor(share * cells)));
}

/**
 * Sort rows into cells, so that what is near a place, or in view, is found without looking at all.
 * `rows` are in the order of the cells, line by line; `x` and `y` are theirs, so that a line is read in one go.
 * @param {{n: number, x: Float32Array, y: Float32Array, bounds: Ranges}} points
 * @returns {Grid}
 */
function gridOf({ n, x, y, bounds }) {
  const cells = Math.min(MOST_CELLS, Math.max(FEWEST_CELLS, Math.ceil(Math.sqrt(n / ROWS_A_CELL))));
  const at = new Int32Array(n).fill(-1);
  const start = new Int32Array(cells * cells + 1);
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(x[i])) continue;
    at[i] = cellOf(y[i], bounds.y, cells) * cells + cellOf(x[i], bounds.x, cells);
    start[at[i] + 1]++;
  }
  for (let c = 0; c < cells * cells; c++) start[c + 1] += start[c];
  const next = start.slice(0, -1);
  const rows = new Int32Array(start[cells * cells]);
  for (let i = 0; i < n; i++) if (at[i] >= 0) rows[next[at[i]]++] = i;
  const [gx, gy] = [x, y].map((values) => Float32Array.from(rows, (row) => values[row]));
  return { cells, start, rows, x: gx, y: gy };
}

/**
 * Walk the cells that a rectangle touches; *visit(from, to)* is given places in the grid's order, a line at a time.
 * The lines hold what lies in the rectangle and a little beside it.
 * @param {Sorted} points
 * @param {Ranges} ranges
 * @param {(from: number, to: number) => void} visit
 */
export function linesWithin({ grid, bounds }, { x, y }, visit) {
  const { cells, start } = grid;
  const [left, right] = x.map((value) => cellOf(value, bounds.x, cells));
  const [low, high] = y.map((value) => cellOf(value, bounds.y, cells));
  for (let line = low * cells; line <= high * cells; line += cells) {
    const [from, to] = [start[line + left], start[line + right + 1]];
    if (to > from) visit(from, to);
  }
}

/**
 * @param {Sorted & Pick<Points, "pick">} points
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @returns {number} the row nearest to (x, y) within the radius, all in map units; -1 for none
 */
export function nearestRow(points, x, y, radius) {
  if (points.pick) return points.pick(x, y, radius);
  const { grid } = points;
  let best = -1;
  let least = radius * radius;
  linesWithin(points, { x: [x - radius, x + radius], y: [y - radius, y + radius] }, (from, to) => {
    for (let i = from; i < to; i++) {
      const away = (grid.x[i] - x) ** 2 + (grid.y[i] - y) ** 2;
      if (away <= least) [best, least] = [grid.rows[i], away];
    }
  });
  return best;
}

/**
 * @param {number[][]} path
 * @param {number} x
 * @param {number} y
 * @returns {boolean} whether (x, y) is inside the polygon, by the even-odd rule
 */
function insidePath(path, x, y) {
  let inside = false;
  for (let i = 0, j = path.length - 1; i < path.length; j = i++) {
    const [xi, yi] = path[i];
    const [xj, yj] = path[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/**
 * @param {Points} points
 * @param {Shape} shape
 * @returns {Uint8Array} 1 for rows inside the shape ({path} or {box})
 */
export function rowsInside(points, shape) {
  const mask = new Uint8Array(points.n);
  const box = shape.box || [];
  const corners = shape.path || [box.slice(0, 2), box.slice(2)];
  const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const { grid } = points;
  linesWithin(points, { x: [left, right], y: [low, high] }, (from, to) => {
    for (let i = from; i < to; i++) {
      const x = grid.x[i];
      const y = grid.y[i];
      if (!(x >= left && x <= right && y >= low && y <= high)) continue;
      if (!shape.path || insidePath(shape.path, x, y)) mask[grid.rows[i]] = 1;
    }
  });
  return mask;
}
