/**
 * Searching by words: the box becomes a part of the address, that part a question to the server.  Of a picture it knows only
 * that one may have been searched by, which no address can hold.
 */
import { LONGEST, go, goTo, here } from "./address.mjs";
import { noUpdate, notify, setProps, setStore } from "./dash.mjs";
import { byId } from "./dom.mjs";
import { inOrder, withoutPicture } from "./lights.mjs";
import { say } from "./say.mjs";
import { inFull, isName, missing, shortened } from "./stash.mjs";

/** What the box was made to say last: for which run, and which words. */
const told = { run: /** @type {string|null} */ (null), q: /** @type {string|null} */ (null) };

/**
 * Search, again if these words are searched already.
 * @param {string} words as they stand in the box
 */
export function searchWords(words) {
  const { run, q } = here();
  const wanted = words.trim() ? shortened(words.trim(), LONGEST.q) : null;
  if (!wanted) return leaveSearch();
  told.q = wanted; // the box says so already, and who types on is not to be overtaken
  if (wanted === q) setStore("search-asked", { run, words: words.trim(), at: Date.now() });
  return go({ q: wanted }, { asked: ["hits"] });
}

/** Have more hits of the search that is on the page. */
export function moreHits() {
  const { run, q } = here();
  const words = q && inFull(q);
  if (words) setStore("search-asked", { run, words, more: true, at: Date.now() });
}

/**
 * Put a part of a sum of meanings into the box, behind what is there of one, for more to be typed.
 * @param {string} part such as "#17"
 */
export function addToSum(part) {
  const field = /** @type {HTMLInputElement} */ (byId("search-box"));
  const said = field.value.trim();
  const value = said.startsWith("=") ? (said.length > 1 ? `${said} + ${part}` : `= ${part}`) : `= ${part}`;
  setProps("search-box", { value });
  field.focus();
  say(`The box says ${value}. Add words with plus or minus, and press Enter.`);
}

/** Leave the search, that by a picture too, and the box empty. */
export function leaveSearch() {
  setProps("search-box", { value: "" });
  dropSearch();
}

/** Leave the search, and what is in the box as it is. */
export function dropSearch() {
  setStore("hits", null);
  const at = here();
  if (at.q) go({ q: null });
  else goTo(withoutPicture(at), true);
}

/**
 * @param {string} words
 * @returns {boolean} whether they are a sum that the selected rows are part of
 */
const ofSelection = (words) => /^\s*=/.test(words) && /(^|[\s=+*-])selection(\s|$)/i.test(words);

/**
 * Address → what is asked of the server, once there is a map; hits that answer nothing of it go.
 * @param {Place} place
 * @param {string|null} shown the run on the map
 * @param {{run: string, words: string, shape?: object}|null} before
 * @param {Hits|null} hits
 * @param {{run: string, shape: object}|null} selection
 * @returns {unknown[]}
 */
export function asked(place, shown, selection, before, hits) {
  const { run, q } = place;
  const same = noUpdate();
  const words = q && run === shown ? inFull(q) : null;
  if (q && run === shown && words === null) {
    notify(missing("The search"), "info");
    go({ q: null }, { instead: true });
  }
  const meant = words && ofSelection(words);
  const shape = meant && selection && selection.run === run ? selection.shape : undefined;
  if (meant && place.selected && !shape) return [same, same]; // what is selected is about to be known
  const wanted = words && run ? { run, words, ...(shape ? { shape } : {}) } : null;
  const stale = hits && (hits.run !== run || !(hits.picture ? !q && inOrder(place).includes("hits") : wanted));
  if (wanted && before && before.run === run && before.words === words && JSON.stringify(before.shape) === JSON.stringify(shape)) return [same, stale ? null : same];
  return [wanted || before ? wanted : same, stale ? null : same];
}

/**
 * Address → the words in the box, when they have changed elsewhere than in it.
 * @param {Place} place
 * @returns {unknown}
 */
export function box({ run, q }) {
  if (q === told.q && (run === told.run || q)) return noUpdate();
  Object.assign(told, { run, q });
  return q && !isName(q) ? q : inFull(q || "") || "";
}
