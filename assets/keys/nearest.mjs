/**
 * The next point in a direction: the nearest within 45° of it, found by place without looking at all.
 */
import { linesWithin } from "../map/grid.mjs";

/** @typedef {{x: number, y: number}} At a place, or a step to the left, right, up or down: one of both is 0 */

/**
 * @param {At} step
 * @returns {boolean} whether a step goes on in the order of rows, where several are at one place
 */
const isOnward = ({ x, y }) => x > 0 || y < 0;

/**
 * @param {At} at
 * @param {At} step
 * @param {number} reach
 * @returns {Ranges} the rectangle that holds what is within *reach* of a place in a direction
 */
function ahead(at, step, reach) {
  /** @param {"x"|"y"} axis */
  const side = (axis) => [at[axis] - (step[axis] > 0 ? 0 : reach), at[axis] + (step[axis] < 0 ? 0 : reach)];
  return { x: side("x"), y: side("y") };
}

/**
 * @param {Sorted} points
 * @param {At} at
 * @param {At} step
 * @param {number} least
 * @param {number} reach
 * @returns {number} the nearest row ahead, from *least* to *reach* away; of several as near the first on the way; -1: none
 */
function nearestAhead(points, at, step, least, reach) {
  const { grid } = points;
  const onward = isOnward(step);
  let [best, nearest] = [-1, reach * reach];
  linesWithin(points, ahead(at, step, reach), (from, to) => {
    for (let i = from; i < to; i++) {
      const [dx, dy] = [grid.x[i] - at.x, grid.y[i] - at.y];
      const along = dx * step.x + dy * step.y;
      if (!(along > 0) || Math.abs(dx * step.y) + Math.abs(dy * step.x) > along) continue;
      const away = dx * dx + dy * dy;
      if (away < least * least || away > nearest) continue;
      const row = grid.rows[i];
      if (away < nearest || best < 0 || row < best === onward) [best, nearest] = [row, away];
    }
  });
  return best;
}

/**
 * @param {Sorted} points
 * @param {At} at
 * @param {At} step
 * @param {number} row
 * @returns {number} the next row at the very same place, in the order of rows or against it; -1: none
 */
function nextTwin(points, at, step, row) {
  const { grid } = points;
  const onward = isOnward(step);
  let best = -1;
  linesWithin(points, { x: [at.x, at.x], y: [at.y, at.y] }, (from, to) => {
    for (let i = from; i < to; i++) {
      const other = grid.rows[i];
      if (grid.x[i] !== at.x || grid.y[i] !== at.y || (onward ? other <= row : other >= row)) continue;
      if (best < 0 || other < best === onward) best = other;
    }
  });
  return best;
}

/**
 * @param {Points} points
 * @param {number} row
 * @param {At} step
 * @param {number} least how far it has to be, in map units: nearer ones could not be told apart
 * @returns {number} the row to go to from a row; -1 where nothing lies further in that direction
 */
export function nextRow(points, row, step, least) {
  const at = { x: points.x[row], y: points.y[row] };
  const twin = least > 0 ? -1 : nextTwin(points, at, step, row);
  if (twin >= 0) return twin;
  const { x, y } = points.bounds;
  const [width, height] = [x[1] - x[0], y[1] - y[0]];
  const all = 4 * Math.hypot(width, height) || 1;
  for (let reach = Math.max(2 * least, Math.max(width, height) / points.grid.cells || 1); ; reach *= 2) {
    const found = nearestAhead(points, at, step, least, reach);
    if (found >= 0 || reach > all) return found;
  }
}
