/**
 * Bars for what is deleted and can be taken back still: the server keeps it for a while, the list of the library says for how
 * long, and so a reload shows the bar again.  It deletes nothing itself.
 */
import { every, make, one } from "./dom.mjs";
import { say } from "./say.mjs";

const LATE_MS = 400;

/** @typedef {{kind: string, key: string, name: string, left: number}} Deleted *left* in seconds */
/** @typedef {(told: {do: string, kind: string, key: string}) => void} Tell */

/** @param {Pick<Deleted, "kind"|"key">} deleted */
const idOf = ({ kind, key }) => `${kind} ${key}`;

/** Which bars there are to be. */
export class Bars {
  constructor() {
    /** @type {Set<string>} what has a bar */
    this.shown = new Set();
    /** @type {Set<string>} what somebody closed the bar of, or has taken back, as long as the list does not know it */
    this.closed = new Set();
  }

  /**
   * @param {Deleted[]} deleted what can be taken back by now
   * @returns {{come: Deleted[], go: string[]}} the bars that come, and which go
   */
  follow(deleted) {
    const now = new Set(deleted.map(idOf));
    const come = deleted.filter((each) => !this.shown.has(idOf(each)) && !this.closed.has(idOf(each)));
    const go = [...this.shown].filter((id) => !now.has(id));
    come.forEach((each) => this.shown.add(idOf(each)));
    go.forEach((id) => this.shown.delete(id));
    [...this.closed].filter((id) => !now.has(id)).forEach((id) => this.closed.delete(id));
    return { come, go };
  }

  /** @param {Deleted} deleted */
  close(deleted) {
    this.shown.delete(idOf(deleted));
    this.closed.add(idOf(deleted));
  }
}

const bars = new Bars();
/** @type {{asked: string|null}} what this page has deleted last: its bar takes the focus */
const here = { asked: null };

/**
 * Something is being deleted on this page.
 * @param {Pick<Deleted, "kind"|"key">} deleted
 */
export function ask(deleted) {
  here.asked = idOf(deleted);
  bars.closed.delete(idOf(deleted));
}

/** @returns {HTMLElement} where the bars are */
function place() {
  const there = one(document, ".undo-bars");
  if (there !== null) return there;
  const section = make("section", "undo-bars");
  section.setAttribute("aria-label", "Deleted, and can be taken back");
  document.body.append(section);
  return section;
}

/**
 * @param {string} id
 * @returns {HTMLElement|undefined}
 */
const barOf = (id) => every(document, ".undo-bars > .undo-bar").find((bar) => bar.dataset.of === id);

/**
 * @param {Deleted} deleted
 * @param {Tell} tell
 */
function show(deleted, tell) {
  const { kind, key, name, left } = deleted;
  const bar = make("div", "undo-bar");
  bar.dataset.of = idOf(deleted);
  const [back, now, away] = [["back", "Undo"], ["now", "Delete now"], ["away", "×"]].map(([what, words]) => make("button", `undo-${what}`, words));
  for (const button of [back, now, away]) button.type = "button";
  away.setAttribute("aria-label", "Close; it can be taken back in the list still");
  const close = () => {
    bars.close(deleted);
    bar.remove();
  };
  back.addEventListener("click", () => {
    close();
    tell({ do: "undelete", kind, key });
    say(`${name} is back.`);
  });
  now.addEventListener("click", () => {
    close();
    tell({ do: "delete-now", kind, key });
    say(`${name} is deleted for good.`);
  });
  away.addEventListener("click", close);
  bar.append(make("span", "undo-words", `${name} deleted.`), back, now, away);
  place().append(bar);
  setTimeout(() => barOf(idOf(deleted)) === bar && tell({ do: "deleted", kind, key }), 1000 * left + LATE_MS);
  if (here.asked !== idOf(deleted)) return;
  here.asked = null;
  say(`${name} deleted. Undo is at the end of the page.`);
  back.focus({ preventScroll: true });
}

/**
 * The list was drawn: have a bar for each that it says can be taken back.
 * @param {Tell} tell
 */
export function follow(tell) {
  const rows = every(document, "[data-deleted]");
  const { come, go } = bars.follow(rows.map(({ dataset }) => ({ kind: String(dataset.kind), key: String(dataset.key), name: String(dataset.deleted), left: Number(dataset.left) })));
  go.forEach((id) => barOf(id)?.remove());
  come.forEach((deleted) => show(deleted, tell));
}
