/**
 * Which of the two panels beside the map are open, as attributes of the page that the style sheets follow.
 * A wide window keeps what was folded away; on a narrow one the panels lie over the map and open when asked for.
 */
import { here as place } from "./address.mjs";
import { setProps } from "./dash.mjs";
import { byId, closest, every, one } from "./dom.mjs";
import { inOrder } from "./lights.mjs";
import { follows } from "./recut.mjs";
import { byKeyboard } from "./refocus.mjs";

const [STORE, OPEN] = ["folded-panels", "details-open-over"];
/** @type {["side", "inspector"]} */
const PANELS = ["side", "inspector"];
const narrow = () => window.matchMedia("(width <= 1100px)");
/** What of the page's steps is on screen, and of which run; the open fold that was asked for last; whether all stays as it is. */
const here = { step: "", run: "", fold: "", stay: false };

/** @returns {Record<string, boolean>} the panels that the user has folded away */
function folded() {
  try {
    return JSON.parse(window.localStorage.getItem(STORE) || "{}") || {};
  } catch {
    return {};
  }
}

/** How long a part of the side takes to unfold. */
const UNFOLDED_MS = 260;

/** @param {string} panel */
const isOpen = (panel) => document.documentElement.dataset[panel] !== "closed";

/** Tell the buttons what they have opened. */
function tell() {
  every(document, "[data-fold]").forEach((button) => {
    button.setAttribute("aria-expanded", String(isOpen("side") && button.dataset.fold === here.fold));
  });
  every(document, "[data-panel]").forEach((button) => {
    button.setAttribute("aria-expanded", String(isOpen(String(button.dataset.panel))));
  });
}

/**
 * @param {string} panel
 * @param {boolean} open
 */
function show(panel, open) {
  document.documentElement.dataset[panel] = open ? "open" : "closed";
  if (panel === "inspector") keepOpen(open);
  if (panel === "side" && !open) here.fold = "";
  if (open && narrow().matches) PANELS.filter((other) => other !== panel).forEach((other) => show(other, false));
  tell();
}

/**
 * Show or fold a panel because the user says so; a wide window remembers it of the inspector.
 * @param {string} panel
 * @param {boolean} open
 */
function choose(panel, open) {
  show(panel, open);
  if (narrow().matches || panel === "side") return;
  try {
    window.localStorage.setItem(STORE, JSON.stringify({ ...folded(), [panel]: !open }));
  } catch {
    // no storage: it holds as long as the page does
  }
}

/**
 * Have this tab know whether the details are open over the map, for when it is loaded again; until it knows which map there
 * is, it says nothing of it.
 * @param {boolean} open
 */
function keepOpen(open) {
  try {
    if (here.run && narrow().matches) window.sessionStorage.setItem(OPEN, open ? here.run : "");
  } catch {
    // no storage: they are shut after a reload
  }
}

/** @returns {boolean} whether the address has something that the details tell of */
function tells() {
  const at = place();
  return Boolean(at.tab) || inOrder(at).some((lamp) => lamp !== "picked");
}

/**
 * @returns {boolean} whether the details were open over this map when the tab showed it last, and have something to tell; in a
 *   tab that has shown none, whether the address names a point: whoever follows a link to it is to read it
 */
function wasOpen() {
  try {
    const kept = window.sessionStorage.getItem(OPEN);
    return here.run !== "" && (kept === null ? place().row !== null : kept === here.run && tells());
  } catch {
    return false;
  }
}

/** Have the panels as the step on screen wants them: the settings give way to a map that is there. */
function arrange() {
  show("side", here.step === "start" && !narrow().matches);
  show("inspector", narrow().matches ? wasOpen() : !folded().inspector);
}

/**
 * The parts of the side that are open are others now: a button of one that is not among them opens it.
 * @param {string[]} open
 */
export function refolded(open) {
  if (!open.includes(here.fold)) here.fold = "";
  tell();
}

/** Have the side begin with what has just been opened in it. */
export const toTop = () => one(document, ".side-scroll")?.scrollTo(0, 0);

/**
 * Another step, or another run: while a run is made the panels stay as they are, and where it is the one that was on screen with
 * other clusters.
 * @param {string} step start, busy or done
 * @param {string} run
 */
export function follow(step, run) {
  if (step === here.step && run === here.run) return;
  const first = here.step === "";
  const stay = run === here.run ? here.stay : follows(here.run, run);
  Object.assign(here, { step, run, stay });
  if (stay) keepOpen(isOpen("inspector"));
  else if (step !== "busy" || first) arrange();
}

/** Something was asked whose answer the inspector has: on a narrow window it comes over the map. */
export function reveal() {
  if (narrow().matches) show("inspector", true);
}

/** A file is to be looked at in the middle of the page: on a narrow window the side gives way to it. */
export function uncover() {
  if (narrow().matches) show("side", false);
}

/**
 * Open a part of the side, or fold the side away when that part is what the button has opened.
 * @param {string} fold
 */
function turn(fold) {
  const shut = isOpen("side") && here.fold === fold;
  here.fold = shut ? "" : fold;
  if (!shut) setProps("side-folds", { value: [fold] });
  choose("side", !shut);
  if (!shut) toTop();
  if (!shut && fold === "library") setTimeout(showCurrent, UNFOLDED_MS);
}

/** Have the map that is on screen in sight in the list of all. */
function showCurrent() {
  const current = one(document, ".library-maps .library-row[aria-current]");
  const scroller = current && one(document, ".side-scroll");
  if (!current || !scroller) return;
  const [row, box] = [current, scroller].map((part) => part.getBoundingClientRect());
  if (row.bottom > box.bottom || row.top < box.top) scroller.scrollTo(0, scroller.scrollTop + row.top - box.top - box.height / 3);
}

/** @param {Event} event */
function followClick(event) {
  const part = closest(event, "[data-fold]");
  const panel = closest(event, "[data-panel]");
  const press = closest(event, "[data-press]");
  if (part) turn(String(part.dataset.fold));
  if (panel) choose(String(panel.dataset.panel), !isOpen(String(panel.dataset.panel)));
  if (press) byId(String(press.dataset.press)).click();
  if (narrow().matches && !part && closest(event, "#map-holder, #start")) show("side", false);
}

/**
 * @param {Box} outer
 * @param {Box} inner
 * @returns {boolean} whether nothing of a box is beside another one
 */
export const isWithin = (outer, inner) =>
  inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;

/**
 * The keyboard is on something of the stage: a panel that lies over all of it gives way.
 * @param {FocusEvent} event
 */
function followFocus(event) {
  const reached = closest(event, "#stage *");
  if (!reached || !narrow().matches || !byKeyboard()) return;
  const box = reached.getBoundingClientRect();
  PANELS.filter((panel) => isOpen(panel) && isWithin(byId(panel).getBoundingClientRect(), box)).forEach((panel) => show(panel, false));
}

/** Listen to the buttons that open and fold, to where the keyboard is, and to the width of the window. */
export function listen() {
  document.addEventListener("click", followClick);
  document.addEventListener("focusin", followFocus);
  narrow().addEventListener("change", arrange);
}
