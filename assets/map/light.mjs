/**
 * Which rows are lit: those of the light that was switched on last – a cluster, a selection, hits, a part of the colours.
 */
import { rangeMaskOf } from "./colors.mjs";
import * as selected from "./selected.mjs";
import { onMap } from "./state.mjs";

/** @type {Lamp[]} */
const LIGHTS = ["cluster", "selection", "hits", "picked"];

/**
 * Remember which of the lights was switched last; it wins, the others come back when it goes.
 * @param {Given} given
 */
function lightsInOrder(given) {
  onMap.recent = onMap.recent.filter((name) => given[name] != null);
  for (const name of LIGHTS) {
    if (given[name] == null || given[name] === onMap.given[name]) continue;
    onMap.recent = [name, ...onMap.recent.filter((other) => other !== name)];
  }
  onMap.given = given;
  return onMap.recent[0];
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
 * @param {Points} points
 * @param {Given} given
 * @returns {Light} which rows are lit
 */
export function light(points, given) {
  const name = lightsInOrder(given);
  if (!name) return { key: "", mask: null, name };
  const mask = wholeMask(points, name, given);
  if (name === "hits" && given.hits) given.hits.hits.forEach((hit) => (mask[hit.row] = 1));
  if (name === "picked" && !given.range) {
    onMap.shades.codes.forEach((code, row) => (mask[row] = given.codes.includes(code) ? 1 : 0));
  }
  if (name === "cluster") points.label.forEach((label, row) => (mask[row] = given.focus.includes(label) ? 1 : 0));
  return { key: `${name} ${onMap.sequence}`, mask, name, value: given[name] };
}
