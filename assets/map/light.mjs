/**
 * Which rows are lit: those of the light that was switched on last – a cluster, a selection, hits, a part of the colours.
 */
import { rangeMaskOf } from "./colors.mjs";
import * as selected from "./selected.mjs";
import { onMap } from "./state.mjs";

/** @type {Lamp[]} */
const LIGHTS = ["cluster", "selection", "hits", "picked", "row"];
/** The tabs of the inspector, and the light that each speaks of. */
const OF_TAB = /** @type {Record<string, Lamp>} */ ({ point: "row", search: "hits", clusters: "cluster", selection: "selection" });

/**
 * @param {string|null|undefined} name
 * @returns {boolean} whether a light is of rows that were picked, by a lasso, a box or in the legend: these are squares
 */
export const isOfPicked = (name) => name === "selection" || name === "picked";

/**
 * Remember which of the lights was switched last; it wins, the others come back when it goes.
 * @param {Given} given
 */
function lightsInOrder(given) {
  onMap.recent = onMap.recent.filter((name) => given[name] != null);
  for (const name of LIGHTS) {
    if (given[name] == null || given[name] === onMap.given[name]) continue;
    const others = onMap.recent.filter((other) => other !== name);
    // Hits that come when their tab has been left take nobody away from what he went on to.
    const late = name === "hits" && onMap.tab && onMap.tab !== "search" && others.length;
    onMap.recent = late ? [others[0], name, ...others.slice(1)] : [name, ...others];
  }
  onMap.given = given;
}

/**
 * The tab of a light is opened: it comes back to the front, if it is on.
 * @param {string} tab
 * @returns {boolean} whether another is in front now
 */
export function bringBack(tab) {
  onMap.tab = tab;
  const lamp = OF_TAB[tab];
  if (!onMap.recent.includes(lamp) || onMap.recent[0] === lamp) return false;
  onMap.recent = [lamp, ...onMap.recent.filter((other) => other !== lamp)];
  return true;
}

/**
 * @param {Points} points
 * @param {Lamp} name
 * @param {Given} given
 * @returns {Uint8Array} the mask of a light that is known at once, or an empty one
 */
function wholeMask(points, name, { selection, range }) {
  const { steps } = onMap.shades;
  if (name === "selection" && selection) return selected.maskOf(onMap.flat, selection.shape);
  return name === "picked" && range && steps ? rangeMaskOf(steps, range) : new Uint8Array(points.n);
}

/**
 * What was asked last is in front.  A chosen point lights up no others: chosen among those that are lit it leaves them so,
 * chosen elsewhere it puts their light out until their tab is opened again.
 * @param {Points} points
 * @param {Given} given
 * @returns {Light} which rows are lit, and what is in front
 */
export function light(points, given) {
  lightsInOrder(given);
  const [front] = onMap.recent;
  const name = onMap.recent.find((one) => one !== "row");
  const mask = name ? maskOf(points, name, given) : null;
  const out = !mask || (front === "row" && given.row !== null && !mask[given.row]);
  return out ? { key: "", mask: null, name: undefined, front } : { key: `${name} ${onMap.sequence}`, mask, name, front, value: given[name || "row"] };
}

/**
 * @param {Points} points
 * @param {Lamp} name
 * @param {Given} given
 * @returns {Uint8Array} the rows that a light lights
 */
function maskOf(points, name, given) {
  const mask = wholeMask(points, name, given);
  if (name === "hits" && given.hits) given.hits.hits.forEach((hit) => (mask[hit.row] = 1));
  if (name === "picked" && !given.range) {
    onMap.shades.codes.forEach((code, row) => (mask[row] = given.codes.includes(code) ? 1 : 0));
  }
  if (name === "cluster") points.label.forEach((label, row) => (mask[row] = given.focus.includes(label) ? 1 : 0));
  return mask;
}
