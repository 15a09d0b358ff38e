/**
 * The legend of what colours the map: categories, or a scale with its ticks, what it means and what lies beyond it.
 * A category, or several, can be picked to see only those bright.  It colours nothing.
 */
import { pickBright } from "../shell/address.mjs";
import { byId, closest, enable, every, make, one } from "../shell/dom.mjs";
import { ask } from "../shell/terms.mjs";
import { answerParts } from "./legend_answers.mjs";
import { colorParts, followPicked, readingParts } from "./legend_choices.mjs";
import { searchParts } from "./legend_search.mjs";
import { rangeParts, rangeWords, showRange } from "./range_handles.mjs";
import { RAMP_PX, labelled, readable, scaleMarks, spanOf } from "./ticks.mjs";

const NAMES = "Rows are bright wherever they lie. A name stands out where most of its cluster is bright, or a tenth of all that is.";
/** It would lie over the list of names there, and a long one over half of the map: it opens when asked for. */
const narrow = () => window.matchMedia("(width <= 700px)");
/** @type {{key: string, column: Column|null, codes: number[]}} */
const shown = { key: "", column: null, codes: [] };
/** @param {number} number */
const count = (number) => number.toLocaleString("en");
/** @param {number} number */
const rows = (number) => `${count(number)} row${number === 1 ? "" : "s"}`;

/**
 * @param {string} color
 * @param {string} name
 * @param {number} number
 * @param {number|undefined} code
 * @returns {HTMLElement} a colour with its name and the number of its rows; with a code, a button that picks it
 */
function entry(color, name, number, code) {
  const line = make(code === undefined ? "div" : "button", "legend-entry");
  const dot = make("span", "dot");
  dot.style.background = color;
  line.title = name;
  line.append(dot, make("span", "chip-name", name), make("span", "score", count(number)));
  if (code !== undefined) Object.assign(line.dataset, { code });
  return line;
}

/**
 * @param {Column} column
 * @param {string[]} colors
 * @returns {HTMLElement[]} a button for each category, those that were looked for first; the code of the first value is 1,
 *   as `colors` has it
 */
function categories({ values, counts, extra = 0, spellings = {} }, colors) {
  const made = (values || []).map((name, i) => entry(colors[i], name, counts[i], i + 1));
  (values || []).forEach((name, i) => {
    if (spellings[name]) made[i].title = `Written ${spellings[name].map((way) => `“${way}”`).join(", ")}`;
  });
  return extra ? [...made.slice(-extra), ...made.slice(0, -extra)] : made;
}

/**
 * @param {Column} column
 * @returns {HTMLElement[]} that values were put together which are written in several ways, and which
 */
function putTogether({ spellings = {} }) {
  const ways = Object.values(spellings).map((written) => written.map((way) => `“${way}”`).join(", "));
  if (!ways.length) return [];
  const [first] = ways;
  const words = ways.length === 1 ? `${first} count as one.` : `${count(ways.length)} values are written in several ways, such as ${first}; they count as one.`;
  const note = make("p", "legend-note", words);
  note.title = ways.join("\n");
  return [note];
}

/**
 * @param {Column} column
 * @param {string[]} colors
 * @returns {HTMLElement} a bar from low to high with ticks; words that would touch those before them are left out
 */
function scale(column, colors) {
  const ramp = make("div", "legend-ramp");
  ramp.style.background = `linear-gradient(to right, ${colors.join(",")})`;
  const ticks = make("div", "legend-ticks");
  const marks = scaleMarks(column);
  const said = labelled(marks);
  marks.forEach((mark, i) => {
    const tick = make("i", "legend-tick");
    tick.style.left = `${mark.at * 100}%`;
    ticks.append(tick);
    if (!said.includes(i)) return;
    const { middle } = spanOf(mark);
    const label = make("span", "legend-label", mark.words);
    if (mark.whole) label.title = mark.whole;
    label.style.left = `${(middle / RAMP_PX) * 100}%`;
    ticks.append(label);
  });
  const whole = make("div", "legend-scale");
  const { above, below } = rangeParts(column);
  whole.append(...above, ramp, ...below, ticks);
  return whole;
}

/**
 * @param {Column} column
 * @returns {string} what lies beyond the ends of a scale; nothing when all is on it
 */
function beyond({ low, high, min, max, below, above }) {
  const parts = [];
  if (below) parts.push(`${rows(below)} below ${readable(low)} (down to ${readable(min)})`);
  if (above) parts.push(`${rows(above)} above ${readable(high)} (up to ${readable(max)})`);
  if (!parts.length) return "";
  const ends = below && above ? "the first and the last colour" : below ? "the first colour" : "the last colour";
  return `${parts.join(" and ")} ${below + above === 1 ? "has" : "have"} ${ends}.`;
}

/**
 * @param {Column} column
 * @param {string[]} colors
 * @returns {HTMLElement[]} what is said below the title
 */
function lines(column, colors) {
  if (column.kind === "unknown") return [make("p", "legend-note", column.meaning)];
  if (column.kind === "category") return [...categories(column, colors), ...putTogether(column)];
  const said = [column.meaning, beyond(column)].filter(Boolean).map((words) => make("p", "legend-note", words));
  if (column.term && said.length) said[0].append(ask(column.term));
  return column.low === null ? said : [scale(column, colors), ...rangeWords(column), ...said];
}

/**
 * @param {Column} column
 * @returns {HTMLElement[]} a line for the rows without a value, if any
 */
function missing({ kind, missing: number, missing_is: words, colors }) {
  return number ? [entry(colors.missing, words || "no value", number, kind === "category" ? 0 : undefined)] : [];
}

/**
 * @param {Column} column
 * @param {HTMLElement} box
 * @returns {HTMLElement} the name of the column; pressing it folds the legend away
 */
function title(column, box) {
  const made = make("button", "legend-title", column.title || column.column);
  made.title = column.described || "Fold or unfold the legend";
  made.setAttribute("aria-expanded", String(!box.classList.contains("folded")));
  return made;
}

/**
 * @param {Column} column
 * @param {number[]} codes
 * @returns {number} how many rows the picked categories have
 */
const rowsOf = ({ counts, missing: without }, codes) =>
  codes.reduce((sum, code) => sum + (code === 0 ? without : counts[code - 1]), 0);

/** @type {Partial<Record<string, string>>} whose the rows are that are bright instead of those that are picked */
const BRIGHT = { selection: "those selected", hits: "the hits", cluster: "those in focus" };

/**
 * @param {Column} column
 * @param {number[]} codes
 * @param {Light|null} lit what is bright on the map; null: what is picked
 * @returns {string} how many rows are picked and, where something else was asked since, how many are bright
 */
export function pickedWords(column, codes, lit) {
  if (!codes.length) return "Press one or more to see only those";
  const all = column.counts.reduce((sum, number) => sum + number, column.missing);
  const picked = `${count(rowsOf(column, codes))} of ${rows(all)}`;
  if (!lit || lit.name === "picked") return `${picked} bright`;
  if (!lit.mask) return `${picked} picked; all are bright now`;
  return `${picked} picked; bright are ${BRIGHT[lit.name || ""] ?? "others"}: ${count(lit.mask.reduce((sum, one) => sum + one, 0))}`;
}

/**
 * Mark what is picked, and say how many rows that is; the buttons stay, so that the focus does.
 * @param {HTMLElement} box
 * @param {Column} column
 * @param {number[]} codes
 * @param {Light|null} lit
 */
function mark(box, column, codes, lit) {
  every(box, "[data-code]").forEach((button) => {
    button.setAttribute("aria-pressed", String(codes.includes(Number(button.dataset.code))));
  });
  const foot = one(box, ".legend-foot");
  if (!foot) return;
  const [said, back] = foot.children;
  said.textContent = pickedWords(column, codes, lit);
  enable(back, codes.length > 0); // its place stays, so that nothing moves
}

/**
 * @param {Column} column
 * @returns {HTMLElement[]} for categories, what is picked and the way back
 */
function foot({ kind }) {
  if (kind !== "category") return [];
  const made = make("div", "legend-foot");
  const all = make("button", "ghost", "Show all");
  all.dataset.showAll = "1";
  const said = make("span", "note");
  said.setAttribute("role", "status");
  made.append(said, all);
  return [made];
}

/**
 * Say what the colours of a column mean; null for clusters, whose names are on the map.
 * @param {Column|null} column
 * @param {Theme|null} theme
 * @param {number[]} [codes] the picked categories, from 1; 0 is no value
 * @param {number[]|null} [range] the least and the greatest code on the scale that are picked
 * @param {Light|null} [lit] what is bright on the map, where that may be something else
 */
export function showLegend(column, theme, codes = [], range = null, lit = null) {
  const box = byId("map-legend");
  box.classList.toggle("shown", Boolean(column));
  const key = column ? keyOf(column, theme) : "";
  if (key !== shown.key) fill(box, column, theme);
  Object.assign(shown, { key, column, codes });
  if (column && column.kind === "category") mark(box, column, codes, lit);
  else if (column) showRange(range);
  const names = one(box, "[data-names]");
  if (names) names.hidden = !(lit?.name === "picked" && lit.pale);
  if (column && theme) followPicked(box, column, codes, theme);
}

/**
 * @param {Column} column
 * @param {Theme|null} theme
 * @returns {string} what stands in the legend, by what it is made of
 */
function keyOf({ run, choice, kind, read_as, has, look, values, others }, theme) {
  return [run, choice, theme, kind, read_as, has, look, others, (values || []).join("\u0000")].join("|");
}

/**
 * @param {Column} column
 * @param {string[]} colors
 * @param {boolean} open whether the choice of colours is
 * @returns {HTMLElement[]} what stands below the title; a list of categories, which may be long, comes last
 */
function bodyOf(column, colors, open) {
  const list = make("div", "legend-list");
  const entries = [...lines(column, colors), ...missing(column)];
  const answers = answerParts(column);
  list.append(...(column.has === undefined ? [...answers, ...entries] : [...entries, ...answers]));
  const chosen = colorParts(column, open);
  const names = make("p", "legend-note", NAMES);
  Object.assign(names, { hidden: true }).dataset.names = "1";
  const head = [...readingParts(column), ...foot(column)];
  return column.kind === "category" ? [...head, names, ...searchParts(column), ...chosen, list] : [...head, ...searchParts(column), list, names, ...chosen];
}

/**
 * @param {HTMLElement} one
 * @param {HTMLElement} other
 * @returns {boolean} whether what is written anew is what was pressed: by its own name or else by what it does
 */
export function isSame({ tagName, dataset }, { tagName: before, dataset: own }) {
  if (own.keep || dataset.keep) return own.keep === dataset.keep;
  return tagName === before && JSON.stringify({ ...dataset }) === JSON.stringify({ ...own });
}

/**
 * Write the legend anew; what had the focus has it again, and what was open is.
 * @param {HTMLElement} box
 * @param {Column|null} column
 * @param {Theme|null} theme
 */
function fill(box, column, theme) {
  const focused = /** @type {HTMLElement|null} */ (box.contains(document.activeElement) ? document.activeElement : null);
  const open = box.querySelector(".legend-colors[open]") !== null;
  const colors = column && column.colors && theme ? column.colors[theme] : [];
  const body = column ? bodyOf(column, colors, open) : [];
  if (narrow().matches) box.classList.toggle("folded", column !== null);
  const fold = make("div", "legend-body");
  fold.append(...body);
  box.replaceChildren(...(column ? [title(column, box), fold] : []));
  if (focused) (every(box, "button, select, input, summary").find((other) => isSame(other, focused)) || one(box, ".legend-title"))?.focus();
  dock(box);
}

const BELOW_PX = 10;
/** @type {ResizeObserver|null} */
let docked = null;

/**
 * Leave the map what room there is beside the open legend, which is as wide as it has to be.
 * @param {HTMLElement} box
 */
function dock(box) {
  docked ||= new ResizeObserver(() => dock(box));
  docked.observe(box);
  const holder = /** @type {HTMLElement} */ (box.parentElement);
  const controls = one(holder, ".map-controls");
  if (controls) docked.observe(controls);
  if (box.classList.contains("folded") || !box.offsetWidth) return;
  const { style } = holder;
  const below = controls ? `${controls.offsetTop + controls.offsetHeight + BELOW_PX}px` : "0";
  if (style.getPropertyValue("--below-controls") !== below) style.setProperty("--below-controls", below);
  const width = `${box.offsetWidth}px`;
  if (style.getPropertyValue("--legend") !== width) style.setProperty("--legend", width);
}

/**
 * Say what the colours of clusters mean where no names can stand, amid pictures side by side; pressing one focuses it.
 * @param {View} view
 * @param {Theme} theme
 */
export function showClusters(view, theme) {
  const box = byId("map-legend");
  const key = [view.run, "clusters", theme].join("|");
  box.classList.add("shown");
  if (key === shown.key) return;
  const list = make("div", "legend-list");
  view.clusters.forEach(({ cluster, name, size }) => {
    const line = entry(view.colors[theme][cluster], name, size, 0);
    delete line.dataset.code;
    line.dataset.cluster = String(cluster);
    list.append(line);
  });
  const body = make("div", "legend-body");
  body.append(list);
  const all = /** @type {any} */ ({ title: "Clusters" });
  if (narrow().matches) box.classList.add("folded");
  box.replaceChildren(title(all, box), body);
  dock(box);
  Object.assign(shown, { key, column: null, codes: [] });
}

/**
 * Pick a category, or leave it.
 * @param {number} code
 */
function pick(code) {
  const { codes } = shown;
  const next = codes.includes(code) ? codes.filter((other) => other !== code) : [...codes, code].sort((a, b) => a - b);
  pickBright({ codes: next });
}

/** @param {HTMLElement} button */
function fold(button) {
  const folded = byId("map-legend").classList.toggle("folded");
  button.setAttribute("aria-expanded", String(!folded));
}

/**
 * A press in the legend.
 * @param {Event} event
 */
function followClick(event) {
  /** @param {string} selector */
  const at = (selector) => closest(event, `#map-legend ${selector}`);
  const category = at("[data-code]");
  if (category) pick(Number(category.dataset.code));
  if (at("[data-show-all]")) pickBright();
  const button = at(".legend-title");
  if (button) fold(button);
}

/** Listen to the legend. */
export const listen = () => document.addEventListener("click", followClick);
