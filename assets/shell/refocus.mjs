/**
 * Keeps the keyboard's focus where it was when what it was on is drawn anew: on the same thing, or on the one in its place.
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
  draw();
  const next = before && found(region, before);
  if (next) next.focus({ preventScroll: true });
  if (next && seen) next.scrollIntoView({ block: "nearest" });
  return Boolean(next) && seen;
}
