/**
 * On a narrow window the panels lie over the map: the chosen point, or the best hit, is shifted out from under the
 * inspector, once.
 */
import { byId } from "../shell/dom.mjs";
import * as camera from "./camera.mjs";
import { coveredBox, wayOut } from "./fitting.mjs";
import { onMap } from "./state.mjs";

/**
 * @param {Points} points
 * @param {Uint8Array} mask
 * @returns {number|null} the row amid those that are lit: of them the one nearest to their middle
 */
export function amidst({ x, y }, mask) {
  let [count, across, up] = [0, 0, 0];
  const lit = (/** @type {number} */ row) => mask[row] === 1 && !Number.isNaN(x[row]);
  for (let row = 0; row < mask.length; row++) if (lit(row)) [count, across, up] = [count + 1, across + x[row], up + y[row]];
  let [best, least] = [/** @type {number|null} */ (null), Infinity];
  for (let row = 0; row < mask.length; row++) {
    const away = lit(row) ? (x[row] - across / count) ** 2 + (y[row] - up / count) ** 2 : Infinity;
    if (away < least) [best, least] = [row, away];
  }
  return best;
}

/**
 * @param {Shown} shown
 * @returns {number|null} the row that what was asked last is about: the chosen one, the best hit, or one amid a cluster or a
 *   selection; of others there is none
 */
function wantedOf({ points, place, front, hits }) {
  if (front === "row") return place && place.row;
  if ((front === "cluster" || front === "selection") && onMap.mask) return amidst(points, onMap.mask);
  const best = front === "hits" && hits ? hits.hits.find(({ weak }) => !weak) : null;
  return best ? best.row : null;
}

/** @type {ResizeObserver|null} who hears of another size of the inspector: it grows when what it shows has come */
let sized = null;

/** @type {{dx: number, dy: number, at: Pair, fitted: boolean}|null} how far the map was shifted, where it stands since, and whether all was in view */
let away = null;

/**
 * @param {Pair} one
 * @param {Pair} other
 * @param {Frame} frame
 * @returns {boolean} whether two places are one on screen, but for a pixel
 */
const isAt = (one, other, { perX, perY }) => Math.abs(one[0] - other[0]) * perX < 1 && Math.abs(one[1] - other[1]) * perY < 1;

/** The inspector is closed: the map goes back to where it was before it came, unless somebody has moved it since. */
function goBack() {
  const frame = camera.scale(onMap.element);
  const was = away;
  away = null;
  if (!was || !frame || !isAt(frame.map(0, 0), was.at, frame)) return;
  camera.pan(onMap.element, -was.dx, -was.dy, false);
  onMap.fitted = was.fitted;
}

/**
 * @param {Frame} frame
 * @param {Pair} by
 */
function shift(frame, [dx, dy]) {
  const before = away && isAt(frame.map(0, 0), away.at, frame) ? away : null;
  const fitted = before ? before.fitted : Boolean(onMap.fitted);
  camera.pan(onMap.element, dx, dy, false);
  const now = camera.scale(onMap.element);
  away = now && { dx: dx + (before?.dx ?? 0), dy: dy + (before?.dy ?? 0), at: now.map(0, 0), fitted };
}

/** The inspector has another size: what lies under it now is brought out again. */
function again() {
  onMap.inSight = undefined;
  keepInSight();
}

/** Have the row that was asked for last in sight, if it was not brought there before. */
export function keepInSight() {
  watchSize();
  const { points, shown, element } = onMap;
  const row = shown && wantedOf(shown);
  const frame = camera.scale(element);
  if (!points || row === null || row === onMap.inSight || row >= points.n || !frame || !coveredBox()) return;
  onMap.inSight = row;
  const [dx, dy] = wayOut(frame, frame.px(points.x[row], points.y[row]));
  if (dx || dy) shift(frame, [dx, dy]);
}

function watchSize() {
  const panel = sized ? null : byId("inspector");
  if (!panel || typeof ResizeObserver === "undefined") return;
  let height = panel.offsetHeight;
  sized = new ResizeObserver(() => {
    if (panel.offsetHeight > height) again();
    height = panel.offsetHeight;
  });
  sized.observe(panel);
}

/** The inspector may come over the map when its point is drawn already. */
export function listen() {
  new MutationObserver(() => (coveredBox() ? keepInSight() : goBack())).observe(document.documentElement, { attributeFilter: ["data-inspector"] });
}
