/**
 * How large and how opaque points are: automatic by their number, or as a user sets it, kept in this browser.
 * It draws nothing; it says what to draw with, and fills the controls that set it.
 */
import { byId, closest, one } from "../shell/dom.mjs";

const KEPT = "explorer-points";
/** @type {Record<string, number|null>} */
const AUTOMATIC = { size: null, opacity: null, pictures: null };
const DOUBLE = 4;
let chosen = remembered();
/** @type {() => void} */
let changed = () => undefined;
let frame = 0;

/** @returns {Record<string, number|null>} size and pictures in steps, opacity in percent; null is automatic */
function remembered() {
  try {
    const kept = JSON.parse(window.localStorage.getItem(KEPT) || "null");
    /** @param {number} value */
    const number = (value) => (Number.isFinite(value) ? value : null);
    const { size, opacity, pictures } = kept || AUTOMATIC;
    return { size: number(size), opacity: number(opacity), pictures: number(pictures) };
  } catch {
    return AUTOMATIC; // no storage, or something else in it
  }
}

/**
 * @param {number} n
 * @param {boolean} complete
 * @returns {{size: number, opacity: number}} what suits the number of points in view
 */
function automatic(n, complete) {
  if (!complete) return { size: 3.2, opacity: 0.9 };
  const size = n < 400 ? 10 : n < 1500 ? 8 : n < 6000 ? 6 : n < 25000 ? 5 : n < 120000 ? 3.5 : 2.5;
  return { size, opacity: n < 25000 ? 0.85 : 0.65 };
}

/**
 * @param {number} n
 * @param {boolean} [complete]
 * @returns {Look} marker size in pixels and opacity; *set*: the opacity is the user's
 */
export function lookFor(n, complete = true) {
  const { size, opacity } = automatic(n, complete);
  const set = chosen.opacity !== null;
  return { size: size * 2 ** ((chosen.size || 0) / DOUBLE), opacity: set ? Number(chosen.opacity) / 100 : opacity, set };
}

/** @returns {number} how much larger pictures are than they choose themselves */
export const pictureSize = () => 2 ** ((chosen.pictures || 0) / DOUBLE);

/**
 * @param {string} name
 * @returns {string} what a control is at
 */
function words(name) {
  const value = chosen[name];
  if (value === null || (name !== "opacity" && value === 0)) return "automatic";
  return name !== "opacity" ? `× ${(2 ** (value / DOUBLE)).toPrecision(2)}` : `${value} %`;
}

/**
 * Show what is chosen.
 * @param {HTMLElement} box
 */
function show(box) {
  box.querySelectorAll("input").forEach((input) => {
    const value = chosen[input.name];
    input.value = String(value === null ? input.dataset.rest : value);
    input.setAttribute("aria-valuetext", words(input.name));
    one(box, `output[data-of=${input.name}]`).textContent = words(input.name);
  });
}

/**
 * Choose, keep, and draw once a frame at most.
 * @param {Record<string, number|null>} change
 * @param {HTMLElement} box
 */
function choose(change, box) {
  chosen = { ...chosen, ...change };
  try {
    window.localStorage.setItem(KEPT, JSON.stringify(chosen));
  } catch {
    // It holds for this page then.
  }
  show(box);
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => changed());
}

/**
 * @param {string} name
 * @param {string} title
 * @param {number} low
 * @param {number} high
 * @param {number} rest
 * @param {number} step
 * @returns {HTMLElement} a slider with its name and where it is
 */
function slider(name, title, low, high, rest, step) {
  const line = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type: "range", name, min: low, max: high, step });
  input.dataset.rest = String(rest);
  input.setAttribute("aria-label", title);
  const at = document.createElement("output");
  at.dataset.of = name;
  const caption = document.createElement("span");
  caption.append(title, at);
  line.append(caption, input);
  return line;
}

/**
 * Fold the controls when a hand is elsewhere.
 * @param {Event} event
 */
function foldAway(event) {
  const menu = /** @type {HTMLDetailsElement} */ (byId("map-look"));
  const elsewhere = event instanceof KeyboardEvent ? event.key === "Escape" : closest(event, "#map-look") === null;
  if (!menu || !menu.open || !elsewhere) return;
  const inside = menu.contains(document.activeElement);
  menu.open = false;
  if (!(event instanceof KeyboardEvent)) return;
  event.stopPropagation(); // the step back is taken
  if (inside) one(menu, "summary").focus();
}

/** Fill the controls, once. */
export function fillLook() {
  const box = byId("map-look-body");
  if (!box || box.childElementCount) return;
  const back = Object.assign(document.createElement("button"), { className: "ghost", textContent: "Automatic" });
  back.addEventListener("click", () => choose(AUTOMATIC, box));
  const pictures = slider("pictures", "Picture size", -4, 4, 0, 1);
  pictures.hidden = true; // pictures.js shows it where there are some
  box.append(slider("size", "Size", -8, 8, 0, 1), slider("opacity", "Opacity", 5, 100, 85, 5), pictures, back);
  box.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement) choose({ [target.name]: Number(target.value) }, box);
  });
  show(box);
}

/**
 * Have somebody draw anew when something else is chosen, and fold the controls when a hand is elsewhere.
 * @param {() => void} drawAnew
 */
export function listen(drawAnew) {
  changed = drawAnew;
  ["pointerdown", "keydown"].forEach((kind) => document.addEventListener(kind, foldAway, true));
}
