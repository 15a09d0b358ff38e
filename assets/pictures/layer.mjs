/**
 * The pictures on the map: a canvas over the points, under the names.  Each is about its own point, framed in its colour.
 * While the map moves, what is painted is shifted; when it rests, portraits.mjs chooses anew and sprites.mjs fetches what is
 * missing.
 */
import * as camera from "../map/camera.mjs";
import { coverWith } from "../map/cover.mjs";
import { pictureSize } from "../map/look.mjs";
import * as overlay from "../map/overlay.mjs";
import { onMap, stats } from "../map/state.mjs";
import { notify } from "../shell/dash.mjs";
import { byId, canvasById, closest, one, penOf } from "../shell/dom.mjs";
import { choosePortraits } from "./portraits.mjs";
import { KEPT, at, boxOf, boxOn, boxes, draw, side, state } from "./shown.mjs";
import * as sprites from "./sprites.mjs";

const SHARPEST = 2;
/** @type {unknown[]} */
const ARRANGED = [undefined, null, "grid"];
const canvasOf = () => canvasById("map-pictures");
/** @param {View} view */
const hasPictures = (view) => Boolean(view && view.pictures);

/** Show pictures, or only points, and keep that. */
function toggle() {
  state.on = !state.on;
  try {
    window.localStorage.setItem(KEPT, state.on ? "on" : "off");
  } catch {
    // It holds for this page then.
  }
  overlay.place(onMap.element);
}

/**
 * Offer the switch where there is something to switch, and the size where it shows.
 * @param {Shown|null} shown
 */
export function offer(shown) {
  const offered = shown !== null && hasPictures(shown.view) && ARRANGED.includes(shown.points.arrangement);
  const button = byId("map-pictures-toggle");
  if (button) button.hidden = !offered;
  if (button) button.setAttribute("aria-pressed", String(state.on));
  const slider = one(document, "#map-look-body label:has([name=pictures])");
  if (slider) slider.hidden = !(offered && state.on);
  byId("map-layer").classList.toggle("over-pictures", offered && state.on);
  return offered && state.on;
}

/**
 * Fetch which rows have pictures, once a run.
 * @param {string} run
 */
function prepare(run) {
  if (state.run === run) return;
  Object.assign(state, { run, worth: null });
  sprites.worth(run).then(
    (worth) => {
      if (state.run !== run) return;
      state.worth = worth;
      overlay.place(onMap.element);
    },
    (error) => notify(error.message),
  );
}

/**
 * @param {Shown} shown
 * @returns {number[]} the rows whose pictures come first: the focus, its neighbours, what a search found
 */
function wantedOf({ marks, place, hits }) {
  const near = marks ? [marks.row, ...marks.neighbors.map(({ row }) => row)] : [];
  const focus = place && place.row !== null ? [place.row] : [];
  return [...new Set([...focus, ...near, ...(hits ? hits.hits : []).filter(({ weak }) => !weak).map(({ row }) => row)])];
}

/**
 * @param {Shown} shown
 * @returns {Wish} what decides, beside the view, which rows are shown as pictures, and how large
 */
export function wishOf(shown) {
  const { mask, points } = onMap;
  const wanted = wantedOf(shown).filter((row) => row < points.n);
  return { points, worth: /** @type {Uint8Array} */ (state.worth), mask, wanted, larger: pictureSize() };
}

/**
 * Choose what is shown for the view at rest, unless nothing has changed since the last time.
 * @param {Graph} gd
 * @param {Shown} shown
 * @param {Frame} frame
 */
function choose(gd, shown, frame) {
  const wish = wishOf(shown);
  const { points, mask, wanted, larger } = wish;
  const view = camera.view(gd);
  const key = [view.x, view.y, frame.width, frame.height, larger, wanted].join();
  if (key === state.key && mask === state.mask && points === state.points) return;
  const { items, px } = choosePortraits({ ...wish, view, perX: frame.perX });
  Object.assign(state, { key, mask, points, items, byRow: new Map(items.map((item) => [item.row, item])) });
  const side = sprites.sideFor(px * sharpness());
  sprites.want(shown.view.run, items.map(({ row }) => row), side, repaint);
}

const sharpness = () => Math.min(SHARPEST, window.devicePixelRatio || 1);

/** Lay out once, in the next frame: the marks go around pictures that have come. */
function repaint() {
  cancelAnimationFrame(state.frame);
  state.frame = requestAnimationFrame(() => overlay.place(onMap.element));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D} a pen that draws in memory: without a graphics processor ten times as fast
 */
const quickPen = (canvas) => penOf(canvas, { willReadFrequently: true });

/**
 * Shift and scale what is painted to where the map is now; nothing is painted while it moves.
 * @param {Frame} frame
 */
function follow(frame) {
  const canvas = canvasOf();
  if (!state.painted) return;
  const [left, top] = frame.px(state.painted.x[0], state.painted.y[1]);
  canvas.style.transform = `translate(${left}px, ${top}px) scale(${frame.perX / state.painted.perX})`;
}

/**
 * Draw the pictures where the map is now.
 * @param {Graph} gd
 * @param {Frame} frame
 */
function paint(gd, frame) {
  const canvas = canvasOf();
  if (!canvas || !state.items.length) return wipe();
  const sharp = sharpness();
  const [width, height] = [frame.width, frame.height].map((length) => Math.round(length * sharp));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pen = quickPen(canvas);
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.setTransform(sharp, 0, 0, sharp, 0, 0);
  const ground = getComputedStyle(canvas).getPropertyValue("--map-ground");
  state.items.forEach((item) => {
    const box = boxOn(item, frame);
    const inView = box.left + box.side > 0 && box.top + box.side > 0 && box.left < frame.width && box.top < frame.height;
    item.there = inView && draw(pen, item, box, ground);
  });
  canvas.style.transform = "";
  state.painted = { ...camera.view(gd), perX: frame.perX };
  return tell();
}

/** For tests and for the curious. */
function tell() {
  const there = state.items.filter((item) => item.there);
  const told = { pictures: there.length, picturesWanted: state.items.length, sprites: sprites.stats };
  Object.assign(stats, told, { pictureSide: side() });
}

function wipe() {
  const canvas = canvasOf();
  Object.assign(state, { items: [], byRow: new Map(), key: "", points: null, painted: null });
  Object.assign(stats, { pictures: 0, picturesWanted: 0 });
  if (canvas) quickPen(canvas).clearRect(0, 0, canvas.width, canvas.height);
}

/**
 * Lay the pictures out for the axes as they are; null for *shown* leaves nothing.
 * @param {Graph|null} gd
 * @param {Shown|null} shown
 */
function place(gd, shown) {
  const current = shown && shown.points === onMap.points;
  const frame = current && gd ? camera.scale(gd) : null;
  if (!offer(shown) || !frame || !shown || !gd) {
    sprites.rest();
    return wipe();
  }
  prepare(shown.view.run);
  if (state.points && state.points !== shown.points) wipe();
  if (!state.worth) return undefined;
  if (camera.isMoving()) return follow(frame);
  choose(gd, shown, frame);
  return paint(gd, frame);
}

/** Lie over the map's points, and listen to the switch. */
export function listen() {
  coverWith({ place, at, boxOf, boxes, side });
  document.addEventListener("click", (event) => {
    if (closest(event, "#map-pictures-toggle")) toggle();
  });
}
