/**
 * Which rows are lit: those of the light that was switched on last – a cluster, a selection, hits, a part of the colours.
 */
import { LAMPS, inOrder } from "../shell/lights.mjs";
import { rangeMaskOf } from "./colors.mjs";
import * as selected from "./selected.mjs";
import { onMap } from "./state.mjs";

const [MOST, MUCH] = [0.5, 0.1];

/**
 * @param {string|null|undefined} name
 * @returns {boolean} whether a light is of rows that were picked, by a lasso, a box or in the legend: these are squares
 */
export const isOfPicked = (name) => name === "selection" || name === "picked";

/**
 * @param {Given} given
 * @param {Place} place
 * @returns {Lamp[]} the lights that are there, what was asked last first: hits may still be to come, or be a picture's
 */
function lightsOf(given, place) {
  const order = inOrder(place);
  return [...order, ...LAMPS.filter((lamp) => !order.includes(lamp))].filter((lamp) => given[lamp] != null);
}

/**
 * @param {Points} points
 * @param {Lamp} name
 * @param {Given} given
 * @returns {Uint8Array} the mask of a light that is known at once, or an empty one
 */
function wholeMask(points, name, { selection, range, hits }) {
  const { steps } = onMap.shades;
  if (name === "hits" && hits?.rows) return selected.unpacked(hits.rows, points.n);
  if (name === "selection" && selection) return selected.maskOf(onMap.flat, selection.shape);
  return name === "picked" && range && steps ? rangeMaskOf(steps, range) : new Uint8Array(points.n);
}

/**
 * @param {Hits|null} hits
 * @returns {boolean} whether any is nearer than chance would have it; else nothing was found: nothing steps back for it, and
 *   nothing that was asked before is lit as if that were the answer.  Nor does anything step back for the ends of a line, which
 *   is of all rows
 */
const found = (hits) => hits !== null && !hits.axis && !hits.failed && (!hits.hits.length || hits.hits.some(({ weak }) => !weak));

/**
 * What was asked last is in front.  A chosen point lights up no others: chosen among those that are lit it leaves them so,
 * chosen elsewhere it puts their light out until their tab is opened again.
 * @param {Points} points
 * @param {Given} given
 * @param {Place} place says what was asked last
 * @returns {Light} which rows are lit, and what is in front
 */
export function light(points, given, place) {
  onMap.recent = lightsOf(given, place);
  if (onMap.recent[0] === "hits" && !found(given.hits)) return { key: "", mask: null, name: undefined, front: undefined };
  const [front, ...rest] = onMap.recent.filter((one) => one !== "hits" || found(given.hits));
  const name = [front, ...rest].find((one) => one !== "row");
  const mask = name ? maskOf(points, name, given) : null;
  const out = !mask || (front === "row" && given.row !== null && !mask[given.row]);
  return out ? { key: "", mask: null, name: undefined, front } : { key: `${name} ${onMap.sequence}`, mask, name, front, value: given[name || "row"] };
}

/**
 * @param {Points} points
 * @param {Light} lit
 * @param {number[]} focus
 * @returns {number[]} the clusters whose names stay dark: those in focus or, where something else lights rows, those of which
 *   most rows are lit, or which have much of what is lit
 */
export function brightOf({ label }, { name, mask }, focus) {
  if (!mask || name === "cluster") return mask ? focus : [];
  let [clusters, all] = [0, 0];
  for (let row = 0; row < label.length; row++) if (label[row] >= clusters) clusters = label[row] + 1;
  const [rows, lit] = [new Int32Array(clusters), new Int32Array(clusters)];
  for (let row = 0; row < label.length; row++) {
    all += mask[row];
    if (label[row] < 0) continue;
    rows[label[row]]++;
    lit[label[row]] += mask[row];
  }
  return [...lit.keys()].filter((of) => lit[of] > 0 && (lit[of] >= MOST * rows[of] || lit[of] >= MUCH * all));
}

/**
 * @param {Points} points
 * @param {Light} lit
 * @param {number[]} bright the clusters whose names stay dark
 * @returns {boolean} whether names are pale of clusters in which some row is lit
 */
export const isPale = ({ label }, { mask }, bright) => Boolean(mask) && label.some((of, row) => of >= 0 && mask?.[row] === 1 && !bright.includes(of));

/**
 * @param {Points} points
 * @param {Lamp} name
 * @param {Given} given
 * @returns {Uint8Array} the rows that a light lights
 */
function maskOf(points, name, given) {
  const mask = wholeMask(points, name, given);
  if (name === "hits" && given.hits) given.hits.hits.forEach(({ row, weak }) => (mask[row] = weak ? 0 : 1));
  if (name === "picked" && !given.range) {
    onMap.shades.codes.forEach((code, row) => (mask[row] = given.codes.includes(code) ? 1 : 0));
  }
  if (name === "cluster") points.label.forEach((label, row) => (mask[row] = given.focus.includes(label) ? 1 : 0));
  return mask;
}
