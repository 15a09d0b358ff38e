/**
 * Moves the map: while a hand drags, pinches or wheels, what is drawn is only shifted and scaled, and the picture of
 * all rows follows; plotly draws again when the hand rests.  It knows ranges and pixels, but no rows.
 */
import { one } from "../shell/dom.mjs";
import { reachOf } from "./fitting.mjs";
import { frameOf, kept, shifted, zoomed } from "./ranges.mjs";
import { onMap } from "./state.mjs";

const REST_MS = 140;
/** @type {{moving: (gd: Graph) => void, rested: (gd: Graph) => void}} */
const watchers = { moving: () => undefined, rested: () => undefined };
/** @type {Ranges|null} */
let moving = null;
/** @type {Ranges} */
let drawn = { x: [], y: [] };
let timer = 0;
let frame = 0;

/**
 * @param {Graph} gd
 * @returns {Ranges|null} the ranges that plotly has drawn
 */
function drawnOf(gd) {
  const { xaxis, yaxis } = gd._fullLayout || {};
  return xaxis && xaxis._length ? { x: xaxis.range.slice(), y: yaxis.range.slice() } : null;
}

/**
 * @param {Graph} gd
 * @returns {Ranges} the ranges on screen now
 */
export const view = (gd) => moving || /** @type {Ranges} */ (drawnOf(gd));

/**
 * @param {Graph|null|undefined} gd
 * @returns {Frame|null} how map units become pixels now
 */
export function scale(gd) {
  const seen = gd && view(gd);
  if (!seen) return null;
  const { xaxis, yaxis } = gd._fullLayout;
  return frameOf(seen, { left: xaxis._offset, top: yaxis._offset, width: xaxis._length, height: yaxis._length });
}

/**
 * @param {Graph} gd
 * @returns {number[]|null} left, top, width, height on screen of what plotly has drawn; null when it lies still
 */
export function plate(gd) {
  const seen = scale(gd);
  if (!moving || !seen) return null;
  const [left, top] = seen.px(drawn.x[0], drawn.y[1]);
  const [right, bottom] = seen.px(drawn.x[1], drawn.y[0]);
  return [left, top, right - left, bottom - top];
}

/**
 * Shift and scale plotly's canvases to where their points belong.
 * @param {Graph} gd
 */
function shift(gd) {
  const canvases = one(gd, ".gl-container");
  const at = plate(gd);
  if (!canvases) return;
  canvases.style.transformOrigin = "0 0";
  canvases.style.transform = at ? `translate(${at[0]}px, ${at[1]}px) scale(${at[2] / gd._fullLayout.xaxis._length})` : "";
}

/**
 * Show everything at the ranges of this moment.
 * @param {Graph} gd
 */
function follow(gd) {
  frame = 0;
  shift(gd);
  watchers.moving(gd);
}

/**
 * Go to ranges; plotly draws them when nothing has moved for a moment.
 * @param {Graph} gd
 * @param {Ranges} next
 * @param {boolean} [held]
 */
export function move(gd, next, held = false) {
  const { points } = onMap;
  const from = drawnOf(gd);
  if (!points || !from) return;
  if (!moving) drawn = from;
  Object.assign(onMap, { fitted: false, slipped: false });
  const { xaxis, yaxis } = gd._fullLayout;
  moving = kept(next, reachOf(points.bounds, next, { width: xaxis._length, height: yaxis._length }));
  if (!frame) frame = requestAnimationFrame(() => follow(gd));
  clearTimeout(timer);
  if (!held) timer = setTimeout(() => rest(gd), REST_MS);
}

/**
 * Have plotly draw where the map has come to rest.
 * @param {Graph} gd
 */
export function rest(gd) {
  clearTimeout(timer);
  if (!moving) return;
  watchers.rested(gd);
}

/**
 * Be somewhere at once; whoever says so draws.
 * @param {Graph} gd
 * @param {Ranges} next
 */
export function jump(gd, next) {
  const from = drawnOf(gd);
  if (from) drawn = from;
  moving = from && next;
  shift(gd);
}

/**
 * Plotly has drawn the ranges on screen: nothing is shifted any more.
 * @param {Graph} gd
 */
export function landed(gd) {
  cancelAnimationFrame(frame);
  frame = 0;
  moving = null;
  shift(gd);
}

/**
 * Zoom about a place on screen; factor < 1 goes nearer.
 * @param {Graph} gd
 * @param {number} factor
 * @param {number} left
 * @param {number} top
 * @param {boolean} [held]
 */
export function zoom(gd, factor, left, top, held = false) {
  const seen = scale(gd);
  if (!seen) return;
  const [x, y] = seen.map(left, top);
  move(gd, zoomed(view(gd), factor, x, y), held);
}

/**
 * Shift by pixels.
 * @param {Graph} gd
 * @param {number} dx
 * @param {number} dy
 * @param {boolean} held
 */
export function pan(gd, dx, dy, held) {
  const seen = scale(gd);
  if (seen) move(gd, shifted(view(gd), seen, dx, dy), held);
}

/** @returns {boolean} whether what is on screen is only shifted, and not drawn there yet */
export const isMoving = () => moving !== null;

/**
 * Have somebody follow every frame of a move, and draw when it rests.
 * @param {(gd: Graph) => void} moves
 * @param {(gd: Graph) => void} rests
 */
export const watch = (moves, rests) => Object.assign(watchers, { moving: moves, rested: rests });
