/**
 * The keys on one of two maps: arrows go from point to point, Enter chooses, plus and minus zoom, 0 shows all.
 */
import { nextRow } from "../keys/nearest.mjs";
import { frame, sizeOf } from "./pane.mjs";

const NEAREST_PX = 3;
/** @type {Record<string, {x: number, y: number}>} */
const STEPS = { ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: 1 }, ArrowDown: { x: 0, y: -1 } };

/**
 * @param {Pane} pane
 * @returns {number} the row nearest to the middle of what is seen, where the keyboard begins
 */
function first(pane) {
  const { width, height } = sizeOf(pane);
  const [x, y] = frame(pane).map(width / 2, height / 2);
  const { grid } = pane.points;
  let [best, least] = [-1, Infinity];
  grid.rows.forEach((row, at) => {
    const away = (grid.x[at] - x) ** 2 + (grid.y[at] - y) ** 2;
    if (away < least) [best, least] = [row, away];
  });
  return best;
}

/**
 * @param {Pane} pane
 * @param {string} key
 * @returns {number|null} the row that an arrow leads to; the same where nothing lies there; null for another key
 */
export function walk(pane, key) {
  const step = STEPS[key];
  if (!step) return null;
  const { cursor, points } = pane;
  const there = cursor >= 0 && !Number.isNaN(points.x[cursor]);
  const next = there ? nextRow(points, cursor, step, NEAREST_PX / frame(pane).perX) : first(pane);
  pane.cursor = next < 0 ? cursor : next;
  return pane.cursor;
}
