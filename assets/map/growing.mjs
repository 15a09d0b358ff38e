/**
 * The map in the making: while a run works, its dots move from one picture to the next on a canvas of their own.
 * It knows pictures only; the finished map is drawn by draw.mjs, to which this one gives way.
 */
import { byId, canvasById, penOf } from "../shell/dom.mjs";
import { fetched, runUrl } from "../shell/server.mjs";
import { takenEdges } from "./fitting.mjs";
import { whole } from "./ranges.mjs";

/** For tests and for the curious: what was shown of the run in the making. */
export const stats = { pictures: 0, layouts: 0, bytes: 0, shown: 0 };
const still = () => window.matchMedia("(prefers-reduced-motion: reduce)");

/** @typedef {{number: number, stage: number, m: number, n: number, x: Uint16Array, y: Uint16Array, bounds: Ranges}} Picture */
/**
 * @typedef {object} Growing a run whose pictures are shown: those to come, the one that is shown, and how it moves there
 * @property {string} run
 * @property {string} color
 * @property {number} last
 * @property {Picture[]} queue
 * @property {ArrayLike<number>} from
 * @property {Float32Array|null} to
 * @property {Picture|null} picture
 * @property {number} since
 * @property {number} lasts
 * @property {boolean} resting
 * @property {boolean} done
 * @property {boolean} drawn
 */

const HEADER = 36;
const NOWHERE = 65535;
const STEPS = 65534;
const PROJECT = 1;
const POLL_MS = 400;
const MOVE_MS = 280;
const HURRY_MS = 45;
const FRAME_MS = 40;
const PLAIN = { willReadFrequently: true }; // thousands of small squares are drawn faster without a graphics processor
const IDLE_MS = 120;
/** @type {Growing|null} */
let state = null;
/** @type {string|null} */
let drawnRun = null;
const canvas = () => canvasById("growing");
const note = () => byId("growing-note");

/**
 * Read the pictures that GET /runs/{key}/frames documents.
 * @param {ArrayBuffer} buffer
 * @returns {Picture[]}
 */
function decode(buffer) {
  const found = [];
  for (let at = 0; at < buffer.byteLength; ) {
    const [number, stage, m, n] = new Uint32Array(buffer, at + 4, 4);
    const [xLow, xHigh, yLow, yHigh] = new Float32Array(buffer, at + 20, 4);
    const x = new Uint16Array(buffer, at + HEADER, m);
    const y = new Uint16Array(buffer, at + HEADER + 2 * m, m);
    found.push({ number, stage, m, n, x, y, bounds: { x: [xLow, xHigh], y: [yLow, yHigh] } });
    at += HEADER + 4 * m;
  }
  return found;
}

/**
 * @param {Picture} picture
 * @param {number} width
 * @param {number} height
 * @returns {Float32Array} left and top of every dot of a picture on a canvas of this size; NaN: not there yet
 */
function pixels({ m, x, y, bounds }, width, height) {
  const range = whole(bounds, width, height, takenEdges({ width, height }));
  const places = new Float32Array(2 * m);
  /**
   * @param {number} step
   * @param {number[]} pair
   */
  const along = (step, [low, high]) => low + (step / STEPS) * (high - low);
  for (let i = 0; i < m; i++) {
    if (x[i] === NOWHERE) {
      places[2 * i] = places[2 * i + 1] = NaN;
      continue;
    }
    places[2 * i] = ((along(x[i], bounds.x) - range.x[0]) / (range.x[1] - range.x[0])) * width;
    places[2 * i + 1] = ((range.y[1] - along(y[i], bounds.y)) / (range.y[1] - range.y[0])) * height;
  }
  return places;
}

/**
 * Make the canvas as sharp as the screen.
 * @param {HTMLCanvasElement} on
 * @returns {boolean} whether its size changed
 */
function fit(on) {
  const sharp = window.devicePixelRatio || 1;
  const [width, height] = [on.clientWidth * sharp, on.clientHeight * sharp].map(Math.round);
  if (on.width === width && on.height === height) return false;
  Object.assign(on, { width, height });
  return true;
}

/**
 * Draw the dots *share* of the way from where they were to where they go.
 * @param {HTMLCanvasElement} on
 * @param {number} share
 */
function paint(on, share) {
  if (!state || !state.to) return;
  const { from, to } = state;
  const sharp = window.devicePixelRatio || 1;
  const pen = penOf(on, PLAIN);
  const side = Math.round((to.length > 10000 ? 2 : to.length > 2000 ? 3 : 5) * sharp);
  pen.clearRect(0, 0, on.width, on.height);
  pen.fillStyle = state.color;
  const eased = share * share * (3 - 2 * share);
  for (const arrived of [true, false]) {
    pen.globalAlpha = arrived ? 0.55 : 0.55 * eased;
    for (let i = 0; i < to.length; i += 2) {
      const known = from.length === to.length && !Number.isNaN(from[i]);
      if (Number.isNaN(to[i]) || known !== arrived) continue;
      const left = known ? from[i] + (to[i] - from[i]) * eased : to[i];
      const top = known ? from[i + 1] + (to[i + 1] - from[i + 1]) * eased : to[i + 1];
      pen.fillRect(left * sharp - side / 2, top * sharp - side / 2, side, side);
    }
  }
}

/**
 * Say what is seen.
 * @param {Picture} picture
 */
function tell({ stage, m, n, x }) {
  let here = 0;
  for (let i = 0; i < m; i++) if (x[i] !== NOWHERE) here++;
  const rows = Math.round((here * n) / Math.max(m, 1)).toLocaleString("en-US");
  const all = n.toLocaleString("en-US");
  const drawn = m < n ? ` · ${m.toLocaleString("en-US")} drawn` : "";
  const words =
    stage === PROJECT ? "The map, its clusters to come" : `A first picture: ${rows} of ${all} rows, coarsely`;
  note().textContent = words + drawn;
}

/**
 * Take the next picture from the queue.
 * @param {HTMLCanvasElement} on
 * @param {number} now
 */
function next(on, now) {
  const picture = state && state.queue.shift();
  if (!state || !picture) return;
  state.from = state.to || [];
  state.to = pixels(picture, on.clientWidth, on.clientHeight);
  state.picture = picture;
  state.since = now;
  state.resting = false;
  state.lasts = still().matches ? 0 : state.queue.length || state.done ? HURRY_MS : MOVE_MS;
  stats.pictures += 1;
  stats.shown = picture.m;
  tell(picture);
  byId("stage").classList.add("has-picture");
}

/**
 * Draw the dots where they are now, a few times a second: the run needs the processor more than this does.
 * @param {number} now
 */
function step(now) {
  if (!state) return;
  if (state.done && state.drawn) return stop(); // never over the finished map, whatever is still to be shown
  const on = canvas();
  const arrived = !state.to || now - state.since >= state.lasts;
  if (fit(on) && state.picture) {
    Object.assign(state, { to: pixels(state.picture, on.clientWidth, on.clientHeight), from: [], resting: false });
  }
  if (arrived && state.queue.length && on.clientWidth) next(on, now);
  if (state.to && !state.resting) {
    const share = state.lasts ? Math.min(1, (now - state.since) / state.lasts) : 1;
    paint(on, share);
    state.resting = share === 1;
  }
  setTimeout(() => requestAnimationFrame(step), state.resting ? IDLE_MS : FRAME_MS);
}

/**
 * Ask for pictures that came since, again and again until the run is over.
 * @param {Growing} mine
 */
async function ask(mine) {
  while (state === mine) {
    const last = mine.done;
    try {
      const answer = await fetched(runUrl(mine.run, `frames?after=${mine.last}`));
      const buffer = await answer.arrayBuffer();
      const found = decode(buffer);
      stats.bytes += buffer.byteLength;
      stats.layouts += found.filter(({ stage }) => stage === PROJECT).length;
      mine.queue.push(...(mine.last < 0 ? found.slice(-1) : found)); // how it came to that was before one came here
      if (found.length) mine.last = found[found.length - 1].number;
    } catch {
      // The status of the run says what is wrong; the next question may be answered.
    }
    if (last) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** @param {string} run */
function begin(run) {
  stop();
  Object.assign(stats, { pictures: 0, layouts: 0, bytes: 0, shown: 0 });
  const color = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
  const still = { from: [], to: null, picture: null, since: 0, lasts: 0, resting: true };
  state = { run, color, last: -1, queue: [], ...still, done: false, drawn: false };
  ask(state);
  requestAnimationFrame(step);
}

/** Give way to the finished map, at once: while a machine is busy what fades would lie over it for seconds. */
function stop() {
  state = null;
  const on = canvas();
  byId("stage").classList.remove("has-picture");
  note().textContent = "";
  penOf(on, PLAIN).clearRect(0, 0, on.width, on.height);
}

/**
 * Follow the run of this tab by its status.
 * @param {string|null} run
 * @param {Status|null} status
 */
export function watch(run, status) {
  const current = status && status.run === run ? status.state : null;
  const moving = current === "queued" || current === "running";
  if (run && moving && drawnRun !== run && (!state || state.run !== run)) begin(run);
  if (!state) return;
  if (state.run !== run || (current && !moving && current !== "done")) return stop();
  state.done = current === "done";
  state.drawn = drawnRun === run;
}

/**
 * The map of a run has been drawn.  Not told with the status: Dash would keep that back until a drawing is over.
 * @param {string|null} run
 */
export function drawn(run) {
  drawnRun = run;
  if (state) state.drawn = run === state.run;
}
