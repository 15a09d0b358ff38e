/**
 * The list beneath a narrow map, which says what the numbers on it stand for; pressing a name focuses its clusters.
 * It places no number.
 */
import { byId, closest, make } from "../shell/dom.mjs";
import { focusClusters } from "../shell/focus.mjs";
import { inkOf } from "./label.mjs";

let shownKey = "";

/**
 * @param {Name} name
 * @param {string[]} colors
 * @returns {HTMLElement} a line of the list
 */
function entry(name, [color]) {
  const made = make("button", "map-key-entry");
  made.dataset.clusters = name.clusters.join();
  made.dataset.name = name.name;
  const number = make("span", "map-key-number", name.words);
  if (color) number.style.borderColor = color;
  made.append(number, make("span", "map-key-name", name.name));
  return made;
}

/**
 * List what the numbers in view stand for; nothing where names stand for themselves.
 * @param {Shown|null} shown
 * @param {Name[]} names
 */
export function showKey(shown, names) {
  const box = byId("map-key");
  if (!box) return;
  const numbered = shown ? names.filter(({ numeral }) => numeral) : [];
  const listed = numbered.sort((a, b) => Number(a.words) - Number(b.words));
  const key = shown ? [shown.view.run, shown.theme, ...listed.map(({ words, name }) => words + name)].join("|") : "";
  if (key === shownKey) return;
  shownKey = key;
  box.hidden = listed.length === 0;
  box.replaceChildren(...(shown ? listed.map((name) => entry(name, inkOf(shown, name))) : []));
}

/** @param {Event} event */
function follow(event) {
  const pressed = closest(event, "#map-key [data-clusters]");
  if (!pressed) return;
  focusClusters(String(pressed.dataset.clusters).split(",").map(Number));
}

/** Listen to the list. */
export const listen = () => document.addEventListener("click", follow);
