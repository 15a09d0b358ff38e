/**
 * What *Fit* shows: the box of nearly all rows, clear of the buttons and notes that lie on the map, and which few rows are
 * far outside of it.  It moves nothing.
 */
import { byId, every } from "../shell/dom.mjs";
import { cover } from "./cover.mjs";
import { onMap } from "./state.mjs";

const LEFT_OUT = 0.01;
const WORTH = 0.15;
const MOST = 4_000;
const EDGE = 0.1; // of the gap: rows that are not in the sample may lie a little beyond it
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const AIR_PX = 12;
const MOST_TAKEN = 0.3;
/** The side of the smallest picture: as pictures/portraits.mjs has it. */
const LEAST_PICTURE = 46;
/**
 * As `legend.css` has it: how wide a map is beside which a legend stands, how wide such a legend is at most, and how high what
 * comes with one at the foot of the map: the note on points of several colours and, on a narrow map, the legend folded.
 */
const LEGEND = { from: 732, width: 252, wide: 28, narrow: 48 };
/** @typedef {{box: Ranges, outside: Int32Array}} Fitting */
/** @type {WeakMap<object, Fitting>} */
const known = new WeakMap();

/**
 * @param {Points} points
 * @returns {Fitting} the box that *Fit* shows of points, and the rows outside of it
 */
export function fittingOf(points) {
  const all = { box: points.bounds, outside: new Int32Array(0) };
  if (points.arrangement) return all; // a grid is full, and a turning space has no few that lie apart
  const found = known.get(points.x) || among(points) || all;
  known.set(points.x, found);
  return found;
}

/**
 * @param {Points} points
 * @returns {Fitting|null} the box of all but a hundredth of the rows, where that is much smaller than the box of all
 */
function among({ n, x, y, bounds }) {
  // Golden steps are even, and fall in with no order that the rows may have.
  const sample = n <= MOST ? Array.from(x.keys()) : Array.from({ length: MOST }, (_, i) => Math.floor(((i * GOLDEN) % 1) * n));
  const rows = sample.filter((row) => !Number.isNaN(x[row]));
  const box = trimmed(rows, [x, y], { x: [...bounds.x], y: [...bounds.y] });
  if (box.x.join() === bounds.x.join() && box.y.join() === bounds.y.join()) return null;
  /** @type {number[]} */
  const outside = [];
  for (let row = 0; row < n; row++) {
    if (x[row] < box.x[0] || x[row] > box.x[1] || y[row] < box.y[0] || y[row] > box.y[1]) outside.push(row);
  }
  return outside.length && outside.length <= 2 * LEFT_OUT * n ? { box, outside: Int32Array.from(outside) } : null;
}

/**
 * Cut from a box, side by side, what few rows make it much larger than the others need it.
 * @param {number[]} rows
 * @param {ArrayLike<number>[]} axes
 * @param {Ranges} box
 */
function trimmed(rows, axes, box) {
  let left = Math.floor(rows.length * LEFT_OUT);
  let inside = rows;
  for (;;) {
    const cuts = axes.flatMap((values, axis) => [0, 1].map((end) => cutOf(inside, values, { axis, end }, left)));
    const best = cuts.reduce((most, one) => (one.gain > most.gain ? one : most));
    if (best.gain < WORTH) return box;
    const { axis, end, at, count } = best;
    const values = axes[axis];
    inside = inside.filter((row) => (end ? values[row] <= at : values[row] >= at));
    left -= count;
    (axis ? box.y : box.x)[end] = at;
  }
}

/**
 * @param {number[]} rows
 * @param {ArrayLike<number>} values
 * @param {{axis: number, end: number}} side
 * @param {number} most
 * @returns {{axis: number, end: number, at: number, count: number, gain: number}} the best cut on a side of the box: where,
 *   of how many rows, and what share of the box's length it saves
 */
function cutOf(rows, values, side, most) {
  const sorted = Float64Array.from(rows, (row) => values[row]).sort();
  const last = sorted.length - 1;
  const length = sorted[last] - sorted[0] || 1;
  /** @param {number} place */
  const nth = (place) => sorted[side.end ? last - place : place];
  let best = { ...side, at: nth(0), count: 0, gain: 0 };
  for (let count = 1; count <= Math.min(most, last); count++) {
    const gain = Math.abs(nth(count) - nth(0)) / length;
    const gap = Math.abs(nth(count) - nth(count - 1)) / length;
    const at = nth(count) + (nth(count - 1) - nth(count)) * EDGE;
    if (gap > WORTH / 3 && gain > best.gain) best = { ...side, at, count, gain };
  }
  return best;
}

/**
 * @returns {Box|null} where the inspector covers the map, in pixels of the map; null where it stands beside it or is folded
 */
export function coveredBox() {
  const [panel, layer] = [byId("inspector"), byId("map-layer")];
  if (!panel || !layer || !panel.offsetHeight) return null;
  const [box, map] = [panel, layer].map((one) => one.getBoundingClientRect());
  const covers = box.left < map.right && box.right > map.left && box.top < map.bottom && box.bottom > map.top;
  return covers ? { left: box.left - map.left, right: box.right - map.left, top: box.top - map.top, bottom: box.bottom - map.top } : null;
}

/**
 * @param {Frame} frame
 * @param {Pair} at
 * @returns {Pair} how far the map is to be shifted so that a place on it comes out from under the inspector
 */
export function wayOut({ width, height }, [x, y]) {
  const box = coveredBox();
  if (!box || x < box.left - AIR_PX || y < box.top - AIR_PX || x > width || y > height) return [0, 0];
  return box.left > box.top ? [box.left / 2 - x, 0] : [0, box.top / 2 - y];
}

/**
 * @param {Ranges} bounds
 * @param {Ranges} seen
 * @param {Size} size
 * @returns {Ranges} how far the middle of the view may go: over the bounds of the points and, where the inspector covers a part
 *   of the map, so much farther that the last of them come out from under it
 */
export function reachOf(bounds, { x, y }, { width, height }) {
  const box = coveredBox();
  if (!box) return bounds;
  if (box.left > box.top) return { ...bounds, x: [bounds.x[0], bounds.x[1] + ((width - box.left) / 2 / width) * (x[1] - x[0])] };
  return { ...bounds, y: [bounds.y[0] - ((height - box.top) / 2 / height) * (y[1] - y[0]), bounds.y[1]] };
}

/** @returns {number} how far pictures about the outermost points reach beyond these; 0 where points are dots, or fill a grid */
function beyondPoints() {
  const pictured = onMap.view?.pictures && byId("map-pictures-toggle")?.getAttribute("aria-pressed") === "true";
  return pictured && !onMap.points?.arrangement ? Math.max(LEAST_PICTURE, cover.side()) / 2 : 0;
}

/**
 * @param {{width: number, height: number}} size
 * @returns {Box} how many pixels from each side the map's buttons and notes take, and pictures beyond the points that they show
 */
export function takenEdges({ width, height }) {
  const controls = every(document, ".map-controls > *").filter((one) => one.offsetHeight);
  const bottom = Math.max(0, ...controls.map((one) => one.offsetTop + one.offsetHeight));
  const from = controls.length ? controls[0].offsetParent : null;
  const top = from instanceof HTMLElement ? bottom + from.offsetTop : bottom;
  const low = every(document, "#map-legend.shown.folded, #map-count:not(:empty)").filter((one) => one.offsetHeight);
  const notes = Math.max(0, ...low.map((one) => one.offsetHeight + AIR_PX));
  const air = AIR_PX + beyondPoints();
  return {
    left: Math.min(air, width * MOST_TAKEN),
    right: Math.min(air, width * MOST_TAKEN),
    top: Math.min(top + air, height * MOST_TAKEN),
    bottom: Math.min(notes + air, height * MOST_TAKEN),
  };
}

/**
 * @param {{width: number}} size
 * @returns {{left: number, bottom: number}} how many pixels a legend would take that is not there yet, so that nothing has to
 *   move for it: open beside a wide map, folded at the foot of a narrow one
 */
export function legendRoom({ width }) {
  const legend = byId("map-legend");
  const isOpen = legend && legend.offsetHeight && !legend.classList.contains("folded");
  const wide = width >= LEGEND.from;
  return { left: wide && !isOpen ? LEGEND.width + AIR_PX : 0, bottom: (wide ? LEGEND.wide : LEGEND.narrow) + 2 * AIR_PX };
}
