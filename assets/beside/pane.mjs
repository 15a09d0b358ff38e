/**
 * One of several maps on a page: its canvas, its layer of marks, and where its camera is.  All that it knows is in the
 * object that `makePane` returns; there is nothing of it in the module, so that a page may hold as many as it likes.
 */
import * as density from "../map/density.mjs";
import { nearestRow } from "../map/grid.mjs";
import { frameOf, kept, shifted, turn, whole, zoomed } from "../map/ranges.mjs";
import { make } from "../shell/dom.mjs";

const [REACH_PX, STILL_PX] = [12, 5];
const [FEW, SOME] = [3_000, 20_000];
const ROOM = { left: 12, right: 12, top: 14, bottom: 14 };

/**
 * @param {HTMLElement} root where the map is to be
 * @param {Points} points
 * @returns {Pane}
 */
export function makePane(root, points) {
  const canvas = make("canvas", "beside-canvas");
  const layer = make("div", "beside-layer");
  canvas.setAttribute("aria-hidden", "true");
  layer.setAttribute("aria-hidden", "true");
  root.append(canvas, layer);
  return { root, canvas, layer, points, ink: null, seen: null, moved: false, cursor: -1 };
}

/**
 * @param {Pane} pane
 * @returns {Size} how large it is on screen
 */
export const sizeOf = ({ root }) => ({ width: root.clientWidth, height: root.clientHeight });

/**
 * Show all of the map.
 * @param {Pane} pane
 */
export function fit(pane) {
  const { width, height } = sizeOf(pane);
  Object.assign(pane, { seen: whole(pane.points.bounds, width, height, ROOM), moved: false });
}

/**
 * @param {Pane} pane
 * @returns {Frame} how map units become pixels of the pane
 */
export function frame(pane) {
  if (!pane.seen) fit(pane);
  return frameOf(/** @type {Ranges} */ (pane.seen), { left: 0, top: 0, ...sizeOf(pane) });
}

/**
 * The pane has another size: all that was in view stays so, and nothing is stretched.
 * @param {Pane} pane
 * @param {Size} before
 */
export function resized(pane, before) {
  const { width, height } = sizeOf(pane);
  if (!pane.moved || !pane.seen || !before.width || !before.height) return fit(pane);
  const { x, y } = pane.seen;
  const unit = (x[1] - x[0]) / before.width;
  const about = (/** @type {number[]} */ [low, high], /** @type {number} */ length) => {
    const middle = (low + high) / 2;
    return [middle - (unit * length) / 2, middle + (unit * length) / 2];
  };
  pane.seen = { x: about(x, width), y: about(y, height) };
}

/**
 * @param {number} n
 * @returns {number} how wide a dot is
 */
const dotOf = (n) => (n <= FEW ? 6 : n <= SOME ? 4 : 3);

/**
 * Paint all points in their colours, the bright ones over the pale.
 * @param {Pane} pane
 * @param {Coloring} coloring
 * @param {Mask} mask which rows are bright; null: all
 * @param {string} pale
 */
export function paint(pane, { codes, colors }, mask, pale) {
  const { width, height } = sizeOf(pane);
  if (!width || !height) return;
  const scale = window.devicePixelRatio || 1;
  const view = { width: Math.round(width * scale), height: Math.round(height * scale) };
  frame(pane);
  const known = pane.ink && pane.ink.of === codes && pane.ink.colors === colors ? pane.ink : null;
  pane.ink = known || { of: codes, colors, ...density.inkOf(pane.points, codes, [...colors, pale]) };
  Object.assign(pane.ink, { lit: density.litOf(pane.points, mask) });
  const seen = /** @type {Ranges} */ (pane.seen);
  density.paint(pane.canvas, pane.points, pane.ink, { ...seen, ...view, dot: Math.round(dotOf(pane.points.n) * scale) });
}

/**
 * @param {Pane} pane
 * @param {MouseEvent} event
 * @returns {Pair} a pointer's place in pixels of the pane
 */
function within({ root }, { clientX, clientY }) {
  const { left, top } = root.getBoundingClientRect();
  return [clientX - left - root.clientLeft, clientY - top - root.clientTop];
}

/**
 * @param {Pane} pane
 * @param {MouseEvent} event
 * @returns {number} the row nearest to a pointer, -1 for none within reach
 */
export function rowAt(pane, event) {
  const { map, perX } = frame(pane);
  const [x, y] = map(...within(pane, event));
  return nearestRow(pane.points, x, y, REACH_PX / perX);
}

/**
 * Go somewhere: never so near or far that nothing is to be seen.
 * @param {Pane} pane
 * @param {Ranges} ranges
 */
function go(pane, ranges) {
  Object.assign(pane, { seen: kept(ranges, pane.points.bounds), moved: true });
}

/**
 * @param {Pane} pane
 * @param {number} factor below 1: nearer
 * @param {Pair} [at] in pixels; the middle, where nothing is said
 */
export function zoom(pane, factor, at) {
  const { width, height } = sizeOf(pane);
  const [x, y] = frame(pane).map(...(at || /** @type {Pair} */ ([width / 2, height / 2])));
  go(pane, zoomed(/** @type {Ranges} */ (pane.seen), factor, x, y));
}

/**
 * Have a hand hover, press, drag, draw and turn the wheel on a pane.
 * @param {Pane} pane
 * @param {Hand} hand what is done then
 */
export function listen(pane, hand) {
  const { root } = pane;
  /** @type {{at: Pair, path: number[][], moves: boolean}|null} */
  let held = null;
  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target instanceof HTMLButtonElement) return;
    root.setPointerCapture(event.pointerId);
    const at = within(pane, event);
    held = { at, path: [frame(pane).map(...at)], moves: false };
  });
  root.addEventListener("pointermove", (event) => {
    const at = within(pane, event);
    if (!held) return hand.hover(event.pointerType === "touch" ? -1 : rowAt(pane, event), pane);
    held.moves ||= Math.hypot(at[0] - held.at[0], at[1] - held.at[1]) > STILL_PX;
    if (!held.moves) return undefined;
    if (hand.draws(event)) held.path.push(frame(pane).map(...at));
    else {
      go(pane, shifted(/** @type {Ranges} */ (pane.seen), frame(pane), at[0] - held.at[0], at[1] - held.at[1]));
      held.at = at;
    }
    return hand.moved(pane, held.path);
  });
  root.addEventListener("pointerup", (event) => {
    const ended = held;
    held = null;
    if (!ended) return;
    if (!ended.moves) hand.choose(rowAt(pane, event), pane);
    else if (ended.path.length > 2) hand.drawn(pane, ended.path);
  });
  root.addEventListener("pointercancel", () => (held = null));
  root.addEventListener("pointerleave", () => hand.hover(-1, pane));
  root.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      zoom(pane, turn(event), within(pane, event));
      hand.moved(pane, []);
    },
    { passive: false },
  );
}
