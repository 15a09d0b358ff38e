/**
 * Noise taken in: which rows belong to their nearest cluster by at least so much, and the labels that result.
 * It fetches how far rows belong once a run, and draws only the rings that mark the rows taken in.
 */
import { go, here } from "../shell/address.mjs";
import { noUpdate, setStore } from "../shell/dash.mjs";
import { byId, closest, drawn } from "../shell/dom.mjs";
import { columnsOf } from "../shell/server.mjs";
import { stamp } from "../shell/whose.mjs";
import { loadPoints } from "./points.mjs";

const HEADER = 8;
const STEPS = 100;
const REST_MS = 150;
const RING_PX = 4.5;
const MOST_RINGS = 4000;
const [TAKE_IN_WORDS, TAKE_IN_MARK] = ["take-in-words", "take-in-mark"];
/** @typedef {{n: number, nearest: Int32Array, percent: Uint8Array}} Belonging per row its nearest cluster, and how far */

/** @type {{points: Points, least: number, made: Points}|null} */
let last = null;
/** @type {number|null} */
let moving = null;

/**
 * Read the binary layout that GET /runs/{key}/membership documents.
 * @param {ArrayBuffer} buffer
 * @returns {Belonging}
 */
function decode(buffer) {
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  if (magic !== "EEM1") throw new Error("the memberships have an unknown layout; reload the page.");
  const n = new Uint32Array(buffer, 4, 1)[0];
  return { n, nearest: new Int32Array(buffer, HEADER, n), percent: new Uint8Array(buffer, HEADER + 4 * n, n) };
}

/** How far the rows of a run belong. */
const load = columnsOf("membership", decode);

/**
 * @param {Points} points
 * @param {Belonging} belonging
 * @param {number} least
 * @returns {Points} the points with the labels that result; `taken` lists the rows that were noise
 */
function relabelled(points, { nearest, percent }, least) {
  const label = points.label.slice();
  const taken = [];
  for (let row = 0; row < points.n; row++) {
    if (label[row] >= 0 || nearest[row] < 0 || percent[row] < least * STEPS - 1e-6) continue;
    label[row] = nearest[row];
    taken.push(row);
  }
  return { ...points, label, taken: Int32Array.from(taken) };
}

/**
 * @param {string} run
 * @param {number|null} least
 * @returns {Promise<Int32Array>} the cluster of each row of a run, with so much taken in
 */
export async function labelsOf(run, least) {
  const points = await loadPoints(run);
  return least ? relabelled(points, await load(run), least).label : points.label;
}

/**
 * @param {string} run
 * @param {Place|null} place
 * @returns {Promise<Points>} a run's points as the place shows them, with noise taken in or as they are
 */
export async function shownPoints(run, place) {
  const points = await loadPoints(run);
  const least = place && place.run === run ? place.take_in : null;
  if (!least) return points;
  if (!last || last.points !== points || last.least !== least) {
    last = { points, least, made: relabelled(points, await load(run), least) };
  }
  return last.made;
}

/**
 * @param {{points: Points}} shown
 * @param {Frame} frame
 * @returns {SVGElement[]} one path of rings around the rows taken in that are in view
 */
export function takenRings({ points }, { px, width, height }) {
  if (!points.taken || !points.taken.length) return [];
  const step = Math.ceil(points.taken.length / MOST_RINGS);
  const r = RING_PX;
  let d = "";
  for (let i = 0; i < points.taken.length; i += step) {
    const row = points.taken[i];
    const [x, y] = px(points.x[row], points.y[row]);
    if (!(x > -r && y > -r && x < width + r && y < height + r)) continue;
    d += `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  }
  return [drawn("path", { d, class: "taken-rings" })];
}

/**
 * @param {Points} points
 * @param {Belonging} belonging
 * @returns {number[]} how many rows of noise belong by at least 0, 1, … 100 percent
 */
function counts({ label, n }, { nearest, percent }) {
  const from = new Array(STEPS + 1).fill(0);
  for (let row = 0; row < n; row++) if (label[row] < 0 && nearest[row] >= 0) from[percent[row]]++;
  for (let p = STEPS - 1; p >= 0; p--) from[p] += from[p + 1];
  return from;
}

/**
 * @param {number} taken
 * @param {number} noise how many rows are in no cluster
 * @param {number} percent by how much those that are taken in belong to their cluster at least
 * @returns {string} what is taken in, and what is left
 */
export function takenWords(taken, noise, percent) {
  const [rows, left] = [taken, noise - taken].map((count) => count.toLocaleString("en"));
  const none = percent === 1 ? "none" : "none by as much";
  const rest = noise === taken ? "None is left." : `${left} ${noise - taken === 1 ? "belongs" : "belong"} to ${none}.`;
  const by = `by ${percent} % or more`;
  return `${rows} of ${noise.toLocaleString("en")} rows in no cluster ${taken === 1 ? "is" : "are"} shown in the nearest one: they belong to it ${by}. ${rest}`;
}

/**
 * Say what the slider would take in; 100 on it, its right end, takes nothing in.
 * @param {number} value
 * @param {string|null} run
 * @returns {Promise<string[]>} the sentence, and what is seen of it while the slider is folded away
 */
export async function sentence(value, run) {
  if (!run) return ["", ""];
  const [points, belonging] = await Promise.all([loadPoints(run), load(run)]);
  [TAKE_IN_WORDS, TAKE_IN_MARK].forEach((id) => stamp(byId(id), run));
  const from = counts(points, belonging);
  const noise = points.label.reduce((sum, label) => sum + (label < 0 ? 1 : 0), 0);
  if (!noise) return ["Every row is in a cluster.", ""];
  if (!from[0]) return ["There is no cluster to belong to.", ""];
  /** @param {number} count */
  const many = (count) => `${count.toLocaleString("en")} row${count === 1 ? "" : "s"} in no cluster`;
  if (value >= STEPS) return [`Nothing is taken in: ${many(noise)}.`, ""];
  const taken = from[Math.max(1, value)];
  return [takenWords(taken, noise, Math.max(1, value)), `${taken.toLocaleString("en")} taken in`];
}

/**
 * Slider → address, once it rests.
 * @param {number} value
 * @param {string|null} run
 */
export function choose(value, run) {
  if (moving) clearTimeout(moving);
  if (!run) return;
  moving = setTimeout(() => {
    moving = null;
    go({ take_in: value >= STEPS ? null : Math.max(1, value) / STEPS });
  }, REST_MS);
}

/**
 * Address → slider, unless a hand is on it, and the store of those who show labels.
 * @param {Place|null} place
 * @param {number} value
 * @param {number|null} before
 */
export function follow(place, value, before) {
  const least = (place && place.take_in) || null;
  const wanted = least ? Math.round(least * STEPS) : STEPS;
  const same = noUpdate();
  return [wanted === value || moving ? same : wanted, least === (before || null) ? same : least];
}

/**
 * A column of the chart of sizes is pressed.
 * @param {Event} event
 */
function pickSize(event) {
  const column = closest(event, "[data-pick-size]");
  if (!column || column.getAttribute("aria-pressed") === "true") return;
  setStore("pick-size", { run: here().run, size: Number(column.dataset.pickSize), at: Date.now() });
}

/** Listen to the chart of sizes. */
export const listen = () => document.addEventListener("click", pickSize);
