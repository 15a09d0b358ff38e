/**
 * How the rows of a run are arranged: as its map, or otherwise.  Every arrangement has points of its own, with other
 * coordinates for the same rows, so that click, hover, lasso, search, colours and names work in all of them.
 * Those who make one register it here; this file offers the choice and keeps what was made.
 */
import { go } from "../shell/address.mjs";
import { byId } from "../shell/dom.mjs";

/** @type {Arrangement} */
const MAP = { name: null, title: "Map", hint: "The map in two dimensions", offered: () => true };
const known = [MAP];
/** @type {{from: Points, name: string|null, coming: Promise<Points>}|null} */
let last = null;

/**
 * Offer an arrangement.
 * @param {Arrangement} made name (in the address, `arrangement=`), title and hint (of its button), offered(view, points) → boolean,
 *   arrange(points, view) → Promise of points from `placed`, with `arrangement` set to its name, press() where
 *   its button does more than go there
 */
export function register(made) {
  known.push(made);
}

/**
 * @param {View} view
 * @param {Points} points
 * @returns {Arrangement[]} the arrangements that make sense for a run
 */
const offeredOf = (view, points) => known.filter(({ offered }) => offered(view, points));

/**
 * @param {Points} points
 * @param {View} view
 * @param {Place|null} place
 * @returns {Promise<Points>} the points as the place wants them arranged; as the map where that is not offered
 */
export async function arranged(points, view, place) {
  const wanted = place && place.run === view.run ? place.arrangement : null;
  const made = known.find(({ name }) => name === wanted);
  if (!made || made === MAP || !made.arrange || !made.offered(view, points)) return points;
  const same = last && last.from === points && last.name === made.name ? last : null;
  last = same || { from: points, name: made.name, coming: made.arrange(points, view) };
  const { coming } = last;
  return coming.catch((error) => {
    if (last && last.coming === coming) last = null;
    throw error;
  });
}

/**
 * @param {Arrangement} arrangement
 * @param {string|null} current
 * @returns {HTMLElement} the button of an arrangement
 */
function button({ name, title, hint, press }, current) {
  const made = document.createElement("button");
  Object.assign(made, { className: "ghost", textContent: title, title: hint });
  made.dataset.arrangement = name || "map";
  made.setAttribute("aria-pressed", String(name === current));
  made.addEventListener("click", () => (press && name !== current ? press() : go({ arrangement: name })));
  return made;
}

/**
 * Offer what there is to choose from; nothing where there is only the map.
 * @param {View|null} view
 * @param {Points|null} points
 */
export function offer(view, points) {
  const box = byId("map-arrangements");
  const offered = view && points ? offeredOf(view, points) : [];
  const current = points ? points.arrangement || null : null;
  const key = [...offered.map(({ name }) => name), "|", current].join();
  if (!box || box.dataset.key === key) return;
  box.dataset.key = key;
  box.hidden = offered.length < 2;
  box.replaceChildren(...offered.map((one) => button(one, current)));
}

/**
 * @param {string|null|undefined} wanted
 * @returns {string} what the button of an arrangement says
 */
export const titleOf = (wanted) => (known.find(({ name }) => name === wanted) || MAP).title;

/**
 * Tell those who want to know what is on the map now, and of which run; null for nothing.
 * @param {Points|null} points
 * @param {string|null} run
 */
export const tell = (points, run) => known.forEach(({ shown }) => shown && shown(points, run));
