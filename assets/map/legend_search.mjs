/**
 * The search for a value among many categories: what is found gets a colour of its own and is bright.
 */
import { go, here, listOf, wordsOf } from "../shell/address.mjs";
import { byId, closest, make, one } from "../shell/dom.mjs";
import { fetched, runUrl, sentenceOf } from "../shell/server.mjs";

const REST_MS = 180;
/** @type {{column: Column|null, timer: ReturnType<typeof setTimeout>|undefined, asked: number}} */
const state = { column: null, timer: undefined, asked: 0 };

/**
 * @param {Column} column
 * @returns {HTMLElement[]} the field, and where what is found stands; nothing where every value has its colour
 */
export function searchParts(column) {
  state.column = column;
  const { kind, others = 0, extra = 0, title, column: name } = column;
  if (kind !== "category" || !(others || extra)) return [];
  const field = make("input", "legend-search");
  Object.assign(field, { type: "search", placeholder: "Find another value", autocomplete: "off" });
  field.setAttribute("aria-label", `Find a value of ${title || name}`);
  field.dataset.keep = "search";
  const found = make("div", "legend-found");
  found.setAttribute("role", "status");
  const back = make("button", "ghost", "Take the found ones out");
  back.dataset.forget = "1";
  return [field, found, ...(extra ? [back] : [])];
}

/**
 * @param {Pick<Column, "values"|"extra">} column
 * @param {string|null} also
 * @param {string} value
 * @returns {{also: string|null, picked: string}} what the address says once a value has a colour and is bright
 */
export function withValue({ values, extra = 0 }, also, value) {
  const common = values.length - extra;
  const known = values.indexOf(value);
  if (known >= 0 && known !== common - 1) return { also, picked: String(known + 1) };
  const words = wordsOf(listOf([...values.slice(common), value]));
  return { also: listOf(words), picked: String(common + words.length) };
}

/**
 * @param {{count: number, values: {value: string, count: number}[]}} answer
 * @returns {HTMLElement[]} a button for each value found
 */
function buttons({ count, values }) {
  const made = values.map(({ value, count: rows }) => {
    const button = make("button", "legend-entry");
    button.dataset.value = value;
    button.title = value;
    button.append(make("span", "chip-name", value), make("span", "score", rows.toLocaleString("en")));
    return button;
  });
  const more = count > values.length ? [make("p", "legend-note", `and ${(count - values.length).toLocaleString("en")} more`)] : [];
  return made.length ? [...made, ...more] : [make("p", "legend-note", "No value has that in it.")];
}

/**
 * Ask for what is in the field; of several answers the last that was asked for counts.
 * @param {string} words
 */
async function find(words) {
  const asked = ++state.asked;
  const box = one(byId("map-legend"), ".legend-found");
  if (!state.column || !box) return;
  if (!words.trim()) return box.replaceChildren();
  const { run, column } = state.column;
  const address = runUrl(run, `values/${encodeURIComponent(column)}?q=${encodeURIComponent(words)}`);
  const parts = await fetched(address)
    .then((answer) => answer.json())
    .then(buttons)
    .catch((error) => [make("p", "legend-note", sentenceOf(error))]);
  if (asked === state.asked) box.replaceChildren(...parts);
}

/** @param {Event} event */
function followInput(event) {
  const field = /** @type {HTMLInputElement|null} */ (closest(event, "#map-legend .legend-search"));
  if (!field) return;
  clearTimeout(state.timer);
  state.timer = setTimeout(() => find(field.value), REST_MS);
}

/** @param {Event} event */
function followClick(event) {
  const found = closest(event, "#map-legend [data-value]");
  if (found && state.column) go(withValue(state.column, here().also, found.dataset.value || ""));
  if (closest(event, "#map-legend [data-forget]")) go({ also: null, picked: null });
}

/** Listen to the search. */
export function listen() {
  document.addEventListener("input", followInput);
  document.addEventListener("click", followClick);
}
