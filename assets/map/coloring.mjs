/**
 * The choice of what colours the map, and which of it is bright, to and from the address.
 */
import { OF_COLOR, go, here, pickedOf } from "../shell/address.mjs";
import { noUpdate } from "../shell/dash.mjs";
import { onMap } from "./state.mjs";

const BY_CLUSTER = "cluster";
const [AXIS, BETWEEN] = ["axis:", "Between two meanings"];
const PLAIN = Object.fromEntries(OF_COLOR.map((name) => [name, null]));
/** @type {Map<string, Partial<Place>>} how the colours that were chosen before were shown, and what was picked of them */
const left = new Map();

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
  const shown = Object.fromEntries(Object.entries(at).filter(([name]) => OF_COLOR.includes(name)));
  left.set([at.run, at.color].join("|"), shown);
  go({ color, ...(left.get([at.run, color].join("|")) || PLAIN) });
}

/** @typedef {{group?: string, value?: string, label?: string, items?: {value: string, label: string}[]}} Option */

/**
 * @param {Option[]} choices
 * @param {string|null} color
 * @returns {Option[]} the choices with what stands between two meanings, where the address is coloured by it
 */
function withAxis(choices, color) {
  const others = choices.filter(({ group }) => group !== BETWEEN);
  if (!color || !color.startsWith(AXIS)) return others;
  const label = color.slice(AXIS.length).replace("<>", "…").replace(/\s+/g, " ").trim();
  return [...others, { group: BETWEEN, items: [{ value: color, label }] }];
}

/**
 * Address → the choices of colours and the one that is taken; what this run does not offer is its clusters.
 * @param {Place} where
 * @param {Option[]|null} choices
 * @param {string} current
 */
export function showColorBy(where, choices, current) {
  const all = withAxis(choices || [], where.color);
  const offered = all.flatMap(({ items }) => items || []).some(({ value }) => value === where.color);
  const wanted = offered ? where.color : BY_CLUSTER;
  return [changed(all, choices || []), wanted === current ? noUpdate() : wanted];
}

/**
 * @template T
 * @param {T} next
 * @param {T} before
 * @returns {T|unknown} the next value, or nothing new where it is as before
 */
const changed = (next, before) => (JSON.stringify(next) === JSON.stringify(before || null) ? noUpdate() : next);

/**
 * Address → what the server has to know of the colours.
 * @param {Place} where
 * @param {unknown} before
 */
export const coloring = ({ color, read_as, has, also }, before) => changed({ color, read_as, has, also }, before);

/**
 * Address → what cards say beside texts: the column that colours, and those chosen.
 * @param {Place} where
 * @param {unknown} before
 */
export const told = ({ color, cards }, before) => changed({ color, cards }, before);
