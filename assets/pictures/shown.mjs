/**
 * The pictures that are shown, and where: on screen or, while something is made of them, in another frame.
 */
import * as camera from "../map/camera.mjs";
import { colorOf } from "../map/shades.mjs";
import { onMap } from "../map/state.mjs";
import * as sprites from "./sprites.mjs";

export const KEPT = "explorer-pictures";
const PALE = 0.3;
const WAITING = 0.25;
const FRAME_SHARE = 0.04;
/** @type {Portraits|null} */
let saved = null;

/** Whether pictures are wanted, of which run, which rows have one; those that were chosen last, and for what. */
export const state = {
  on: remembered(),
  run: /** @type {string|null} */ (null),
  worth: /** @type {Uint8Array|null} */ (null),
  points: /** @type {Points|null} */ (null),
  mask: /** @type {Mask} */ (null),
  key: "",
  items: /** @type {Portrait[]} */ ([]),
  byRow: /** @type {Map<number, Portrait>} */ (new Map()),
  painted: /** @type {(Ranges & {perX: number})|null} */ (null),
  frame: 0,
};

/**
 * @param {Portrait} item
 * @param {Frame} frame
 * @returns {Square} where a picture is on screen now
 */
export function boxOn({ x, y, side }, frame) {
  const [left, top] = frame.px(x - side / 2, y + side / 2);
  return { left, top, side: side * frame.perX };
}

/**
 * Draw one picture: framed in its colour or, out of the light, pale and without.
 * @param {CanvasRenderingContext2D} pen
 * @param {Portrait} item
 * @param {Square} box
 * @param {string} ground
 * @returns {boolean} whether it is there
 */
export function draw(pen, { row }, { left, top, side }, ground) {
  const sprite = sprites.of(state.run, row);
  if (!sprite && !(state.points && state.points.cell)) return false;
  const dim = state.mask && !state.mask[row];
  const edge = Math.max(1, Math.min(3, Math.round(side * FRAME_SHARE)));
  pen.globalAlpha = sprite ? 1 : WAITING;
  pen.fillStyle = dim ? ground : colorOf(row);
  pen.beginPath();
  pen.roundRect(left, top, side, side, edge + 1);
  pen.fill();
  if (!sprite) return false;
  const inner = side - 2 * edge;
  pen.globalAlpha = dim ? PALE : 1;
  pen.drawImage(sprite.image, sprite.left, sprite.top, sprite.side, sprite.side, left + edge, top + edge, inner, inner);
  if (state.mask && !dim && onMap.shades.ink.square) corner(pen, row, { left, top, side }, ground);
  return true;
}

/**
 * Mark a picture that somebody picked: a square in its corner.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} row
 * @param {Square} box
 * @param {string} ground
 */
function corner(pen, row, { left, top, side }, ground) {
  const mark = Math.max(5, Math.min(14, Math.round(side * 0.2)));
  pen.globalAlpha = 1;
  pen.fillStyle = ground;
  pen.fillRect(left + side - mark - 2, top, mark + 2, mark + 2);
  pen.fillStyle = colorOf(row);
  pen.fillRect(left + side - mark, top, mark, mark);
}

/** @returns {Portraits} which pictures are asked about, and the frame that they lie in: those on screen, or in what is saved */
function current() {
  if (saved) return saved;
  const frame = state.items.length ? camera.scale(onMap.element) : null;
  return { items: frame ? state.items : [], byRow: state.byRow, frame };
}

/**
 * @param {number} x
 * @param {number} y
 * @returns {number} the row whose picture lies at a place of the map, in pixels; -1 for none
 */
export function at(x, y) {
  const { items, frame } = current();
  const under = items.find((item) => {
    if (!frame) return false;
    const { left, top, side } = boxOn(item, frame);
    return item.there && x >= left && x <= left + side && y >= top && y <= top + side;
  });
  return under ? under.row : -1;
}

/**
 * @param {number} row
 * @returns {Square|null} where a row's picture is on screen, if it has one there
 */
export function boxOf(row) {
  const { byRow, frame } = current();
  const item = byRow.get(row);
  return item && item.there && frame ? boxOn(item, frame) : null;
}

/** @returns {number} how wide pictures are on screen now; 0 where there are none */
export function side() {
  const { items, frame } = current();
  return items.length && frame ? items[0].side * frame.perX : 0;
}

/** @returns {(Box & {row: number})[]} where pictures are on screen now, and whose; none where they fill a grid */
export function boxes() {
  const { items, frame } = current();
  if (!frame || onMap.points.cell) return [];
  return items.map((item) => {
    const { left, top, side: width } = boxOn(item, frame);
    return { row: item.row, left, top, right: left + width, bottom: top + width };
  });
}

/** @returns {object[]} row, left, top and side of all that are shown */
export const all = () => state.items.filter((item) => item.there).map(({ row }) => ({ row, ...boxOf(row) }));

/**
 * Answer for the pictures of another frame while something is made of them.
 * @template T
 * @param {Portraits} chosen
 * @param {() => T} make
 */
export function within(chosen, make) {
  saved = chosen;
  try {
    return make();
  } finally {
    saved = null;
  }
}

/** @returns {boolean} whether pictures are wanted: yes, unless this browser was told otherwise */
function remembered() {
  try {
    return window.localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // no storage
  }
}
