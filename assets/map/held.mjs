/**
 * What is drawn stays where it is on screen while the map moves aside for a legend, a panel or a strip, until it is drawn for
 * its new place: else all of it would jump there and back.  It draws nothing.
 */
import { every } from "../shell/dom.mjs";
import { onMap } from "./state.mjs";

/** The layers that are drawn on; plotly's has to feel its new size. */
const LAYERS = ".map-holder > :is(.map-density, .map-graph, .map-pictures, .map-layer, .map-edges)";
const SIZED = ":not(.map-graph)";
/** After which it is let go whatever happens. */
const LONGEST_MS = 1500;
/** @type {{by: Pair, timer: number}} how far it is held from where it lies, in pixels */
const held = { by: [0, 0], timer: 0 };

/**
 * @param {Graph} gd
 * @returns {Seat} where on screen the map lies, and in what window
 */
export function seatOf(gd) {
  const { left, top, width, height } = gd.getBoundingClientRect();
  return { left: left - held.by[0], top: top - held.by[1], width, height, window: [window.innerWidth, window.innerHeight].join() };
}

/**
 * The map has another size: where it lies elsewhere too, hold what is drawn where it was.
 * @param {Graph} gd
 */
function hold(gd) {
  const { seat, points } = onMap;
  const now = seatOf(gd);
  if (!seat || !points || !now.width || now.window !== seat.window) return;
  held.by = [seat.left - now.left, seat.top - now.top];
  if (!held.by.some(Boolean)) return release();
  const [x, y] = held.by;
  every(document, LAYERS).forEach(({ style }) => (style.translate = `${x}px ${y}px`));
  const size = { width: `${seat.width}px`, height: `${seat.height}px`, maxWidth: "none" };
  every(document, LAYERS + SIZED).forEach(({ style }) => Object.assign(style, size));
  clearTimeout(held.timer);
  held.timer = window.setTimeout(release, LONGEST_MS);
}

/** It is drawn for where it lies now. */
export function release() {
  clearTimeout(held.timer);
  held.by = [0, 0];
  every(document, LAYERS).forEach(({ style }) => (style.translate = ""));
  every(document, LAYERS + SIZED).forEach(({ style }) => Object.assign(style, { width: "", height: "", maxWidth: "" }));
}

/**
 * Follow the size of a map's element.
 * @param {Graph} gd
 */
export const watch = (gd) => new ResizeObserver(() => hold(gd)).observe(gd);
