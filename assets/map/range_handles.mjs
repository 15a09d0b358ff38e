/**
 * The range on a legend's scale as a hand meets it: a histogram of the values above it, two handles below it, and in
 * words what is bright (range.mjs).
 */
import { here, pickBright } from "../shell/address.mjs";
import { byId, closest, drawn, enable, every, one } from "../shell/dom.mjs";
import { glimpse } from "./compose.mjs";
import { HIGH, LAST, countsOf, isWhole, outline, sentence, within, written } from "./range.mjs";

const REST_MS = 250;
const PLAY_MS = 120;
/** What begins to move where all is bright: the first fifth of the scale. */
const FIRST_SPAN = [0, Math.round(LAST / 5)];
const PLAY_STEP = 2;
const state = {
  column: /** @type {Column} */ (/** @type {any} */ (null)),
  counts: new Uint32Array(0),
  range: [0, LAST],
  held: false,
  frame: 0,
  timer: 0,
  playing: 0,
};

/**
 * @param {Uint32Array} counts
 * @returns {SVGElement} how many rows lie where on the scale; what is outside of the range is pale
 */
function histogram(counts) {
  const d = outline(counts);
  const paths = ["all", "in"].map((name) => drawn("path", { d, class: name }));
  const viewBox = `0 0 ${LAST + 1} ${HIGH}`;
  return drawn("svg", { class: "legend-histogram", viewBox, preserveAspectRatio: "none", "aria-hidden": "true" }, paths);
}

/**
 * @param {string} name
 * @param {string} title
 * @param {number} at
 * @returns {HTMLInputElement} a handle; both lie over each other, and only their thumbs take the pointer
 */
function handle(name, title, at) {
  const input = document.createElement("input");
  Object.assign(input, { type: "range", min: 0, max: LAST, step: 1, value: at, className: "legend-handle" });
  input.dataset.end = name;
  input.setAttribute("aria-label", title);
  return input;
}

/**
 * @param {Column} column
 * @returns {{above: Element[], below: Element[]}} what stands above the ramp of a scale, and the handles below it
 */
export function rangeParts(column) {
  cancel();
  Object.assign(state, { column, counts: countsOf(column), range: [0, LAST] });
  const span = document.createElement("div");
  span.className = "legend-handles";
  const title = column.title || column.column;
  span.append(handle("low", `${title}: from`, 0), handle("high", `${title}: up to`, LAST));
  return { above: [histogram(state.counts)], below: column.low === column.high ? [] : [span] };
}

/**
 * @param {string} words
 * @param {string} name
 * @param {string} hint
 * @returns {HTMLElement} a quiet button
 */
function button(words, name, hint) {
  const made = document.createElement("button");
  Object.assign(made, { className: "ghost", textContent: words, title: hint });
  made.dataset[name] = "1";
  return made;
}

/**
 * @param {Column} column
 * @returns {HTMLElement[]} where it is said what is bright, the way back and, for dates, the walk through time
 */
export function rangeWords(column) {
  if (column.low === column.high) return [];
  const box = document.createElement("div");
  box.className = "legend-range";
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const play = column.kind === "date" ? [button("Play", "play", "Move a span along the scale")] : [];
  box.append(said, ...play, button("Show all", "rangeAll", "Show all rows bright"));
  return [box];
}

/**
 * Show a range in the handles, the histogram and the words.
 * @param {number[]} range
 */
function mark(range) {
  const box = byId("map-legend");
  const handles = /** @type {HTMLInputElement[]} */ (every(box, ".legend-handle"));
  state.range = range;
  if (!handles.length) return;
  handles.forEach((input, end) => {
    const value = within(state.column, state.counts, range)[end ? "last" : "first"];
    input.value = String(range[end]);
    input.setAttribute("aria-valuetext", value === null ? "no row" : written(value));
    input.classList.toggle("on-top", end === 0 && range[0] > LAST / 2);
  });
  const [left, right] = [(100 * range[0]) / (LAST + 1), 100 - (100 * (range[1] + 1)) / (LAST + 1)];
  one(box, ".legend-histogram .in").style.clipPath = `inset(0 ${right}% 0 ${left}%)`;
  one(box, ".legend-range p").textContent = sentence(state.column, state.counts, range);
  every(box, ".legend-range [data-range-all]").forEach((button) => enable(button, !isWhole(range)));
}

/**
 * Show what the address says, unless a hand is on a handle.
 * @param {number[]|null} range
 */
export function showRange(range) {
  if (!state.held && !state.playing) mark(range || [0, LAST]);
}

/** Keep the range in the address; where it is there already, have the map drawn as it was. */
function keep() {
  cancel();
  const range = isWhole(state.range) ? null : state.range;
  if ((here().picked || "") === (range || []).join("-")) glimpse(null);
  else pickBright({ range });
}

/**
 * Show a range at once, a frame at most, and keep it when the hand rests.
 * @param {number[]} range
 */
function move(range) {
  mark(range);
  if (!state.frame) {
    state.frame = requestAnimationFrame(() => {
      state.frame = 0;
      glimpse({ range: isWhole(state.range) ? null : state.range });
    });
  }
  clearTimeout(state.timer);
  if (!state.held && !state.playing) state.timer = setTimeout(keep, REST_MS);
}

/** Leave what is under way. */
function cancel() {
  clearTimeout(state.timer);
  clearInterval(state.playing);
  cancelAnimationFrame(state.frame);
  Object.assign(state, { held: false, frame: 0, playing: 0 });
  document.querySelectorAll("#map-legend [data-play]").forEach((one) => (one.textContent = "Play"));
}

/**
 * A handle moves; it pushes the other one rather than pass it.
 * @param {HTMLInputElement} pressed
 */
function slide({ dataset, value }) {
  const at = Number(value);
  const [low, high] = state.range;
  move(dataset.end === "low" ? [at, Math.max(at, high)] : [Math.min(at, low), at]);
}

/** Move the span along the scale, and from its end back to its beginning. */
function advance() {
  const [low, high] = state.range;
  const by = high === LAST ? -low : Math.min(PLAY_STEP, LAST - high);
  move([low + by, high + by]);
}

/**
 * Start or stop the walk of the span along the scale.
 * @param {HTMLElement} pressed
 */
function play(pressed) {
  if (state.playing) return keep();
  Object.assign(state, { playing: setInterval(advance, PLAY_MS) });
  if (isWhole(state.range)) move(FIRST_SPAN); // all of it has nowhere to go
  pressed.textContent = "Stop";
  return null;
}

/** Show all rows bright. */
function leave() {
  mark([0, LAST]);
  keep();
}

/**
 * @param {Event} event
 * @param {string} selector
 */
const on = (event, selector) => closest(event, `#map-legend ${selector}`);

/**
 * A handle is taken.
 * @param {Event} event
 */
function hold(event) {
  if (!on(event, ".legend-handle")) return;
  cancel();
  state.held = true;
}

/** A hand lets go. */
function letGo() {
  if (state.held) keep();
}

/**
 * A press on a button below the scale.
 * @param {Event} event
 */
function followClick(event) {
  if (on(event, "[data-range-all]")) leave();
  const pressed = on(event, "[data-play]");
  if (pressed) play(pressed);
}

/** Listen to the handles and the buttons of the scale. */
export function listen() {
  document.addEventListener("input", (event) => {
    const handle = on(event, ".legend-handle");
    if (handle) slide(/** @type {HTMLInputElement} */ (handle));
  });
  document.addEventListener("pointerdown", hold);
  ["pointerup", "pointercancel"].forEach((kind) => document.addEventListener(kind, letGo));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && on(event, ".legend-handle")) leave();
  });
  document.addEventListener("click", followClick);
}
