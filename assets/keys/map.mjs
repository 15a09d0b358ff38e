/**
 * The map by keyboard: one stop of the Tab key, on which arrows go from point to point, Enter opens, + − 0 zoom; and "/"
 * leads to the search from anywhere.  Shift and the arrows move the map; in space they turn it (space/space.mjs).
 */
import * as camera from "../map/camera.mjs";
import { fit } from "../map/compose.mjs";
import { choose } from "../map/events.mjs";
import { nearestRow } from "../map/grid.mjs";
import { onMap, stats } from "../map/state.mjs";
import { here } from "../shell/address.mjs";
import { setProps } from "../shell/dash.mjs";
import { byId, closest, every, fieldById, one } from "../shell/dom.mjs";
import { byKeyboard } from "../shell/refocus.mjs";
import { say } from "../shell/say.mjs";
import * as cursor from "./cursor.mjs";
import { nextRow } from "./nearest.mjs";

const STOP = "#map-keys";
const WRITING = "input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable=true], dialog, [role=dialog]";
const BEGINS = "[data-press=explore], #explore";
const FEW = 2_000;
const APART_PX = 6;
const NEARER = 0.6;
const SHIFT_PX = 90;
const WAIT_MS = 10_000;
/** @type {Record<string, {x: number, y: number, words: string}>} */
const ARROWS = {
  ArrowLeft: { x: -1, y: 0, words: "to the left" },
  ArrowRight: { x: 1, y: 0, words: "to the right" },
  ArrowUp: { x: 0, y: 1, words: "above" },
  ArrowDown: { x: 0, y: -1, words: "below" },
};

/** @returns {number} the row that is open, if it is on the map; else -1 */
function opened() {
  const { points } = onMap;
  const { row } = here();
  return row !== null && row < points.n && !Number.isNaN(points.x[row]) ? row : -1;
}

/** @returns {number} where to begin: at the open row, else at what is nearest to the middle; -1: nothing */
function first() {
  const { points, element } = onMap;
  const frame = camera.scale(element);
  if (!frame) return -1;
  if (opened() >= 0) return opened();
  const [x, y] = frame.map(frame.width / 2, frame.height / 2);
  for (let reach = 16; reach < 8 * (frame.width + frame.height); reach *= 2) {
    const found = nearestRow(points, x, y, reach / frame.perX);
    if (found >= 0) return found;
  }
  return -1;
}

/**
 * Go to the next point in a direction; where very many are in view, to the next that can be told apart from this one.
 * @param {string} key
 */
function walk(key) {
  const { words, ...step } = ARROWS[key];
  const from = cursor.row() < 0 ? opened() : cursor.row();
  const frame = camera.scale(onMap.element);
  if (!frame) return;
  const apart = stats.inView > FEW ? APART_PX / frame.perX : 0;
  const began = performance.now();
  const next = from < 0 ? first() : nextRow(onMap.points, from, step, apart);
  stats.keyMs = performance.now() - began;
  if (next >= 0) cursor.moveTo(next);
  else say(`No point further ${words}.`);
}

/**
 * Zoom about the point that the keyboard is at.
 * @param {number} factor
 */
function zoom(factor) {
  const { element, points } = onMap;
  const frame = camera.scale(element);
  if (!frame) return;
  const at = cursor.row();
  const [left, top] = at < 0 ? [frame.width / 2, frame.height / 2] : frame.px(points.x[at], points.y[at]);
  camera.zoom(element, factor, left, top);
}

/** Go to the list of the open row's neighbours, once it is there. */
function toNeighbors() {
  setProps("inspector-tabs", { value: "point" });
  const until = Date.now() + WAIT_MS;
  const look = () => {
    const card = one(document, "#point-neighbors > .cards a.card");
    if (card && card.offsetParent) card.focus();
    else if (Date.now() < until) setTimeout(look, 50);
  };
  look();
}

/** Open the point that the keyboard is at; the one that is open: go to its neighbours. */
function open() {
  const at = cursor.row() < 0 ? first() : cursor.row();
  if (at < 0) return;
  if (at === here().row) {
    toNeighbors();
    return;
  }
  cursor.moveTo(at);
  cursor.leave();
  choose(at);
  cursor.wordsFor(at).then(
    (words) => say(`Opened: ${words} Press Enter again to go to its neighbours.`),
    () => undefined, // what cannot be had is said by the inspector
  );
}

/**
 * Shift the map by a part of it.
 * @param {string} key
 */
function shift(key) {
  const { x, y } = ARROWS[key];
  camera.pan(onMap.element, -x * SHIFT_PX, y * SHIFT_PX, false);
}

/** @type {Record<string, () => void>} */
const ACTS = {
  Enter: open,
  "+": () => zoom(NEARER),
  "=": () => zoom(NEARER),
  "-": () => zoom(1 / NEARER),
  "−": () => zoom(1 / NEARER),
  0: () => fit(onMap.element),
};

/**
 * Lead to the search box.
 * @param {KeyboardEvent} event
 */
function toSearch(event) {
  const box = fieldById("search-box");
  if (!box || box.disabled || !box.offsetParent) return;
  event.preventDefault();
  box.focus();
  box.select();
}

/** @param {KeyboardEvent} event */
function followKey(event) {
  const { key, shiftKey } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (key === "/" && !closest(event, WRITING)) {
    toSearch(event);
    return;
  }
  if (!closest(event, STOP) || !onMap.points || !onMap.shown) return;
  if (shiftKey && key in ARROWS && onMap.points.turn) return; // it is turned
  const act = key in ARROWS ? () => (shiftKey ? shift(key) : walk(key)) : ACTS[key];
  if (!act) return;
  event.preventDefault();
  byId("map-keys").classList.add("by-key");
  act();
}

/** Whoever comes by keyboard is at a point at once. */
function enter() {
  if (!byKeyboard() || !onMap.points || !onMap.shown) return;
  const at = cursor.isInSight() ? cursor.row() : first();
  if (at >= 0) cursor.moveTo(at);
}

/**
 * A press on the map makes it the one that the keys are for.
 * @param {Event} event
 */
function pressed(event) {
  if (!closest(event, "#map .js-plotly-plot")) return;
  cursor.forget(); // the arrows go on from what the press has opened
  byId("map-keys").classList.remove("by-key");
  byId("map-keys").focus({ preventScroll: true });
}

/**
 * Lead past everything to the map, where there is one; past the settings to the button that begins.
 * @param {Event} event
 */
function skip(event) {
  const past = closest(event, "a.skip[href='#stage']") ? STOP : closest(event, "a.to-explore") ? BEGINS : "";
  const next = past && every(document, past).find((other) => other.offsetParent);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Listen to the keys. */
export function listen() {
  document.addEventListener("keydown", followKey);
  document.addEventListener("click", pressed);
  document.addEventListener("click", skip);
  document.addEventListener("focusin", (event) => {
    if (closest(event, STOP)) enter();
  });
  document.addEventListener("focusout", (event) => {
    if (closest(event, STOP)) cursor.leave();
  });
  cursor.listen();
}
