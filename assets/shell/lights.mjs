/**
 * What of a place lights rows up – the chosen row, colours, hits, a selection, clusters –, in which order that was asked for,
 * and the tab of the inspector that tells of it.  All of it is in the address, so that a reload shows the same.
 */

/** The lights, in the order that is usual: what an address that does not say it has in front first. */
/** @type {Lamp[]} */
export const LAMPS = ["row", "picked", "hits", "selection", "cluster"];
/** The part of a place that switches each on; hits of a picture have none. */
export const PART_OF = /** @type {const} */ ({ row: "row", picked: "picked", hits: "q", selection: "selected", cluster: "cluster" });
/** @type {Partial<Record<Lamp, string>>} */
const TAB_OF = { row: "point", hits: "search", selection: "selection", cluster: "clusters" };
export const TABS = ["point", "search", "clusters", "selection", "export"];

/**
 * @param {Place} place
 * @param {Lamp} lamp
 * @returns {boolean}
 */
const isOn = (place, lamp) => place[PART_OF[lamp]] !== null;

/**
 * @param {Place} place
 * @returns {Lamp[]} the lights that are on, what was asked last first; among them may be hits, which need no words
 */
export function inOrder(place) {
  const named = /** @type {Lamp[]} */ ((place.lights || "").split("."));
  const said = LAMPS.filter((lamp) => named.includes(lamp)).sort((a, b) => named.indexOf(a) - named.indexOf(b));
  const known = said.filter((lamp) => lamp === "hits" || isOn(place, lamp));
  return [...known, ...LAMPS.filter((lamp) => isOn(place, lamp) && !known.includes(lamp))];
}

/**
 * @param {Place} place
 * @returns {string} the tab that tells of what is in front
 */
const tabOfFront = (place) => inOrder(place).map((lamp) => TAB_OF[lamp]).find(Boolean) || "point";

/**
 * @param {Place} place
 * @returns {string} the tab that is open
 */
export const tabOf = (place) => place.tab || tabOfFront(place);

/**
 * @param {string} tab
 * @returns {Lamp|undefined} the light that a tab tells of
 */
export const lampOf = (tab) => LAMPS.find((lamp) => TAB_OF[lamp] === tab);

/**
 * @param {Place} place
 * @returns {Place} the same, with an order and a tab only where they are not as usual
 */
export function plain(place) {
  const order = inOrder(place);
  const usual = LAMPS.filter((lamp) => isOn(place, lamp));
  const short = { ...place, lights: order.join() === usual.join() ? null : order.join(".") };
  return { ...short, tab: place.tab === tabOfFront(short) ? null : place.tab };
}

/**
 * What is switched on by a change comes to the front, and its tab is opened; what goes out leaves the tab as it is.
 * @param {Place} before
 * @param {Partial<Place>} changes
 * @param {Lamp[]} [asked] what comes to the front though it is on already, or hits that are still to come
 * @returns {Place}
 */
export function stepped(before, changes, asked = []) {
  const after = { ...before, ...changes };
  const changed = LAMPS.filter((lamp) => after[PART_OF[lamp]] !== before[PART_OF[lamp]]);
  const lit = LAMPS.filter((lamp) => asked.includes(lamp) || (changed.includes(lamp) && isOn(after, lamp)));
  const stays = inOrder(before).filter((lamp) => !lit.includes(lamp) && (isOn(after, lamp) || !changed.includes(lamp)));
  const opens = lit.some((lamp) => TAB_OF[lamp]);
  return plain({ ...after, lights: [...lit, ...stays].join("."), tab: changes.tab || (opens ? null : tabOf(before)) });
}

/**
 * @param {Place} place
 * @returns {Place} the place without its picture's hits, which went out
 */
export function withoutPicture(place) {
  const order = inOrder(place).filter((lamp) => lamp !== "hits" || isOn(place, lamp));
  return plain({ ...place, lights: order.join("."), tab: tabOf(place) });
}
