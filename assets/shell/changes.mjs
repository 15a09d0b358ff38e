/**
 * Gathers what is to be different in a new version of a dataset – rows that go, texts that are other ones – while its maps
 * are looked at, and shows a bar that makes the version or forgets them.  It changes nothing itself: the server does.  The
 * browser keeps what was gathered, by dataset, until a version is made of it or it is forgotten.  Rows that are added to the
 * dataset meanwhile take along what is gathered of it: whoever sends them asks `keptOf` and says `made`.
 */
import { go } from "./address.mjs";
import { notify, setStore } from "./dash.mjs";
import { buttonOf, byId, closest, every, fieldById, make, named, one } from "./dom.mjs";
import { DRAFTS, draftOf, draftsOf, isBlank, keepDraft, keepDrafts, readAnew, showEdits, writeDrafts } from "./edits.mjs";
import { say } from "./say.mjs";
import { API, fetched, sentenceOf } from "./server.mjs";

const STORE = "explorer-changes:";

/**
 * @typedef {{removed: Set<number>, shapes: {run: string, shape: object, count?: number}[], edited: Map<number, string>}} Changes
 * @typedef {{change: string, run?: string, row?: number, text?: string, own?: string, shape?: string, count?: number}} Wanted *own*: the text that the row has
 * @typedef {{run: string|null, dataset: string|null, file: string}} Shown
 */

/** @type {Shown & {told: string}} the map on screen, the dataset that it is of – null where another one is looked at –, and what its bar tells */
const shown = { run: null, dataset: null, file: "", told: "" };
/** @type {{dataset: string|null}} the dataset of which a version is being made */
const making = { dataset: null };
/** @type {Map<string, string>} what is gathered, where the browser keeps nothing */
const unkept = new Map();
/** @type {Map<string, {changes: Changes, drafts: Map<number, string>}>} what was forgotten last of a dataset, and can be had back */
const forgotten = new Map();

/** @returns {Changes} nothing yet */
export const nothing = () => ({ removed: new Set(), shapes: [], edited: new Map() });

/**
 * @param {Changes} changes
 * @returns {boolean}
 */
export const isNothing = ({ removed, shapes, edited }) => removed.size + shapes.length + edited.size === 0;

/**
 * @param {Changes} changes
 * @param {Wanted} wanted a row, or a selection, that is to go and was to go already stays after all; so does a text that is
 *   to be what it is
 */
export function gather(changes, { change, run = "", row = 0, text = "", own, shape = "", count }) {
  if (change === "remove-row") {
    if (!changes.removed.delete(row)) changes.removed.add(row);
    changes.edited.delete(row);
  } else if (change === "unedit-row") {
    changes.edited.delete(row);
  } else if (change === "edit-row") {
    if (text === own) changes.edited.delete(row);
    else changes.edited.set(row, text);
    changes.removed.delete(row);
  } else if (change === "remove-shape") {
    const at = placeOf(changes, run, shape);
    if (at < 0) changes.shapes.push({ run, shape: JSON.parse(shape), ...(count === undefined ? {} : { count }) });
    else changes.shapes.splice(at, 1);
  }
}

/**
 * @param {Changes} changes
 * @param {string|null} run
 * @param {string} shape
 * @returns {number} which of the selections that are to go this is, drawn on the map of that run; -1: none
 */
const placeOf = ({ shapes }, run, shape) => shapes.findIndex((one) => one.run === run && JSON.stringify(one.shape) === JSON.stringify(JSON.parse(shape)));

/** @param {Changes} changes */
export const packed = ({ removed, shapes, edited }) =>
  JSON.stringify({ removed: [...removed], shapes, edited: Object.fromEntries(edited) });

/**
 * @param {string|null} text
 * @returns {Changes} what was packed; nothing where it is no such text
 */
export function unpacked(text) {
  try {
    const { removed, shapes, edited } = JSON.parse(text || "");
    const texts = Object.entries(edited).map(([row, words]) => /** @type {[number, string]} */ ([Number(row), String(words)]));
    return { removed: new Set(removed), shapes: [...shapes], edited: new Map(texts) };
  } catch {
    return nothing();
  }
}

/**
 * @param {string} dataset
 * @returns {Changes} what is gathered of a dataset, in whichever tab
 */
export function keptOf(dataset) {
  try {
    return unpacked(window.localStorage.getItem(STORE + dataset) ?? unkept.get(dataset) ?? null);
  } catch {
    return unpacked(unkept.get(dataset) ?? null);
  }
}

/**
 * @param {string} dataset
 * @param {Changes} changes
 */
export function keep(dataset, changes) {
  unkept.delete(dataset);
  try {
    if (isNothing(changes)) window.localStorage.removeItem(STORE + dataset);
    else window.localStorage.setItem(STORE + dataset, packed(changes));
  } catch {
    if (!isNothing(changes)) unkept.set(dataset, packed(changes)); // as long as the page is there
  }
}

/**
 * @param {Changes} changes
 * @returns {object} what the server is asked for; empty for nothing
 */
export const asked = (changes) => {
  const { removed, shapes, edited } = changes;
  return isNothing(changes) ? {} : { removed: [...removed], selected: shapes.map(({ run, shape }) => ({ run, shape })), edited: Object.fromEntries(edited) };
};

/**
 * @param {Changes} changes
 * @param {Changes} made what a version was made of
 * @returns {Changes} what was gathered since
 */
export function since({ removed, shapes, edited }, made) {
  const known = new Set(made.shapes.map((one) => JSON.stringify(one)));
  return {
    removed: new Set([...removed].filter((row) => !made.removed.has(row))),
    shapes: shapes.filter((one) => !known.has(JSON.stringify(one))),
    edited: new Map([...edited].filter(([row, text]) => made.edited.get(row) !== text)),
  };
}

/**
 * A version was made of what was gathered of a dataset: that is done with, and what was gathered since is not.
 * @param {string} dataset
 * @param {Changes} changes
 */
export function made(dataset, changes) {
  keep(dataset, since(keptOf(dataset), changes));
  show();
}

/**
 * @param {number} count
 * @param {string} noun
 */
const counted = (count, noun) => (count ? [`${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`] : []);

/** @param {Changes} changes */
export function wordsOf({ removed, shapes, edited }) {
  const held = shapes.reduce((sum, { count = 0 }) => sum + count, 0);
  const selected = shapes.length === 1 && held ? counted(held, "selected row") : counted(shapes.length, "selection");
  const gone = [...selected, ...counted(removed.size, selected.length ? "other row" : "row")].join(" and ");
  const texts = counted(edited.size, "text").join("");
  const stays = shapes.length && texts ? " A row whose text is changed stays, though it is selected." : "";
  return `${[...(gone ? [`To remove: ${gone}.`] : []), ...(texts ? [`To change: ${texts}.`] : [])].join(" ")}${stays}`;
}

/**
 * @param {Map<number, string>} drafts
 * @returns {string} what is said of texts that were typed and not saved
 */
export const unsavedWords = ({ size }) => (size ? `${counted(size, "text").join("")} typed, not saved.` : "");

/** Show what is gathered of the dataset on screen, as a bar above the map and at its point; nothing where it is of another. */
function show() {
  markPoint();
  tellAlong();
  const { dataset } = shown;
  const told = dataset === null || making.dataset === dataset ? "" : sayingOf(dataset);
  if (told === shown.told) return; // as at each letter that is typed
  shown.told = told;
  byId("changes")?.replaceChildren(...(dataset === null || told === "" ? [] : barsOf(dataset)));
}

/**
 * @param {string} dataset
 * @returns {string} all that the bar of a dataset tells, by which it is known whether it tells something else
 */
function sayingOf(dataset) {
  const drafts = draftsOf(dataset);
  return JSON.stringify([dataset, shown.file, packed(keptOf(dataset)), drafts.size, drafts.keys().next().value ?? null, forgotten.has(dataset)]);
}

/**
 * @param {string} dataset
 * @returns {HTMLElement[]} the bar of a dataset; none where nothing is gathered, typed, or to be had back
 */
function barsOf(dataset) {
  const [changes, drafts] = [keptOf(dataset), draftsOf(dataset)];
  if (!isNothing(changes) || drafts.size) return [barOf(dataset, changes, drafts)];
  return forgotten.has(dataset) ? [undoBarOf(dataset)] : [];
}

/**
 * @param {(Node|string)[]} parts
 * @returns {HTMLElement} a bar about the file on screen
 */
function stripOf(parts) {
  const { file } = shown;
  const bar = make("section", "changes-bar");
  bar.setAttribute("aria-label", `Changes of ${file}`);
  bar.dataset.testid = "changes";
  const name = make("b", "changes-file");
  name.title = file;
  name.append(named(file));
  bar.append(name, ...parts);
  return bar;
}

/**
 * @param {string} dataset
 * @param {Changes} changes
 * @param {Map<number, string>} drafts
 */
function barOf(dataset, changes, drafts) {
  const drop = buttonOf("ghost changes-drop", "Forget them", () => forget(dataset));
  const [row] = drafts.keys();
  const typed = drafts.size ? [make("span", "changes-words", unsavedWords(drafts)), buttonOf("ghost", drafts.size > 1 ? "Show the first" : "Show it", () => go({ row }, { asked: ["row"] }))] : [];
  if (isNothing(changes)) return stripOf([...typed, drop]);
  const done = buttonOf("button changes-make", "Make a new version", () => void makeVersion(dataset, changes));
  return stripOf([make("span", "changes-words", wordsOf(changes)), done, ...typed, drop]);
}

/** @param {string} dataset */
function undoBarOf(dataset) {
  const back = buttonOf("ghost changes-back", "Undo", () => {
    recall(dataset);
    away("The changes are back.");
  });
  const close = buttonOf("fold-away", "×", () => {
    forgotten.delete(dataset);
    show();
  });
  close.setAttribute("aria-label", "Close; they cannot be had back then");
  return stripOf([make("span", "changes-words", "The changes are forgotten."), back, close]);
}

/**
 * Gather nothing of a dataset any more; what was gathered and typed can be had back while the page is there.
 * @param {string} dataset
 */
export function drop(dataset) {
  forgotten.set(dataset, { changes: keptOf(dataset), drafts: draftsOf(dataset) });
  keep(dataset, nothing());
  keepDrafts(dataset, new Map());
}

/**
 * Have back what was forgotten last of a dataset, unless something else is gathered or typed of it by now.
 * @param {string} dataset
 */
export function recall(dataset) {
  const known = forgotten.get(dataset);
  forgotten.delete(dataset);
  if (!known || !isNothing(keptOf(dataset)) || draftsOf(dataset).size) return;
  keep(dataset, known.changes);
  keepDrafts(dataset, known.drafts);
}

/** @param {string} dataset */
function forget(dataset) {
  drop(dataset);
  away("The changes are forgotten. Undo is above the map.");
  one(document, "#changes .changes-back")?.focus({ preventScroll: true });
}

/**
 * Have the server make a version of a dataset; it is looked at then, as one that rows were added to.
 * @param {string} dataset
 * @param {Changes} changes
 * @param {object} [besides] what else is different in it
 */
async function makeVersion(dataset, changes, besides = {}) {
  making.dataset = dataset;
  away("The new version is being made.");
  try {
    const sent = { method: "POST", body: JSON.stringify({ ...asked(changes), ...besides }), headers: { "Content-Type": "application/json" } };
    const version = await (await fetched(`${API}/datasets/${encodeURIComponent(dataset)}/changes`, sent)).json();
    making.dataset = null;
    made(dataset, changes);
    setStore("uploaded", { ...version, at: Date.now() });
  } catch (error) {
    making.dataset = null;
    show();
    notify(sentenceOf(error));
  }
}

/** Say where rows may be pasted what goes along into the same version, and have a button there that forgets it. */
export function tellAlong() {
  for (const place of every(document, "[data-changes-along]")) {
    const dataset = String(place.dataset.changesAlong);
    const changes = keptOf(dataset);
    const words = isNothing(changes) ? "" : `In the same version: ${wordsOf(changes)}`;
    if ((place.dataset.words ?? "") === words) continue;
    Object.assign(place.dataset, { words });
    place.hidden = words === "";
    const drop = buttonOf("changes-drop", "Forget them", () => forget(dataset));
    place.replaceChildren(`${words} `, drop);
  }
}

/** @param {string} words what is said of it */
function away(words) {
  show();
  say(words);
  one(document, "#stage")?.focus({ preventScroll: true }); // the button that had it is gone
}

/**
 * @param {HTMLElement} button
 * @param {boolean} marked
 */
function mark(button, marked) {
  button.setAttribute("aria-pressed", String(marked));
  button.textContent = marked ? "Marked for removal ✓" : "Mark for removal";
}

/** Have the point and the selection on screen show that they are marked, and its field the text that it is to have. */
export function markPoint() {
  const changes = shown.dataset === null ? nothing() : keptOf(shown.dataset);
  for (const button of every(document, "[data-change=remove-shape]")) mark(button, placeOf(changes, shown.run, String(button.dataset.shape)) >= 0);
  for (const button of every(document, "#point [data-change=remove-row]")) {
    const marked = changes.removed.has(Number(button.dataset.row));
    mark(button, marked);
    button.closest(".point-card")?.classList.toggle("is-going", marked);
  }
  const drafts = shown.dataset === null ? new Map() : draftsOf(shown.dataset);
  showEdits((row) => ({ saved: changes.edited.get(row), draft: drafts.get(row) }));
}

/** @param {Event} event something was typed: it is kept with its row */
function typed(event) {
  const field = closest(event, "#point .point-editing textarea");
  const button = field && one(document, `#point [data-change=edit-row][data-text-from="${field.id}"]`);
  const { dataset } = shown;
  if (!button || dataset === null) return;
  const { value, defaultValue: own } = fieldById(field.id);
  const row = Number(button.dataset.row);
  keepDraft(dataset, row, draftOf(value, { own, saved: keptOf(dataset).edited.get(row) }));
  show();
}

/** @param {Event} event */
function pressed(event) {
  const press = closest(event, "[data-change]");
  const { run, dataset } = shown;
  if (press?.dataset.change === "hide-rejected") {
    const of = String(press.dataset.dataset);
    const dialog = press.closest("[role=dialog]");
    if (dialog) one(dialog, ".mantine-Modal-close")?.click(); // else it lies over the version
    return void makeVersion(of, keptOf(of), { hide_rejected: true });
  }
  if (press === null || run === null || dataset === null) return;
  const { change = "", row, shape, count, textFrom } = press.dataset;
  const changes = keptOf(dataset);
  const field = textFrom ? fieldById(textFrom) : null;
  if (change === "edit-row" && isBlank(field?.value ?? "")) {
    field?.focus();
    return void say("A row’s text cannot be empty. Write one, or mark the row for removal.");
  }
  if (field) keepDraft(dataset, Number(row), null);
  forgotten.delete(dataset);
  gather(changes, { change, run, row: Number(row), shape, count: Number(count) || undefined, text: field?.value, own: field?.defaultValue });
  keep(dataset, changes);
  show();
  say(isNothing(changes) ? "Nothing is to be changed." : `${wordsOf(changes)} Make a new version, above the map.`);
}

/**
 * Another map is on screen, or another dataset over it: the bar is of that.
 * @param {Shown} next
 */
export function follow(next) {
  if (next.run === shown.run && next.dataset === shown.dataset && next.file === shown.file) return;
  Object.assign(shown, next);
  show();
}

/** Listen to the buttons that gather changes, and to what other tabs gather. */
export function listen() {
  document.addEventListener("click", pressed);
  document.addEventListener("input", typed);
  window.addEventListener("storage", ({ key }) => {
    if (key?.startsWith(DRAFTS)) readAnew(key);
    if ([STORE, DRAFTS].some((kind) => key?.startsWith(kind))) show();
  });
  ["pagehide", "blur"].forEach((leaves) => window.addEventListener(leaves, writeDrafts));
}
