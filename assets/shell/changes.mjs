/**
 * Gathers what is to be different in a new version of the data – rows that go, texts that are other ones – while the map is
 * looked at, and shows a bar that makes the version or forgets them.  It changes nothing itself: the server does.
 */
import { here } from "./address.mjs";
import { closest, fieldById, make, one } from "./dom.mjs";
import { tell } from "./library.mjs";
import { say } from "./say.mjs";

/**
 * @typedef {{run: string, removed: Set<number>, shapes: object[], edited: Map<number, string>}} Changes
 * @typedef {{change: string, row?: number, text?: string, shape?: string}} Wanted
 */

/** @type {{now: Changes|null}} what is gathered on the map of one run */
const gathered = { now: null };

/**
 * @param {string} run
 * @returns {Changes} nothing yet, for the map of a run
 */
export const nothingOf = (run) => ({ run, removed: new Set(), shapes: [], edited: new Map() });

/**
 * @param {Changes} changes
 * @param {Wanted} wanted
 */
export function gather(changes, { change, row = 0, text = "", shape = "" }) {
  if (change === "remove-row") {
    changes.removed.add(row);
    changes.edited.delete(row);
  } else if (change === "edit-row") {
    changes.edited.set(row, text);
    changes.removed.delete(row);
  } else if (change === "remove-shape" && !changes.shapes.some((one) => JSON.stringify(one) === shape)) {
    changes.shapes.push(JSON.parse(shape));
  }
}

/** @param {Changes} changes */
export const packed = ({ removed, shapes, edited }) =>
  JSON.stringify({ removed: [...removed], shapes, edited: Object.fromEntries(edited) });

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

function away() {
  one(document, ".changes-bar")?.remove();
  gathered.now = null;
  one(document, "#stage")?.focus({ preventScroll: true }); // the button that had it is gone
}

/** @param {Changes} changes */
function show(changes) {
  one(document, ".changes-bar")?.remove();
  const bar = make("section", "undo-bar changes-bar");
  bar.setAttribute("aria-label", "Changes of the data");
  bar.dataset.testid = "changes";
  const done = make("button", "changes-make", "Make a new version");
  const drop = make("button", "changes-drop", "Forget them");
  for (const button of [done, drop]) button.type = "button";
  done.addEventListener("click", () => {
    away();
    tell({ do: "revise", kind: "run", key: changes.run, name: packed(changes) });
    say("The new version is being made.");
  });
  drop.addEventListener("click", () => {
    away();
    say("The changes are forgotten.");
  });
  bar.append(make("span", "changes-words", wordsOf(changes)), done, drop);
  document.body.append(bar);
  say(`${wordsOf(changes)} Make a new version, at the end of the page.`);
}

/** @param {Event} event */
function pressed(event) {
  const press = closest(event, "[data-change]");
  const { run } = here();
  if (press === null || run === null) return;
  const { change = "", row, shape, textFrom } = press.dataset;
  if (gathered.now === null || gathered.now.run !== run) gathered.now = nothingOf(run);
  gather(gathered.now, { change, row: Number(row), shape, text: textFrom ? fieldById(textFrom).value : "" });
  show(gathered.now);
}

/** Listen to the buttons that gather changes. */
export function listen() {
  document.addEventListener("click", pressed);
}
