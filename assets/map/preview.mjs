/**
 * The small preview beside the pointer.
 * One is fetched at a time, at once; while it comes the pointer may pass over others, of which only the last counts.
 */
import { here, wordsOf } from "../shell/address.mjs";
import { byId, every, make } from "../shell/dom.mjs";
import { fetched, runUrl } from "../shell/server.mjs";
import { besides } from "./besides.mjs";
import { hereOf } from "./here.mjs";
import { onMap } from "./state.mjs";
import { captionOf, valuesOf } from "./values.mjs";

const LONGEST = 220;
const KEPT = 400;
const TOGETHER_MS = 15;
/** @typedef {{text?: string, kind: string, thumbnail?: string, path?: string, length?: string, cluster: number, cluster_name: string, metadata?: Record<string, unknown>}} Previewed */

/** @type {Map<string, Previewed>} */
const kept = new Map();
let current = -1;
let shown = -1;
/** @typedef {{clientX: number, clientY: number}} Pointed where a hand is, or the keyboard */

/** @type {Pointed} */
let pointer;
let fetching = false;
const holder = () => byId("map-preview");

/**
 * @param {string} run
 * @param {number} row
 * @returns {Promise<Previewed>} an item; from memory when it was fetched before
 */
export async function itemOf(run, row) {
  const key = `${run}/${row}`;
  const known = kept.get(key);
  if (known) return known;
  const answer = await fetched(runUrl(run, `items/${row}`));
  const item = await answer.json();
  kept.set(key, item);
  if (kept.size > KEPT) kept.delete([...kept.keys()][0]);
  return item;
}

/**
 * @param {Previewed} item
 * @param {number} row
 * @returns {HTMLElement[]} what the preview shows of an item
 */
function contents(item, row) {
  const text = item.text || "";
  const short = (/** @type {string} */ all) => (all.length > LONGEST ? `${all.slice(0, LONGEST).trimEnd()}…` : all);
  const isSeen = Boolean(item.thumbnail);
  const body = isSeen ? make("img", "thumb") : Object.assign(make("div", "preview-text", short(text)), { dir: "auto" });
  if (isSeen) Object.assign(body, { src: item.thumbnail, alt: item.path || text });
  const values = told(item);
  const caption = short(captionOf(item));
  const isTold = values.some((line) => line.textContent?.includes(caption));
  const said = isSeen && caption && !isTold ? [Object.assign(make("div", "preview-text", caption), { dir: "auto" })] : [];
  const file = isSeen && !caption && !item.length && item.path ? [make("div", "preview-text", short(item.path))] : [];
  const here = hereOf(row);
  const timed = item.length ? [make("div", "preview-foot", `${item.path || text} · ${item.length}`)] : [];
  return [body, ...said, ...file, ...timed, ...values, clusterOf(item), ...(here ? [make("div", "preview-foot", here)] : [])];
}

/**
 * @param {Previewed} item
 * @returns {HTMLElement} the name of its cluster, which its dot tells from what is said of the item
 */
function clusterOf({ cluster, cluster_name: name }) {
  const line = make("div", "preview-foot preview-cluster");
  const dot = make("span", "dot");
  dot.style.setProperty("--chip", cluster < 0 ? "var(--quiet)" : `var(--cluster-${cluster}, var(--quiet))`);
  line.append(dot, Object.assign(make("span", "", cluster < 0 ? "In no cluster" : name), { dir: "auto" }));
  return line;
}

/**
 * @param {Previewed} item
 * @returns {HTMLElement[]} the value that colours the map, and those of the columns that cards show
 */
function told(item) {
  const values = valuesOf(item, onMap.shown ? onMap.shown.column : null, wordsOf(here().cards));
  return values.map(({ name, words }) => {
    const line = make("div", "preview-value");
    line.append(make("span", "note", `${name} `), Object.assign(make("span", "", words), { dir: "auto" }));
    return line;
  });
}

/**
 * @param {number} row
 * @param {DOMRect} room
 * @returns {{left: number, top: number, right: number, bottom: number}[]} where the names of its cluster stand in the room
 */
function namesOf(row, room) {
  const label = onMap.shown && row >= 0 ? onMap.shown.points.label[row] : -1;
  if (label < 0) return [];
  return every(document, "#map-layer [data-clusters]")
    .filter((name) => (name.getAttribute("data-clusters") || "").split(",").includes(String(label)))
    .map((name) => name.getBoundingClientRect())
    .map(({ left, top, right, bottom }) => ({ left: left - room.left, top: top - room.top, right: right - room.left, bottom: bottom - room.top }));
}

/**
 * Keep the preview beside the pointer and inside the map.
 * @param {Pointed} event
 */
function move(event) {
  const box = holder();
  const room = /** @type {HTMLElement} */ (box.parentElement).getBoundingClientRect();
  const at = [event.clientX - room.left, event.clientY - room.top];
  const [x, y] = besides(at, [box.offsetWidth, box.offsetHeight], [room.width, room.height], namesOf(current, room));
  box.style.transform = `translate(${x}px, ${y}px)`;
}

/**
 * Show the item of the row under the pointer; nothing, if it cannot be had.
 * @param {number} row
 * @param {Previewed|null} item
 */
function show(row, item) {
  shown = row;
  holder().classList.toggle("shown", Boolean(item));
  if (!item) return;
  holder().replaceChildren(...contents(item, row));
  move(pointer);
}

/** Fetch until what is shown is what the pointer is on. */
async function follow() {
  if (fetching) return;
  fetching = true;
  while (current >= 0 && current !== shown) {
    const row = current;
    const item = await itemOf(onMap.view.run, row).catch(() => null);
    if (row === current) show(row, item);
  }
  fetching = false;
}

/**
 * Show what is under the pointer; row -1 is nothing.
 * @param {number} row
 * @param {Pointed} event
 * @returns {Promise<number>|null} another row than before, when it may be marked: with its text, if that comes within
 *   some milliseconds.  A frame takes longer than that without a graphics processor, so that two would be seen.
 */
export function preview(row, event) {
  if (onMap.element) onMap.element.classList.toggle("over-point", row >= 0);
  pointer = event;
  if (row >= 0 && row === current) move(event);
  if (row < 0) hidePreview();
  if (row < 0 || row === current) return null;
  current = row;
  const late = new Promise((resolve) => setTimeout(resolve, TOGETHER_MS));
  return Promise.race([follow(), late]).then(() => {
    if (row === current && row !== shown) holder().classList.remove("shown"); // what is shown is another's
    return current;
  });
}

export function hidePreview() {
  current = -1;
  shown = -1;
  const box = holder();
  if (box) box.classList.remove("shown");
}
