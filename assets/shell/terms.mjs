/**
 * What opens behind a “?”: a term explained.  Popovers of the browser's own, which open and close by click and by key, Escape
 * too, and give the focus back; here they are found, put in place, and told which report they lead to.
 */
import { here } from "./address.mjs";
import { byId, closest, make, one } from "./dom.mjs";
import { runUrl } from "./server.mjs";

const GAP_PX = 6;
/** @type {WeakMap<HTMLElement, HTMLElement>} the “?” that a note was opened from last */
const openers = new WeakMap();

/**
 * @param {{left: number, top: number, bottom: number}} button
 * @param {Size} note
 * @param {Size} window
 * @returns {{left: number, top: number}} where a note is whole and in sight: below its button, or above it where that is better
 */
export function spot(button, note, window) {
  const below = button.bottom + GAP_PX;
  const above = button.top - GAP_PX - note.height;
  const top = below + note.height + GAP_PX <= window.height || above < GAP_PX ? below : above;
  /** @param {number} at @param {number} length @param {number} all */
  const inside = (at, length, all) => Math.max(GAP_PX, Math.min(at, all - length - GAP_PX));
  return { left: inside(button.left, note.width, window.width), top: inside(top, note.height, window.height) };
}

/**
 * @param {{key: string, question: string}} term
 * @returns {HTMLElement} the “?” of a term
 */
export function ask({ key, question }) {
  const button = make("button", "ask", "?");
  button.type = "button";
  button.dataset.term = key;
  button.setAttribute("aria-label", question);
  const joined = make("span", "", "\u00a0"); // on the line of the word before it
  joined.append(button);
  return joined;
}

/**
 * A “?” is about to be pressed: say to the browser what it opens.
 * @param {Event} event
 */
function prepare(event) {
  const button = /** @type {HTMLButtonElement|null} */ (closest(event, ".ask[data-term]"));
  const note = button && byId(`term-${button.dataset.term}`);
  if (!button || !note || !("popover" in note)) return;
  Object.assign(note, { hidden: false, popover: "auto", autofocus: true });
  button.popoverTargetElement = note;
  openers.set(note, button);
  const link = /** @type {HTMLAnchorElement} */ (one(note, "a"));
  const { run } = here();
  const isThere = run !== null && one(document, ".shell.is-done") !== null; // a map that failed has no report
  link.hidden = !isThere;
  if (isThere) link.href = runUrl(run, `report.html?inline=true#${link.dataset.section}`);
}

/**
 * A note has opened: put it beside its button.
 * @param {Event} event
 */
function place(event) {
  const note = /** @type {HTMLElement|null} */ (closest(event, ".term-note"));
  if (!note || /** @type {ToggleEvent} */ (event).newState !== "open") return;
  const button = openers.get(note);
  if (!button) return;
  const { left, top } = spot(button.getBoundingClientRect(), note.getBoundingClientRect(), {
    width: document.documentElement.clientWidth,
    height: document.documentElement.clientHeight,
  });
  Object.assign(note.style, { left: `${left}px`, top: `${top}px` });
}

/** Listen to the questions. */
export function listen() {
  document.addEventListener("pointerdown", prepare, true);
  document.addEventListener("click", prepare, true);
  document.addEventListener("toggle", place, true);
}
