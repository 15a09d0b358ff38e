/**
 * Has the server lay a run out in three dimensions, tells how far it is, and how faithful the result.
 * It draws nothing on the map.
 */
import { here } from "../shell/address.mjs";
import { byId, one } from "../shell/dom.mjs";
import { fetched, runUrl } from "../shell/server.mjs";

const LOOK_MS = 500;
/**
 * @typedef {object} Asking how far the layout of a run in space is, and how faithful it came out
 * @property {string} state
 * @property {{done: number, total: number}} progress
 * @property {string} [waiting_for]
 * @property {string} [error]
 * @property {number|null} [trustworthiness]
 * @property {number|null} [continuity]
 * @property {number} [trust_rows]
 * @property {number} [trust_k]
 */

/** @type {Map<string, Promise<boolean>>} */
const asking = new Map();
/** @type {Map<string|null, Asking>} */
const known = new Map();
const note = () => byId("map-space-note");
/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** @param {string} run */
const url = (run) => runUrl(run, "space");

/**
 * @param {Asking} told
 * @returns {string} how far the layout is
 */
function words({ state, progress, waiting_for: before }) {
  if (before) return `3-D: waits for ${before}`;
  if (state === "queued" || !progress.total) return "3-D: being laid out…";
  return `3-D: being laid out, ${Math.round((100 * progress.done) / progress.total)} %`;
}

/**
 * Say how far it is, with a way to stop it.
 * @param {string} run
 * @param {Asking} told
 */
function tell(run, told) {
  const box = note();
  if (!box.querySelector("button")) {
    const stop = Object.assign(document.createElement("button"), { className: "ghost", textContent: "Stop" });
    stop.addEventListener("click", () => fetched(url(run), { method: "DELETE" }).catch(() => null));
    box.replaceChildren(document.createElement("span"), stop);
  }
  one(box, "span").textContent = words(told);
}

/**
 * @param {string} run
 * @returns {Promise<boolean>} whether it is there in the end; false where somebody stopped it or went elsewhere
 */
async function follow(run) {
  let told = await fetched(url(run), { method: "POST" }).then((answer) => answer.json());
  while (told.state === "queued" || told.state === "running") {
    if (here().run !== run) return false;
    tell(run, told);
    await pause(LOOK_MS);
    told = await fetched(url(run)).then((answer) => answer.json());
  }
  if (told.state === "failed" || told.state === "none") {
    throw new Error(`The 3-D map was not made: ${told.error || "the server was started anew; press 3-D again."}`);
  }
  known.set(run, told);
  return told.state === "done";
}

/**
 * @param {string} run
 * @returns {Promise<boolean>} whether a run has its 3-D map, which is made now if it has none
 */
export function askSpace(run) {
  if (known.get(run)?.state === "done") return Promise.resolve(true);
  const asked = asking.get(run);
  if (asked) return asked;
  const coming = follow(run).finally(() => {
    asking.delete(run);
    note().replaceChildren();
  });
  asking.set(run, coming);
  return coming;
}

/** @param {number|null|undefined} value */
const figure = (value) => (value === null || value === undefined ? "unknown" : value.toFixed(3));

/**
 * @param {number|null|undefined} value
 * @returns {string} how faithful the map is, as the header says it of the flat one
 */
const faithfulWords = (value) =>
  value === null || value === undefined ? "3-D map, not measured" : `3-D map ${Math.round(100 * value)} % faithful`;

/**
 * Say how faithful what is shown is, and what a hand can do with it.
 * @param {Points|null} points
 * @param {string|null} run
 */
export function tellSpace(points, run) {
  const box = note();
  if (!box || (run && asking.has(run))) return;
  const told = points && points.arrangement === "3d" ? known.get(run) : null;
  if (!told) return box.replaceChildren();
  const faithful = Object.assign(document.createElement("span"), { className: "space-faithful" });
  faithful.textContent = faithfulWords(told.trustworthiness);
  faithful.title = `Of ${(told.trust_rows || 0).toLocaleString("en")} rows, at ${told.trust_k} neighbours; true neighbours are together by ${figure(told.continuity)}`;
  const hint = Object.assign(document.createElement("span"), { className: "space-hint" });
  hint.textContent = "Drag or Shift + arrow keys turn it, Shift-drag moves it, Fit turns it back";
  return box.replaceChildren(faithful, hint);
}
