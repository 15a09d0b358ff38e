/**
 * What a hand does on the map: hover, click, tap, lasso and box become addresses, previews and shapes.
 * Rows are found on the decoded points, so a click never depends on plotly's throttled hover.
 */
import { go, here } from "../shell/address.mjs";
import { setProps } from "../shell/dash.mjs";
import { closest } from "../shell/dom.mjs";
import { focusClusters } from "../shell/focus.mjs";
import * as camera from "./camera.mjs";
import { fit, resized } from "./compose.mjs";
import { cover } from "./cover.mjs";
import { nearestRow } from "./grid.mjs";
import * as held from "./held.mjs";
import { askNeighbors } from "./marks.mjs";
import * as overlay from "./overlay.mjs";
import { hidePreview, preview } from "./preview.mjs";
import { turn } from "./ranges.mjs";
import { kept } from "./selected.mjs";
import { selectShape } from "./selecting.mjs";
import { onMap, stats } from "./state.mjs";

/** @type {Record<string, number>} */
const REACH = { mouse: 9, pen: 12, touch: 18 };
const DOT_PX = 4;
const FEW_DOTS = 50_000;

const DASHS_EVENTS = [
  "plotly_selected",
  "plotly_selecting",
  "plotly_relayout",
  "plotly_relayouting",
  "plotly_hover",
  "plotly_unhover",
  "plotly_click",
];

const STILL_PX = 5;

const PATIENCE_MS = 80;

const FRAME_MS = 50;

/** @typedef {{lassoPoints?: Ranges, range?: Ranges}} Selecting what plotly tells of a lasso or a box */

const bound = new WeakSet();

/** @type {Map<number, number[]>} */
const fingers = new Map();

/** @type {{x: number, y: number}|null} */
let pressed = null;

/**
 * @param {Graph} gd
 * @param {PointerEvent} event
 * @returns {{row: number, name: Name|null}} the row under a pointer – that of the picture there, if any, else of the
 *   nearest dot –, or -1, and the name.  On a name only the dot
 *   itself counts, and none where dots are many and small: else a name that lies on its points could not be hit.
 */
function under(gd, event) {
  const { points } = onMap;
  const seen = camera.scale(gd);
  if (!points || !seen) return { row: -1, name: null };
  const name = overlay.nameAt(event);
  const reach = !name ? REACH[event.pointerType] || REACH.mouse : stats.inView <= FEW_DOTS ? DOT_PX : 0;
  const pictured = name ? -1 : cover.at(...within(gd, event));
  if (pictured >= 0) return { row: pictured, name: null };
  const [x, y] = seen.map(...within(gd, event));
  const row = reach ? nearestRow(points, x, y, reach / seen.perX) : -1;
  return { row, name: row < 0 ? name : null };
}

/**
 * @param {Graph} gd
 * @param {MouseEvent} event
 * @returns {Pair} a pointer's place in pixels of the map
 */
function within(gd, { clientX, clientY }) {
  const box = gd.getBoundingClientRect();
  return [clientX - box.left, clientY - box.top];
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

const nextFrame = () => Promise.race([painted(), pause(FRAME_MS)]);

/**
 * Go to a row, and start the clock.
 * @param {number} row
 */
export function choose(row) {
  Object.assign(onMap, { clickedAt: performance.now(), clickedRow: row });
  stats.clickToPaintMs = null;
  const place = { ...here(), run: onMap.view.run, row };
  let told = false;
  const answered = askNeighbors(place).then((marks) => {
    told = true;
    if (row === onMap.clickedRow) overlay.markNeighbors(marks);
  });
  // The row alone, where its neighbours are not there before the next picture: two pictures take twice as long as one.
  requestAnimationFrame(() => {
    if (!told && row === onMap.clickedRow) overlay.markNeighbors({ run: place.run, row, neighbors: [] });
  });
  // The page's own work on a new address takes longer than the picture: let the picture be painted first.
  Promise.race([answered, pause(PATIENCE_MS)])
    .then(nextFrame)
    .then(() => {
      if (row === onMap.clickedRow) go({ row }, { asked: ["row"] });
    });
}

/**
 * @param {Event} event
 * @returns {boolean} whether an event is on the plot itself, not on its buttons
 */
const onPlot = (event) => closest(event, ".nsewdrag, .draglayer, .gl-container") !== null;

/**
 * @param {Graph} gd
 * @returns {boolean} whether dragging moves the map; otherwise plotly draws a lasso or a box
 */
const pans = (gd) => gd._fullLayout.dragmode === "pan";

/**
 * @param {Graph} gd
 * @param {PointerEvent} event
 */
function press(gd, event) {
  hidePreview();
  overlay.hover(-1);
  if (!onPlot(event) || event.button !== 0) return;
  fingers.set(event.pointerId, within(gd, event));
  const first = event.isPrimary && fingers.size === 1;
  pressed = first ? { x: event.clientX, y: event.clientY } : null;
  if (!pans(gd)) camera.rest(gd);
}

/**
 * A press that stayed where it was is a click on the point, or on the name of one or several clusters, below it, however
 * long it lasted: a hand may be slow, and so may a machine be.
 * @param {Graph} gd
 * @param {PointerEvent} event
 */
function release(gd, event) {
  const start = pressed;
  const dragged = fingers.delete(event.pointerId) && camera.isMoving();
  pressed = null;
  if (dragged && fingers.size === 0) camera.pan(gd, 0, 0, false);
  if (!start || event.type === "pointercancel") return;
  if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > STILL_PX) return;
  const { row, name } = under(gd, event);
  if (row >= 0) choose(row);
  else if (name) focusClusters(name.clusters);
}

/**
 * One finger, or the mouse, shifts the map; two also zoom it.
 * @param {Graph} gd
 * @param {PointerEvent} event
 */
function drag(gd, event) {
  if (!fingers.has(event.pointerId)) return;
  const still = pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) <= STILL_PX;
  if (!still) pressed = null; // and is no click when it comes back, as a lasso does
  if (!pans(gd) || (still && !camera.isMoving())) return;
  const before = spanOf([...fingers.values()]);
  fingers.set(event.pointerId, within(gd, event));
  const after = spanOf([...fingers.values()]);
  const { points } = onMap;
  const [dx, dy] = [after.x - before.x, after.y - before.y];
  if (points && points.turn && fingers.size === 1 && !event.shiftKey) return points.turn(gd, dx, dy);
  camera.pan(gd, dx, dy, true);
  if (fingers.size > 1) camera.zoom(gd, before.width / after.width, after.x, after.y, true);
}

/**
 * @param {number[][]} places
 * @returns {{x: number, y: number, width: number}} the middle of some fingers and how far apart the first two are
 */
function spanOf(places) {
  /** @param {number} axis */
  const middle = (axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length;
  const [first, second = first] = places;
  return { x: middle(0), y: middle(1), width: Math.hypot(first[0] - second[0], first[1] - second[1]) || 1 };
}

/**
 * @param {Graph} gd
 * @param {WheelEvent} event
 */
function wheel(gd, event) {
  if (!onPlot(event)) return;
  event.preventDefault();
  event.stopPropagation();
  hidePreview();
  overlay.hover(-1);
  camera.zoom(gd, turn(event), ...within(gd, event));
}

/**
 * Keep plotly from dragging what the camera moves.
 * @param {Graph} gd
 * @param {Event} event
 */
function keep(gd, event) {
  if (pans(gd) && onPlot(event)) event.stopPropagation();
}

/**
 * @param {Graph} gd
 * @param {PointerEvent} event
 */
function hover(gd, event) {
  if (fingers.size || event.pointerType === "touch" || !onPlot(event)) return;
  const { row, name } = under(gd, event);
  gd.classList.toggle("over-name", name !== null);
  const coming = preview(row, event);
  if (row < 0) overlay.hover(-1);
  if (coming) coming.then((now) => now === row && overlay.hover(row));
}

function leave() {
  overlay.hover(-1);
  hidePreview();
}

/**
 * @param {Selecting|undefined} selected
 * @returns {Shape|null} the shape of plotly's lasso or box, in map units
 */
function shapeOf(selected) {
  if (!selected) return null;
  if (selected.lassoPoints) {
    const { x, y } = selected.lassoPoints;
    return x.length < 3 ? null : { path: Array.from(x, (value, i) => [value, y[i]]) };
  }
  if (!selected.range) return null;
  const { x, y } = selected.range;
  return { box: [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)] };
}

/**
 * Keep what is selected; plotly's own outline goes, ours stays.
 * @param {Graph} gd
 * @param {Selecting|undefined} selected
 */
function select(gd, selected) {
  const drawn = shapeOf(selected);
  if (!drawn || !onMap.points) return;
  window.Plotly.relayout(gd, { selections: [] });
  onMap.litName = undefined;
  selectShape(kept(onMap.points, drawn), onMap.points);
}

/**
 * Follow plotly's own buttons with ours.
 * @param {Graph} gd
 * @param {{dragmode?: string, autosize?: boolean}|undefined} change
 */
function relayout(gd, change) {
  if (change && change.dragmode) setProps("map-mode", { value: change.dragmode });
  if (change && change.autosize) resized(gd);
  overlay.place(gd);
}

/**
 * Listen to a map's element; once for each.
 * @param {Graph} gd
 */
export function bindMap(gd) {
  onMap.element = gd;
  if (bound.has(gd)) return;
  bound.add(gd);
  held.watch(gd);
  // Dash's own listeners would copy every selected point into its store – seconds at 100,000 points – and, after a
  // zoom, draw its own figure again, which is empty.
  DASHS_EVENTS.forEach((name) => gd.removeAllListeners(name));
  gd.on("plotly_selected", (selected) => select(gd, selected));
  gd.on("plotly_relayout", (change) => relayout(gd, change));
  gd.on("plotly_afterplot", () => overlay.place(gd));
  gd.on("plotly_doubleclick", () => fit(gd));
  gd.addEventListener("dblclick", (event) => pans(gd) && onPlot(event) && fit(gd));
  // Only events made by a program: a real click has been handled by then, with its own search.
  gd.on("plotly_click", (made) => made.event || choose(rowOf(gd, made.points[0])));
  gd.addEventListener("pointerdown", (event) => press(gd, event), true);
  ["mousedown", "touchstart"].forEach((kind) => gd.addEventListener(kind, (event) => keep(gd, event), true));
  gd.addEventListener("wheel", (event) => wheel(gd, event), { capture: true, passive: false });
  window.addEventListener("pointermove", (event) => drag(gd, event), true);
  ["pointerup", "pointercancel"].forEach((kind) => {
    window.addEventListener(kind, (event) => release(gd, /** @type {PointerEvent} */ (event)), true);
  });
  gd.addEventListener("pointermove", (event) => hover(gd, event));
  gd.addEventListener("pointerleave", leave);
}

/**
 * @param {Graph} gd
 * @param {{customdata?: number, curveNumber: number, pointNumber: number}} point
 */
function rowOf(gd, point) {
  return point.customdata === undefined ? gd.data[point.curveNumber].customdata[point.pointNumber] : point.customdata;
}
