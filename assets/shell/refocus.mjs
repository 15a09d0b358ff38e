/**
 * Keeps the keyboard's focus where it was when what it was on is drawn anew: on the same thing, or on the one in its place.
 * So does what is looked at: a list that is the same but for what it says of each does not move.
 */
import { every, one } from "./dom.mjs";

const REACHED = "a[href], button:not([disabled]), input, select, textarea, summary, [tabindex]";
const NAMED = ["data-cluster", "data-row", "href", "id"];
/** @typedef {{kind: string, names: Record<string, string|null>, at: number}} Held what had the focus */

/**
 * @param {Element} element
 * @returns {string} what an element is one of: cards of neighbours, rows of clusters
 */
const kindOf = (element) => element.getAttribute("data-testid") || `${element.tagName} ${element.className}`;

/**
 * @param {HTMLElement} region
 * @param {string} kind
 */
const ofKind = (region, kind) => every(region, REACHED).filter((one) => kindOf(one) === kind);

/**
 * @param {HTMLElement} region
 * @returns {Held|null} what has the focus in a region
 */
function held(region) {
  const { activeElement: active } = document;
  if (!active || active === region || !region.contains(active)) return null;
  const kind = kindOf(active);
  const names = Object.fromEntries(NAMED.map((name) => [name, active.getAttribute(name)]));
  return { kind, names, at: ofKind(region, kind).indexOf(/** @type {HTMLElement} */ (active)) };
}

/**
 * @param {HTMLElement} region
 * @param {Held} before
 * @returns {HTMLElement} the same thing, or what is in its place; where there is none, the tab that the region is in
 */
function found(region, { kind, names, at }) {
  const alike = ofKind(region, kind);
  const named = NAMED.filter((name) => names[name] !== null);
  const same = alike.find((other) => named.length && named.every((name) => other.getAttribute(name) === names[name]));
  return same || alike[Math.min(at, alike.length - 1)] || one(document, "[role=tab][aria-selected=true]");
}

const LISTED = "[data-cluster], [data-row]";
/** @typedef {{view: HTMLElement, keys: string, at: number, top: number}} Kept what of a list was looked at, and where */

/** @param {HTMLElement} element */
const keyOf = (element) => `${element.dataset.cluster}/${element.dataset.row}`;

/**
 * @param {HTMLElement} region
 * @returns {HTMLElement|null} what scrolls it
 */
function viewOf(region) {
  for (let one = region.parentElement; one; one = one.parentElement) {
    if (one.scrollHeight > one.clientHeight && /auto|scroll/.test(window.getComputedStyle(one).overflowY)) return one;
  }
  return null;
}

/**
 * @param {HTMLElement} region
 * @returns {Kept|null} what is under the pointer or else the first in sight of a list that is scrolled or pointed at
 */
function looked(region) {
  const view = viewOf(region);
  const listed = view ? every(region, LISTED) : [];
  if (!view || !listed.length) return null;
  const pointed = listed.findIndex((one) => one.matches(":hover"));
  const from = view.getBoundingClientRect().top;
  const at = pointed >= 0 ? pointed : view.scrollTop ? listed.findIndex((one) => one.getBoundingClientRect().bottom > from) : -1;
  return at < 0 ? null : { view, keys: listed.map(keyOf).join(), at, top: listed[at].getBoundingClientRect().top };
}

/**
 * What was looked at stays where it was on the screen, if the list has the same as before.
 * @param {HTMLElement} region
 * @param {Kept|null} kept
 */
function keepInSight(region, kept) {
  const listed = kept ? every(region, LISTED) : [];
  if (!kept || listed.map(keyOf).join() !== kept.keys) return;
  kept.view.scrollTop += listed[kept.at].getBoundingClientRect().top - kept.top;
}

/** @returns {boolean} whether the focus is the keyboard's, and therefore seen */
export const byKeyboard = () => Boolean(document.activeElement && document.activeElement.matches(":focus-visible"));

/**
 * Draw a region anew, and leave the focus in it where it was.
 * @param {HTMLElement} region
 * @param {() => void} draw
 * @returns {boolean} whether the keyboard is at work in it, so that what has the focus is to be in sight
 */
export function redrawn(region, draw) {
  const before = held(region);
  const seen = before !== null && byKeyboard();
  const kept = looked(region);
  draw();
  keepInSight(region, kept);
  const next = before && found(region, before);
  if (next) next.focus({ preventScroll: true });
  if (next && seen) next.scrollIntoView({ block: "nearest" });
  return Boolean(next) && seen;
}
