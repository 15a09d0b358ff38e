/**
 * The pictures of another frame than the screen's, for what is saved of the map: chosen anew, fetched and painted.
 */
import * as camera from "../map/camera.mjs";
import { onMap } from "../map/state.mjs";
import { penOf } from "../shell/dom.mjs";
import { offer, wishOf } from "./layer.mjs";
import { choosePortraits } from "./portraits.mjs";
import { boxOn, draw, state } from "./shown.mjs";
import * as sprites from "./sprites.mjs";

const SAVE_MS = 8000;
const SAVE_PIXELS = 12_000_000;
const SMALLEST = 0.6; // of their size on screen

/**
 * Wait until the pictures of rows have come, or will not.
 * @param {number[]} rows
 * @param {number} side
 */
async function come(rows, side) {
  const end = performance.now() + SAVE_MS;
  const { run } = state;
  await new Promise((/** @type {(done?: unknown) => void} */ done) => {
    const look = () => {
      const missing = rows.some((row) => !sprites.of(run, row));
      if (!missing || !sprites.isWaiting() || performance.now() > end) done();
    };
    if (run) sprites.want(run, rows, side, look);
    look();
  });
}

/**
 * Where the map is smaller than on screen its pictures are smaller too, so that none of those on screen is missing.
 * @param {WideFrame} frame
 * @returns {number} how large pictures are, as a share of their size on screen
 */
function shareOf({ perX }) {
  const onScreen = camera.scale(onMap.gd);
  return onScreen ? Math.min(1, Math.max(SMALLEST, perX / onScreen.perX)) : 1;
}

/**
 * @param {Shown} shown
 * @param {WideFrame} frame
 * @param {number} scale
 * @returns {Promise<Portraits>} the pictures of another frame, chosen anew and fetched: for what is saved of the map
 */
export async function forFrame(shown, frame, scale) {
  const none = { items: [], byRow: new Map(), frame };
  if (!offer(shown) || !state.worth || shown.points !== onMap.points) return none;
  const wish = wishOf(shown);
  const larger = wish.larger * shareOf(frame);
  const { items, px } = choosePortraits({ ...wish, larger, view: { x: frame.x, y: frame.y }, perX: frame.perX });
  await come(items.map(({ row }) => row), sprites.sideFor(px * scale));
  const there = items.map((item) => ({ ...item, there: Boolean(sprites.of(state.run, item.row)) }));
  return { items: there, byRow: new Map(there.map((item) => [item.row, item])), frame };
}

/**
 * @param {Portraits} pictures
 * @param {number} scale
 * @param {string} ground
 * @returns {HTMLCanvasElement|null} the pictures of another frame, painted at *scale* pixels a unit or less
 */
export function painting({ items, frame }, scale, ground) {
  if (!items.length || !frame) return null;
  const sharp = Math.min(scale, Math.sqrt(SAVE_PIXELS / (frame.width * frame.height)));
  const [width, height] = [frame.width, frame.height].map((length) => Math.max(1, Math.round(length * sharp)));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = penOf(canvas);
  pen.scale(sharp, sharp);
  items.forEach((item) => draw(pen, item, boxOn(item, frame), ground));
  return canvas;
}
