/**
 * Deletions that can be taken back: what is deleted is hidden at once, and the server hears of it when the time is over, when
 * somebody says so, or when the page is left.  Until then nothing is gone: a browser that is killed has deleted nothing.
 */
import { every, make, one } from "./dom.mjs";
import { say } from "./say.mjs";
import { API } from "./server.mjs";

export const UNDO_MS = 10_000;
const AGAIN_MS = 2_000;

/**
 * @typedef {{kind: string|undefined, key: string|undefined}} Deleted
 * @typedef {{deleted: Deleted, timer: ReturnType<typeof setTimeout>, done: () => void}} Waiting
 */

/** @type {Map<string, Waiting>} by kind and key */
const waiting = new Map();

/** @param {Deleted} deleted */
const nameOf = ({ kind, key }) => `${kind} ${key}`;

/** @param {Deleted} deleted */
export const isWaiting = (deleted) => waiting.has(nameOf(deleted));

/**
 * Delete something in a while.
 * @param {Deleted} deleted
 * @param {() => void} act what tells the server
 * @param {(ended: boolean) => void} shown called when it waits no longer: whether it is deleted now
 * @param {() => boolean} held whether somebody is at the button that takes it back: it waits on then
 */
export function deleteLater(deleted, act, shown, held) {
  if (isWaiting(deleted)) return;
  const again = (/** @type {number} */ ms) => setTimeout(() => (held() ? restart() : deleteNow(deleted)), ms);
  const done = () => {
    act();
    shown(true);
  };
  /** @type {Waiting} */
  const own = { deleted, timer: again(UNDO_MS), done };
  const restart = () => {
    own.timer = again(AGAIN_MS);
  };
  waiting.set(nameOf(deleted), own);
}

/**
 * @param {Deleted} deleted
 * @returns {Waiting|undefined} what waited, and waits no longer
 */
function taken(deleted) {
  const own = waiting.get(nameOf(deleted));
  if (own) clearTimeout(own.timer);
  waiting.delete(nameOf(deleted));
  return own;
}

/** @param {Deleted} deleted */
export const deleteNow = (deleted) => taken(deleted)?.done();

/** @param {Deleted} deleted */
export const takeBack = (deleted) => taken(deleted) !== undefined;

/** Tell the server all that waits, in a way that outlives the page. */
export function leave() {
  for (const { deleted } of [...waiting.values()]) {
    taken(deleted);
    const address = `${API}/${deleted.kind}s/${encodeURIComponent(String(deleted.key))}`;
    fetch(address, { method: "DELETE", keepalive: true }).catch(() => {});
  }
}

/** Hide the rows of what waits, and show the others, also after the list was drawn again. */
export function hideRows() {
  for (const row of every(document, "[data-testid=library-dataset], [data-testid=library-run]")) {
    const kind = row.dataset.testid === "library-run" ? "run" : "dataset";
    const whole = kind === "dataset" ? (row.closest(".library-file") ?? row) : row;
    whole.classList.toggle("library-gone", isWaiting({ kind, key: row.dataset.key }));
  }
}

/** @returns {HTMLElement} where the bars are */
function place() {
  const there = one(document, ".undo-bars");
  if (there !== null) return there;
  const bars = make("section", "undo-bars");
  bars.setAttribute("aria-label", "Deleted, and can be taken back");
  document.body.append(bars);
  return bars;
}

/**
 * Hide something, and show a bar that takes it back.
 * @param {Deleted} deleted
 * @param {string} name
 * @param {() => void} act what tells the server
 */
export function deleteWithUndo(deleted, name, act) {
  if (isWaiting(deleted)) return;
  const bar = make("div", "undo-bar");
  const back = make("button", "undo-back", "Undo");
  const now = make("button", "undo-now", "Delete now");
  for (const button of [back, now]) button.type = "button";
  bar.append(make("span", "undo-words", `${name} deleted.`), back, now);
  const away = () => {
    bar.remove();
    hideRows();
  };
  back.addEventListener("click", () => {
    takeBack(deleted);
    away();
    say(`${name} is back.`);
  });
  now.addEventListener("click", () => deleteNow(deleted));
  deleteLater(deleted, act, away, () => bar.matches(":hover, :has(:focus-visible)"));
  place().append(bar);
  hideRows();
  say(`${name} deleted. Undo is at the end of the page.`);
  back.focus({ preventScroll: true });
}
