/**
 * The field in which a row's text is edited: what was typed and not saved yet stays with its row – whichever point is opened,
 * over a reload too – and what stands below it says how far the edit is.  What is saved belongs to `changes`.
 */
import { every, fieldById, one } from "./dom.mjs";

export const DRAFTS = "explorer-drafts:";
/** Above so many letters no draft is kept by the browser, whose room all datasets share: only by the page. */
const LONGEST = 200_000;
/** @type {Map<string, string>} what the browser does not keep */
const unkept = new Map();

/** @typedef {{own: string, saved?: string, draft?: string}} Edit *own*: the text that the row has; the others where there are some */

/**
 * @param {string} dataset
 * @returns {Map<number, string>} what was typed and not saved of each row of a dataset, in whichever tab
 */
export function draftsOf(dataset) {
  try {
    const kept = unkept.get(dataset) ?? window.localStorage.getItem(DRAFTS + dataset);
    const texts = Object.entries(JSON.parse(kept || "{}") ?? {});
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
  const text = JSON.stringify(Object.fromEntries(drafts));
  unkept.delete(dataset);
  try {
    if (!drafts.size) window.localStorage.removeItem(DRAFTS + dataset);
    else if (text.length > LONGEST) unkept.set(dataset, text);
    else window.localStorage.setItem(DRAFTS + dataset, text);
  } catch {
    if (drafts.size) unkept.set(dataset, text); // as long as the page is there
  }
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
  keepDrafts(dataset, drafts);
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
