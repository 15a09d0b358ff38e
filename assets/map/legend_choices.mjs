/**
 * What the legend says of how a column is read, how else it may be, and the choice of its colours.
 */
import { go, here } from "../shell/address.mjs";
import { closest, enable, make, one } from "../shell/dom.mjs";
import { SCALES, inColors, ownColors, scaleOf, writtenColors, writtenScale } from "./palettes.mjs";

/** @param {number} number */
const count = (number) => number.toLocaleString("en");
/** @type {Record<string, string>} */
const ORDERS = { dmy: "Day first: 03/04 is 3 April", mdy: "Month first: 03/04 is March 4", ymd: "Year first: 25/03/04 is 2025-03-04" };
/** @type {Record<string, string>} */
const DECIMALS = { ".": "1.234 is little more than one", ",": "1.234 is one thousand" };
/** @type {Record<string, string>} */
const OTHERWISE = { dmy: "Day first", mdy: "Month first", ymd: "Year first", ".": "Decimal point", ",": "Decimal comma" };
/** @type {Record<string, string>} */
const VIEWS = { daytime: "Show times of day", weekday: "Show days of the week" };
/** @type {Record<string, string>} */
const SHOWN_AS = { number: "Show as a scale", date: "Show as dates", "date:clock": "Show as times" };
/** What the usual colours of times that go round the day are called. */
const ROUND = "Round the day (usual)";
/** @type {{column: Column|null, codes: number[], theme: Theme}} */
const shown = { column: null, codes: [], theme: "light" };

/**
 * @param {number} part
 * @param {number} all
 * @returns {string} a share of rows
 */
function share(part, all) {
  const percent = (100 * part) / all;
  return percent > 0 && percent < 1 ? "under 1 %" : `${Math.round(percent)} %`;
}

/**
 * @param {Column} column
 * @returns {string} how many rows are grey, and why; nothing where none is
 */
export function greyWords({ kind, values, counts, missing, others = 0, extra = 0, unread = 0, unread_examples = [], missing_is, read_as = "" }) {
  if (kind !== "category") {
    if (!unread) return "";
    const named = unread_examples.map((words) => `“${words}”`).join(", ");
    const [is, has] = unread === 1 ? ["1 value is", "1 value has"] : [`${count(unread)} values are`, `${count(unread)} values have`];
    const what = read_as.endsWith(":daytime") ? `${has} no time of day and ${unread === 1 ? "is" : "are"} grey` : `${is} no ${kind} and grey`;
    return `${what}: ${named}${unread > unread_examples.length ? ", …" : ""}`;
  }
  const all = counts.reduce((sum, number) => sum + number, missing);
  const lumped = others ? counts[values.length - extra - 1] : 0;
  if (!all || !(lumped + missing)) return "";
  const parts = [others ? `${count(others)} rarer values` : "", missing ? missing_is || "no value" : ""].filter(Boolean);
  return `${share(lumped + missing, all)} of rows are grey: ${parts.join(", ")}`;
}

/**
 * @param {Column} column
 * @returns {string} how many values are missing though something is written, and what; nothing where none is
 */
export function absentWords({ absent = 0, absent_examples = [] }) {
  if (!absent) return "";
  const named = absent_examples.map((words) => `“${words}”`).join(", ");
  const are = absent === 1 ? "1 value is" : `${count(absent)} values are`;
  return `${are} written as missing: ${named}`;
}

/** @param {string} as */
const viewIn = (as) => VIEWS[as.split(":").at(-1) || ""];

/**
 * @param {Column} column
 * @returns {string} in which form its values were read, where that could be otherwise
 */
export function formWords({ read_as = "", choices = [], sure = true }) {
  const [kind, form = ""] = read_as.split(":");
  const words = { ...ORDERS, ...DECIMALS }[form];
  const own = `${kind}:${form}`;
  if (!words || !choices.some((other) => other !== own && !viewIn(other) && other.startsWith(`${kind}:`))) return "";
  return sure ? words : `${words}. The values do not say which.`;
}

/**
 * @param {Column} column
 * @returns {{as: string, words: string, now: boolean}[]} how it may be read, the words on the button for that, and whether it
 *   is; none where it can be read in one way only.  The order is always the same, so that a button stays where it was pressed.
 */
export function readingsOf({ kind, read_as = kind, choices = [] }) {
  const known = viewIn(read_as) ? "" : kind; // of days of the week one does not say “day first” alone
  const words = (/** @type {string} */ as) => {
    const [other, form = ""] = as.split(":");
    if (viewIn(as)) return viewIn(as);
    if (other === "category") return "Show as categories";
    if (other === known && OTHERWISE[form]) return OTHERWISE[form];
    const forms = choices.filter((choice) => !viewIn(choice) && choice.startsWith(`${other}:`)).length > 1;
    const named = SHOWN_AS[as] || SHOWN_AS[other] || other;
    return forms && OTHERWISE[form] ? `${named}, ${OTHERWISE[form].toLowerCase()}` : named;
  };
  if (!choices.some((as) => as !== read_as)) return [];
  return choices.map((as) => ({ as, words: words(as), now: as === read_as }));
}

/** @param {string} as @returns {string} what a button that reads a column so is known by when the legend is written anew */
export const keptAs = (as) => `reading ${as}`;

/**
 * @param {Column} column
 * @returns {HTMLElement[]} what stands at the top: the share of grey, the form, the readings, the one in force pressed
 */
export function readingParts(column) {
  const asked = column.described === column.column ? "" : column.described || "";
  const said = [asked, greyWords(column), absentWords(column), formWords(column)].filter(Boolean).map((words) => make("p", "legend-note", words));
  const ways = readingsOf(column);
  if (!ways.length) return said;
  const box = make("div", "legend-readings");
  ways.forEach(({ as, words, now }) => {
    const button = make("button", "ghost", words);
    button.setAttribute("aria-pressed", String(now));
    Object.assign(button.dataset, { readAs: as, keep: keptAs(as) });
    box.append(button);
  });
  return [...said, box];
}

/**
 * @param {Column} column
 * @returns {HTMLElement[]} the choice of a scale and its direction
 */
function scaleChoice({ ramps, circle }) {
  if (!ramps) return [];
  const { name, turned } = scaleOf(here().palette);
  const select = make("select", "legend-select");
  select.setAttribute("aria-label", "Colours of the scale");
  select.dataset.palette = "1";
  SCALES.forEach(([value, words]) => select.append(new Option(value || !circle ? words : ROUND, value, false, value === name)));
  const turn = make("button", "ghost", "Turn round");
  turn.setAttribute("aria-pressed", String(turned));
  Object.assign(turn.dataset, { turn: "1", keep: "turn" });
  return [select, turn];
}

/** @returns {HTMLElement[]} a colour of one's own for the pressed categories, what to do where none is, and the way back */
function ownChoice() {
  const first = make("p", "note", "Press a value below, then choose its colour here.");
  first.dataset.ownFirst = "1";
  const label = make("label", "legend-own", "Colour of what is pressed ");
  const input = make("input", "legend-color");
  input.type = "color";
  input.dataset.own = "1";
  label.append(input);
  const back = make("button", "ghost", "Usual colours");
  back.dataset.usual = "1";
  return [first, label, back];
}

/**
 * @param {Column} column
 * @param {boolean} open
 * @returns {HTMLElement[]} the choice of colours, folded away
 */
export function colorParts(column, open) {
  const parts = column.kind === "category" ? ownChoice() : scaleChoice(column);
  if (!parts.length || !column.colors) return [];
  const box = make("details", "legend-colors");
  box.open = open;
  const body = make("div", "legend-colors-body");
  body.append(...parts);
  box.append(make("summary", "", "Colours"), body);
  return [box];
}

/**
 * Follow what is pressed among the categories.
 * @param {HTMLElement} legend
 * @param {Column} column
 * @param {number[]} codes
 * @param {Theme} theme
 */
export function followPicked(legend, column, codes, theme) {
  Object.assign(shown, { column, codes, theme });
  const input = /** @type {HTMLInputElement|null} */ (legend.querySelector("[data-own]"));
  if (!input) return;
  const picked = codes.filter((code) => code > 0);
  const none = picked.length === 0;
  input.disabled = none;
  /** @type {HTMLElement} */ (input.parentElement).hidden = none;
  /** @type {HTMLElement} */ (legend.querySelector("[data-own-first]")).hidden = !none;
  if (picked.length) input.value = inColors(column).colors[theme][picked[0] - 1];
  enable(one(legend, "[data-usual]"), Boolean(here().own));
}

/**
 * A press on how a column is read or coloured.
 * @param {Event} event
 */
function followClick(event) {
  const reading = closest(event, "#map-legend [data-read-as]");
  if (reading && reading.getAttribute("aria-pressed") !== "true") go({ read_as: reading.dataset.readAs, has: null, picked: null, also: null, own: null });
  if (closest(event, "#map-legend [data-turn]")) {
    const scale = scaleOf(here().palette);
    go({ palette: writtenScale({ ...scale, turned: !scale.turned }) });
  }
  if (closest(event, "#map-legend [data-usual]")) go({ own: null });
}

/**
 * A colour or a scale was chosen.
 * @param {Event} event
 */
function followChange(event) {
  const field = /** @type {HTMLInputElement|null} */ (closest(event, "#map-legend [data-palette], #map-legend [data-own]"));
  if (!field) return;
  if (field.dataset.palette) return void go({ palette: writtenScale({ ...scaleOf(here().palette), name: field.value }) });
  const colors = ownColors(here().own);
  shown.codes.filter((code) => code > 0).forEach((code) => colors.set(code, field.value));
  go({ own: writtenColors(colors) });
}

/** Listen to the choices. */
export function listen() {
  document.addEventListener("click", followClick);
  document.addEventListener("change", followChange);
}
