/**
 * The field in which a row's text is edited: what was typed and not saved yet stays with its row – whichever point is opened,
 * over a reload too – and what stands below it says how far the edit is.  What is saved belongs to `changes`.
 */
import { every, fieldById, one } from "./dom.mjs";

export const DRAFTS = "explorer-drafts:";
/** Above so many letters no draft is kept by the browser, whose room all datasets share: only by the page. */
const LONGEST = 200_000;
/** How long after the last letter drafts are written down. */
const REST_MS = 400;
/** @type {Map<string, Map<number, string>>} the drafts of a dataset as this page knows them, the browser's and its own */
const known = new Map();
/** @type {Map<string, ReturnType<typeof setTimeout>>} what is to be written down */
const waiting = new Map();

/** @typedef {{own: string, saved?: string, draft?: string}} Edit *own*: the text that the row has; the others where there are some */

/**
 * @param {string} dataset
 * @returns {Map<number, string>} what was typed and not saved of each row of a dataset, in whichever tab
 */
export function draftsOf(dataset) {
  const there = known.get(dataset) ?? read(dataset);
  known.set(dataset, there);
  return new Map(there);
}

/**
 * @param {string} dataset
 * @returns {Map<number, string>} what the browser keeps
 */
function read(dataset) {
  try {
    const texts = Object.entries(JSON.parse(window.localStorage.getItem(DRAFTS + dataset) || "{}") ?? {});
    return new Map(texts.map(([row, text]) => [Number(row), String(text)]));
  } catch {
    return new Map();
  }
}

/**
 * @param {string} dataset
 * @param {Map<number, string>} drafts
 */
export function keepDrafts(dataset, drafts) {
  known.set(dataset, new Map(drafts));
  write(dataset);
}

/**
 * Have the browser keep the drafts of a dataset; what it does not is there as long as the page is.
 * @param {string} dataset
 */
function write(dataset) {
  clearTimeout(waiting.get(dataset));
  waiting.delete(dataset);
  const drafts = known.get(dataset) ?? new Map();
  const text = JSON.stringify(Object.fromEntries(drafts));
  try {
    if (!drafts.size || text.length > LONGEST) window.localStorage.removeItem(DRAFTS + dataset);
    else window.localStorage.setItem(DRAFTS + dataset, text);
  } catch {
    // no storage
  }
}

/** Write down at once what waits: the page is left, or another one of the same data is looked at. */
export const writeDrafts = () => [...waiting.keys()].forEach(write);

/**
 * Another tab has drafts of its own: they are read anew, but where something of this one waits.
 * @param {string} key
 */
export function readAnew(key) {
  const dataset = key.slice(DRAFTS.length);
  if (!waiting.has(dataset)) known.delete(dataset);
}

/**
 * @param {string} dataset
 * @param {number} row
 * @param {string|null} text null for none
 */
export function keepDraft(dataset, row, text) {
  const drafts = draftsOf(dataset);
  if (text === null) drafts.delete(row);
  else drafts.set(row, text);
  known.set(dataset, drafts);
  clearTimeout(waiting.get(dataset)); // written once nobody types: not all of them at each letter
  waiting.set(dataset, setTimeout(() => write(dataset), REST_MS));
}

/**
 * @param {string} text what stands in the field
 * @param {Edit} edit
 * @returns {string|null} what is to be kept of it; null where that is the row's text or saved already
 */
export const draftOf = (text, { own, saved = own }) => (text === saved ? null : text);

/**
 * @param {string} text
 * @returns {boolean} whether a text says nothing, which no row may
 */
export const isBlank = (text) => !text.trim();

/**
 * @param {Edit} edit
 * @returns {{state: "none"|"draft"|"saved", words: string}} how far an edit is, and in words
 */
export function stateOf({ saved, draft }) {
  if (draft !== undefined && isBlank(draft)) return { state: "draft", words: "A row’s text cannot be empty. Write one, or mark the row for removal." };
  if (draft !== undefined) return { state: "draft", words: "Not saved yet. What is typed stays with this row." };
  if (saved !== undefined) return { state: "saved", words: "Saved for the next version. Until that is made, the map has the text above." };
  return { state: "none", words: "" };
}

/**
 * Show how far the edit of the row on screen is, and the text that it has by now.
 * @param {(row: number) => {saved?: string, draft?: string}} of what is saved and typed of a row
 */
export function showEdits(of) {
  for (const button of every(document, "#point [data-change=edit-row]")) {
    const editing = button.closest("details");
    const field = fieldById(String(button.dataset.textFrom));
    if (!editing || !field) continue;
    const { saved, draft } = of(Number(button.dataset.row));
    const { state, words } = stateOf({ own: field.defaultValue, saved, draft });
    const text = draft ?? saved ?? field.defaultValue;
    if (field.value !== text) field.value = text;
    if (state === "draft" && editing.dataset.edited !== "draft") editing.open = true; // else nobody sees that it is not saved
    editing.dataset.edited = state;
    const [summary, says, back] = ["summary", ".point-edited", "[data-change=unedit-row]"].map((part) => one(editing, part));
    summary.textContent = { none: "Edit text", draft: "Edit text – not saved", saved: "Text edited ✓" }[state];
    if (says.textContent !== words) says.textContent = words;
    back.hidden = state === "none";
  }
}
