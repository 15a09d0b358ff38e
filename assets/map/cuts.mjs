/**
 * More or fewer clusters: what the slider shows at once, from labels that the server keeps of every cut, and what stays
 * of it when it comes to rest.  It finds no clusters and names none.
 */
import { goTo, here } from "../shell/address.mjs";
import { noUpdate, notify, setStore } from "../shell/dash.mjs";
import { byId } from "../shell/dom.mjs";
import { leaveFocus } from "../shell/focus.mjs";
import { plain, tabOf } from "../shell/lights.mjs";
import { sameMap } from "../shell/recut.mjs";
import { fetched, runUrl } from "../shell/server.mjs";
import { stamp } from "../shell/whose.mjs";
import { lastingSelection } from "./selecting.mjs";

const HEADER = 8;
const REST_MS = 700;
const HELD_MS = 200;
const KEPT = 24;
/** From this share on it is said where rows go that are in no cluster now. */
const SEEN = 0.005;
/** @typedef {{view: Pick<View, "clusters"|"levels">, colors: Record<Theme, string[]>, label: Int32Array}} Cut */

/** @type {{cuts: Cuts|null, timer: number|null, held: boolean}} */
const slider = { cuts: null, timer: null, held: false };
/** @type {Map<string, Promise<Cut>>} */
const loaded = new Map();
/** @type {{points: Points, cut: Cut, made: Points}|null} */
let last = null;

/**
 * Read the binary layout that GET /runs/{key}/cuts/{at}/rows documents.
 * @param {ArrayBuffer} buffer
 * @returns {Int32Array}
 */
export function decode(buffer) {
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  if (magic !== "EEC1") throw new Error("the clusters have an unknown layout; reload the page.");
  return new Int32Array(buffer, HEADER, new Uint32Array(buffer, 4, 1)[0]);
}

/**
 * @param {Recut} recut
 * @returns {Promise<Cut>} its clusters and the label of each row; asked for once
 */
function load({ run, at }) {
  const key = `${run}|${at}`;
  const known = loaded.get(key);
  if (known) return known;
  const url = runUrl(run, `cuts/${at}`);
  const coming = Promise.all([
    fetched(url).then((answer) => answer.json()),
    fetched(`${url}/rows`).then((answer) => answer.arrayBuffer()),
  ]).then(([answer, buffer]) => ({ view: seenAs(answer), colors: answer.colors, label: decode(buffer) }));
  coming.catch(() => loaded.delete(key));
  loaded.set(key, coming);
  if (loaded.size > KEPT) loaded.delete([...loaded.keys()][0]);
  return coming;
}

/**
 * @param {{clusters: (Cluster & {anchor: Anchor})[], levels: Group[][]}} answer
 * @returns {Pick<View, "clusters"|"levels">} what of an answer the map needs
 */
const seenAs = ({ clusters, levels }) => ({
  clusters: clusters.map(({ cluster, name, size, anchor }) => ({ cluster, name, size, clusters: [cluster], ...anchor })),
  levels,
});

/**
 * @param {View} view
 * @param {Points} points
 * @param {Recut|null} recut
 * @returns {Promise<[View, Points]>} a run as it is with another cut of its clusters, or as it is
 */
export async function recutView(view, points, recut) {
  if (!recut || recut.run !== view.run) return [view, points];
  const cut = await load(recut);
  if (!last || last.points !== points || last.cut !== cut) {
    last = { points, cut, made: { ...points, label: cut.label, taken: undefined } };
  }
  return [{ ...view, ...cut.view, colors: { ...view.colors, ...cut.colors }, cut: recut.at }, last.made];
}

/**
 * @param {number} share
 * @returns {string} a share as the server writes it: below ten per cent with a digit behind the point
 */
const percent = (share) => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

/**
 * @param {Stop} stop
 * @returns {string} how many clusters a stop has, in words
 */
const told = ({ clusters, noise }) =>
  `${clusters.toLocaleString("en")} cluster${clusters === 1 ? "" : "s"}, ${percent(noise)} in no cluster`;

/**
 * @param {Stop} stop
 * @param {Stop|undefined} now
 * @returns {string} what a stop of the slider gives, beside what is there now
 */
export function wordsOf(stop, now) {
  if (!now || stop.at === now.at) return `${told(stop)}.`;
  const more = stop.noise - now.noise;
  const why = more < SEEN ? "" : ` ${percent(more)} more: smaller groups are looked for, and what lies between them is in none.`;
  return `${told(stop)} (${now.clusters.toLocaleString("en")} before).${why}`;
}

/**
 * The cuts of the run on the map → the slider: its range, its place and whether it is there.
 * @param {Cuts|null} cuts
 */
export function offer(cuts) {
  const known = slider.cuts;
  if (known && cuts && known.run === cuts.run && known.current === cuts.current) return new Array(4).fill(noUpdate());
  slider.cuts = cuts;
  stamp(byId("cut-holder"), cuts && cuts.run);
  const count = cuts ? cuts.stops.length : 0;
  if (!cuts || count < 2) return [1, 0, "cuts hidden", ""];
  const at = cuts.stops.findIndex((stop) => stop.at === cuts.current);
  return [count - 1, at, "cuts", wordsOf(cuts.stops[at], undefined)];
}

/**
 * The slider is moved: the map shows that cut at once; once it rests it is kept.
 * @param {number} value
 * @param {Cuts|null} cuts
 * @param {Recut|null} before
 */
export function move(value, cuts, before) {
  const same = noUpdate();
  if (slider.timer) clearTimeout(slider.timer);
  const stop = cuts && cuts.stops[value];
  if (!cuts || !stop || here().run !== cuts.run) return [same, same];
  const now = cuts.stops.find(({ at }) => at === cuts.current);
  const wanted = stop.at === cuts.current ? null : { run: cuts.run, at: stop.at };
  if (wanted?.at === before?.at) return [same, same]; // it has been put where it is
  leaveFocus(); // its numbers are those of other clusters
  if (wanted) slider.timer = setTimeout(() => rest(wanted), REST_MS);
  return [wordsOf(stop, now), wanted];
}

/**
 * Keep a cut, unless a hand is on the slider still.
 * @param {Recut} wanted
 */
function rest(wanted) {
  if (slider.held) slider.timer = setTimeout(() => rest(wanted), HELD_MS);
  else setStore("recut-keep", { ...wanted, moment: Date.now() });
}

/**
 * A cut has become a run: go there, unless another cut or another place has been chosen meanwhile.
 * @param {{from: string, at: number, run: string}|null} kept
 * @param {Recut|null} shown
 */
export function kept(kept, shown) {
  if (kept) loaded.delete(`${kept.from}|${kept.at}`); // it has names of its own now
  if (!kept || here().run !== kept.from || !shown || shown.at !== kept.at) return;
  sameMap(kept.from, kept.run);
  const at = here();
  goTo(plain({ ...at, run: kept.run, take_in: null, cluster: null, selected: lastingSelection(), tab: tabOf(at) }));
}

/**
 * Another run is on the map: what was tried on the one before is over.
 * @param {string|null} run
 * @param {Recut|null} recut
 */
export function forgetCut(run, recut) {
  if (slider.cuts && slider.cuts.run !== run) slider.cuts = null;
  return recut && recut.run !== run ? null : noUpdate();
}

/**
 * Show a run with another cut; where that cannot be had, say why and show it as it is.
 * @param {View} view
 * @param {Points} points
 * @param {Recut|null} recut
 * @returns {Promise<[View, Points]>}
 */
export async function shownCut(view, points, recut) {
  try {
    return await recutView(view, points, recut);
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error));
    return [view, points];
  }
}

/** Know whether a hand is on the slider. */
export function listen() {
  const inside = (/** @type {Event} */ event) => event.target instanceof Element && event.target.closest("#cut-slider");
  document.addEventListener("pointerdown", (event) => (slider.held = Boolean(inside(event))), true);
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, () => (slider.held = false), true));
}
