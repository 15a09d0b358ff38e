/**
 * The choice of what colours the map, and which of it is bright, to and from the address.
 */
import { go, here, pickedOf } from "../shell/address.mjs";
import { noUpdate } from "../shell/dash.mjs";
import { onMap } from "./state.mjs";

const BY_CLUSTER = "cluster";
const left = new Map(); // what was picked of the colours that were chosen before

/**
 * Address → what is picked.
 * @param {Place} where
 * @param {Picked|null} before
 * @returns {unknown}
 */
export function showPicked(where, before) {
  const wanted = pickedOf(where);
  return JSON.stringify(wanted) === JSON.stringify(before || null) ? noUpdate() : wanted;
}

/**
 * The choice of colours → address, for the run that is on the map.
 * @param {string|null} choice
 */
export function colorBy(choice) {
  const { view } = onMap;
  if (!view || view.run !== here().run) return;
  const at = here();
  const color = choice && choice !== BY_CLUSTER ? choice : null;
  if (color === at.color) return;
  left.set([at.run, at.color].join("|"), at.picked);
  go({ color, picked: left.get([at.run, color].join("|")) || null });
}

/**
 * Address → the choice of colours; what this run does not offer is its clusters.
 * @param {Place} where
 * @param {{items?: {value: string}[]}[]|null} choices
 * @param {string} current
 */
export function showColorBy(where, choices, current) {
  const offered = (choices || []).flatMap(({ items }) => items || []).some(({ value }) => value === where.color);
  const wanted = offered ? where.color : BY_CLUSTER;
  return wanted === current ? noUpdate() : wanted;
}
