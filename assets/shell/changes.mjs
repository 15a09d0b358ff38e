/**
 * Gathers what is to be different in a new version of a dataset – rows that go, texts that are other ones – while its maps
 * are looked at, and shows a bar that makes the version or forgets them.  It changes nothing itself: the server does.  The
 * browser keeps what was gathered, by dataset, until a version is made of it or it is forgotten.
 */
import { closest, every, fieldById, make, one } from "./dom.mjs";
import { tell } from "./library.mjs";
import { say } from "./say.mjs";

const STORE = "explorer-changes:";
const LONGEST_NAME = 40;

/**
 * @typedef {{removed: Set<number>, shapes: {run: string, shape: object}[], edited: Map<number, string>}} Changes
 * @typedef {{change: string, run?: string, row?: number, text?: string, shape?: string}} Wanted
 * @typedef {{run: string|null, dataset: string|null, file: string}} Shown
 */

/** @type {Shown} the map on screen, and the dataset that it is of; null where another one is looked at */
const shown = { run: null, dataset: null, file: "" };
/** @type {{dataset: string|null}} the dataset of which a version is being made */
const making = { dataset: null };
/** @type {Map<string, string>} what is gathered, where the browser keeps nothing */
const unkept = new Map();

/** @returns {Changes} nothing yet */
export const nothing = () => ({ removed: new Set(), shapes: [], edited: new Map() });

/**
 * @param {Changes} changes
 * @returns {boolean}
 */
export const isNothing = ({ removed, shapes, edited }) => removed.size + shapes.length + edited.size === 0;

/**
 * @param {Changes} changes
 * @param {Wanted} wanted a row that is to go and was to go already stays after all
 */
export function gather(changes, { change, run = "", row = 0, text = "", shape = "" }) {
  if (change === "remove-row") {
    if (!changes.removed.delete(row)) changes.removed.add(row);
    changes.edited.delete(row);
  } else if (change === "edit-row") {
    changes.edited.set(row, text);
    changes.removed.delete(row);
  } else if (change === "remove-shape") {
    const told = JSON.stringify({ run, shape: JSON.parse(shape) });
    if (!changes.shapes.some((other) => JSON.stringify(other) === told)) changes.shapes.push(JSON.parse(told));
  }
}

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
 * @param {number} count
 * @param {string} noun
 */
const counted = (count, noun) => (count ? [`${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`] : []);

/** @param {Changes} changes */
export function wordsOf({ removed, shapes, edited }) {
  const gone = [...counted(removed.size, "row"), ...counted(shapes.length, "selection")].join(" and ");
  const texts = counted(edited.size, "text").join("");
  return `${[...(gone ? [`${gone} to remove`] : []), ...(texts ? [`${texts} to edit`] : [])].join(", ")}.`;
}

/** Show what is gathered of the dataset on screen, as a bar and at its point; nothing where that is of another one. */
function show() {
  one(document, ".changes-bar")?.remove();
  markPoint();
  const { dataset } = shown;
  if (dataset === null || making.dataset === dataset) return;
  const changes = keptOf(dataset);
  if (!isNothing(changes)) document.body.append(barOf(dataset, changes));
}

/**
 * @param {string} dataset
 * @param {Changes} changes
 */
function barOf(dataset, changes) {
  const { run, file } = shown;
  const bar = make("section", "undo-bar changes-bar");
  bar.setAttribute("aria-label", `Changes of ${file}`);
  bar.dataset.testid = "changes";
  const done = make("button", "changes-make", "Make a new version");
  const drop = make("button", "changes-drop", "Forget them");
  for (const button of [done, drop]) button.type = "button";
  done.addEventListener("click", () => {
    making.dataset = dataset;
    tell({ do: "revise", kind: "run", key: String(run), name: packed(changes) });
    away("The new version is being made.");
  });
  drop.addEventListener("click", () => {
    keep(dataset, nothing());
    away("The changes are forgotten.");
  });
  const words = make("span", "changes-words", wordsOf(changes));
  const short = file.length > LONGEST_NAME ? `${file.slice(0, LONGEST_NAME - 1)}…` : file;
  const name = make("b", "changes-file", `${short}: `);
  name.title = file;
  words.prepend(name);
  bar.append(words, done, drop);
  return bar;
}

/** @param {string} words what is said of it */
function away(words) {
  show();
  say(words);
  one(document, "#stage")?.focus({ preventScroll: true }); // the button that had it is gone
}

/** Have the point on screen show that it is marked, and its field the text that it is to have. */
export function markPoint() {
  const changes = shown.dataset === null ? nothing() : keptOf(shown.dataset);
  for (const button of every(document, "#point [data-change=remove-row]")) {
    const marked = changes.removed.has(Number(button.dataset.row));
    button.setAttribute("aria-pressed", String(marked));
    button.textContent = marked ? "Marked for removal ✓" : "Mark for removal";
    button.closest(".point-card")?.classList.toggle("is-going", marked);
  }
  for (const button of every(document, "#point [data-change=edit-row]")) {
    const text = changes.edited.get(Number(button.dataset.row));
    const editing = button.closest("details");
    if (editing) editing.dataset.edited = String(text !== undefined);
    if (text !== undefined) fieldById(String(button.dataset.textFrom)).value = text;
  }
}

/** @param {Event} event */
function pressed(event) {
  const press = closest(event, "[data-change]");
  const { run, dataset } = shown;
  if (press === null || run === null || dataset === null) return;
  const { change = "", row, shape, textFrom } = press.dataset;
  making.dataset = null;
  const changes = keptOf(dataset);
  gather(changes, { change, run, row: Number(row), shape, text: textFrom ? fieldById(textFrom).value : "" });
  keep(dataset, changes);
  show();
  say(isNothing(changes) ? "Nothing is to be changed." : `${wordsOf(changes)} Make a new version, at the end of the page.`);
}

/**
 * Another map is on screen, or another dataset over it: the bar is of that.  What a version was made of is done with then.
 * @param {Shown} next
 */
export function follow(next) {
  if (making.dataset !== null && next.dataset !== null && next.dataset !== making.dataset) {
    keep(making.dataset, nothing());
    making.dataset = null;
  }
  if (next.run === shown.run && next.dataset === shown.dataset && next.file === shown.file) return;
  Object.assign(shown, next);
  show();
}

/** No version was made after all: what was gathered is there still. */
export function failed() {
  if (making.dataset === null) return;
  making.dataset = null;
  show();
}

/** Listen to the buttons that gather changes, and to what other tabs gather. */
export function listen() {
  document.addEventListener("click", pressed);
  window.addEventListener("storage", ({ key }) => key?.startsWith(STORE) && show());
}
