/**
 * Says at a row how many rows lie on top of one another there, of which values, and leads to the next of them.
 */
import { go } from "../shell/address.mjs";
import { closest, every, make } from "../shell/dom.mjs";
import { selectRows } from "./selecting.mjs";
import { rowsAt } from "./stacks.mjs";
import { onMap } from "./state.mjs";

const MOST_VALUES = 4;
const MISSING = 255;
/** @typedef {Pick<OnMap, "view"|"flat"|"shades"> & {shown: Pick<Shown, "column">}} On */

/**
 * @param {On} on
 * @param {number} row
 * @returns {string} what a row's colour stands for; "" on a scale
 */
function meaningOf({ view, flat, shades, shown: { column } }, row) {
  if (!column || !column.codes) {
    const own = view.clusters.find(({ cluster }) => cluster === flat.label[row]);
    return own ? own.name : "in no cluster";
  }
  const code = shades.steps ? shades.steps[row] : MISSING;
  if (code === MISSING) return "no value";
  return column.kind === "category" ? (column.values[code] ?? "others") : "";
}

/**
 * @param {On} on
 * @param {number[]} rows
 * @returns {{words: string, count: number, row: number}[]} what the colours of rows stand for, the commonest first; none where
 *   they are all the same, or on a scale
 */
export function kindsOf(on, rows) {
  /** @type {Map<string, {words: string, count: number, row: number}>} */
  const kinds = new Map();
  rows.forEach((row) => {
    const words = meaningOf(on, row);
    const known = kinds.get(words) || { words, count: 0, row };
    kinds.set(words, { ...known, count: known.count + 1 });
  });
  return kinds.size < 2 || kinds.has("") ? [] : [...kinds.values()].sort((a, b) => b.count - a.count);
}

/**
 * @param {number} count
 * @returns {string}
 */
export const hereWords = (count) => (count > 1 ? `${count.toLocaleString("en")} rows lie here, on top of one another` : "");

/**
 * @param {number} row
 * @returns {string} what the preview says of the place of a row; "" where it lies alone
 */
export function hereOf(row) {
  if (!onMap.flat || !onMap.view || !onMap.shown) return "";
  const rows = rowsAt(onMap.flat, row);
  const kinds = kindsOf(onMap, rows).slice(0, MOST_VALUES).map(({ words, count }) => `${words} ${count.toLocaleString("en")}`);
  const words = hereWords(rows.length);
  return words && kinds.length ? `${words}: ${kinds.join(", ")}` : words;
}

/**
 * @param {string} words
 * @param {string} what
 */
function button(words, what) {
  const made = make("button", "ghost", words);
  made.type = "button";
  made.dataset.here = what;
  return made;
}

/** Fill the place at the point on screen that says so; it stays out of sight where the row lies alone. */
export function tellHere() {
  for (const place of every(document, "#point .point-here")) {
    const row = Number(place.dataset.at);
    const words = hereOf(row);
    if (place.dataset.words === words) continue;
    place.dataset.words = words;
    place.hidden = !words;
    place.replaceChildren(...(words ? [make("p", "", `${words}.`), button("Next of them", "next"), button("Select them", "select")] : []));
  }
}

/** @param {Event} event */
function pressed(event) {
  const press = closest(event, "[data-here]");
  const place = press && press.closest(".point-here");
  if (!press || !(place instanceof HTMLElement)) return;
  const row = Number(place.dataset.at);
  const rows = rowsAt(onMap.flat, row).sort((a, b) => a - b);
  if (press.dataset.here === "next") return go({ row: rows[(rows.indexOf(row) + 1) % rows.length] }, { asked: ["row"] });
  const mask = new Uint8Array(onMap.flat.n);
  rows.forEach((one) => (mask[one] = 1));
  selectRows(mask);
}

/** Listen to its buttons, and to the point that is drawn anew. */
export function listen() {
  document.addEventListener("click", pressed);
  document.addEventListener("filled", tellHere);
}
