/**
 * The arrangement "3d": the rows in space, turned by the hand.  What the map is given are their places as seen now, so that
 * click, hover, search, lines and names work as on the flat map; depth.mjs paints them.
 */
import * as arrangements from "../map/arrangements.mjs";
import { paintDensity } from "../map/compose.mjs";
import { placed } from "../map/grid.mjs";
import { lookFor } from "../map/look.mjs";
import * as overlay from "../map/overlay.mjs";
import { loadPoints } from "../map/points.mjs";
import { onMap, stats } from "../map/state.mjs";
import { go, here } from "../shell/address.mjs";
import { notify } from "../shell/dash.mjs";
import { closest } from "../shell/dom.mjs";
import { sentenceOf } from "../shell/server.mjs";
import { askSpace, tellSpace } from "./asking.mjs";
import { paintDepths } from "./depth.mjs";
import { towards, turned } from "./rotation.mjs";
import { anchors, boundsOf, load, look, pick } from "./seen.mjs";

const NAME = "3d";
const RADIANS_A_PX = 0.0075;
const STEP = Math.PI / 24;
const REST_MS = 160;
const motion = { frame: 0, timer: 0 };
let versions = 0;

/**
 * Sort the rows by place again, for what is asked of the map at rest, and give names new places.
 * @param {SpatialPoints} points
 */
function sort(points) {
  Object.assign(points, placed(points, points), { version: `${NAME} ${++versions}` });
}

/**
 * Turn, and show it in the next frame.
 * @param {SpatialPoints} points
 * @param {Graph} gd
 * @param {number} right
 * @param {number} down
 */
function turn(points, gd, right, down) {
  points.space.now = turned(points.space.now, right, down);
  clearTimeout(motion.timer);
  motion.timer = setTimeout(() => rest(points, gd), REST_MS);
  if (!motion.frame) motion.frame = requestAnimationFrame(() => follow(points, gd));
}

/**
 * @param {SpatialPoints} points
 * @param {Graph} gd
 */
function follow(points, gd) {
  motion.frame = 0;
  if (onMap.points !== points) return;
  look(points);
  overlay.place(gd);
  paintDensity();
  stats.turns = (stats.turns || 0) + 1;
}

/**
 * @param {SpatialPoints} points
 * @param {Graph} gd
 */
function rest(points, gd) {
  cancelAnimationFrame(motion.frame);
  motion.frame = 0;
  look(points);
  sort(points);
  if (onMap.points !== points) return;
  overlay.place(gd);
  paintDensity();
  stats.rests = (stats.rests || 0) + 1;
}

/**
 * Paint the rows as they are turned, in the colours of the map.
 * @param {SpatialPoints} points
 * @param {HTMLCanvasElement} canvas
 * @param {Shades} shades
 * @param {Mask} mask
 * @param {SpaceView} view
 */
function paint(points, canvas, { codes, colors, pale, ink }, mask, view) {
  if (points.inks.colors !== colors) points.inks = { colors, all: [...colors, pale] };
  const near = (2 * points.space.radius) / (view.y[1] - view.y[0]);
  const size = (view.scale || 1) * lookFor(points.n).size * Math.min(2.5, Math.max(0.8, near) ** 0.4);
  if (!view.scale) points.dot = (size / 2) * ((view.x[1] - view.x[0]) / view.width); // on screen, where it is pointed at
  const ground = view.ground || getComputedStyle(document.documentElement).getPropertyValue("--map-ground").trim();
  paintDepths(canvas, points, view, { codes, colors: points.inks.all, ground, mask, size, square: ink.square });
}

/**
 * @param {Points} flat
 * @param {Space} space
 * @returns {SpatialPoints} points that are seen in space: those of the map, with what turning and painting them takes
 */
function spatial(flat, space) {
  const [x, y, depth] = [0, 1, 2].map(() => new Float32Array(flat.n));
  /** @type {SpatialPoints} */
  const points = { ...flat, arrangement: NAME, space, x, y, depth, dot: 0, inks: { colors: [], all: [] } };
  look({ ...points, space: { ...space, now: space.first } });
  points.bounds = boundsOf(points);
  look(points);
  sort(points);
  points.turn = (gd, dx, dy) => turn(points, gd, dx * RADIANS_A_PX, dy * RADIANS_A_PX);
  points.pick = (atX, atY, radius) => pick(points, atX, atY, radius);
  points.paint = (canvas, shades, mask, view) => paint(points, canvas, shades, mask, view);
  points.anchor = anchors(points, flat);
  points.reset = () => {
    space.now = space.first;
    look(points);
    sort(points);
  };
  return points;
}

/**
 * @param {Points} flat
 * @param {View} view
 * @returns {Promise<Points>} the rows in space; has them laid out where that was not done yet
 */
async function arrange(flat, view) {
  const { run } = view;
  try {
    if (!(await askSpace(run))) throw new Error("The 3-D map was stopped; this is the map.");
    const space = await load(run);
    if (!space.now.length) space.now = space.first = towards(space, await loadPoints(run));
    return spatial(flat, space);
  } catch (error) {
    go({ arrangement: null });
    throw error;
  }
}

/** The button: the map stays as it is until the other one is there. */
async function press() {
  const { run } = here();
  try {
    if (run && (await askSpace(run)) && (await load(run)) && here().run === run) go({ arrangement: NAME });
  } catch (error) {
    notify(sentenceOf(error));
  }
}

/** @type {Record<string, Pair>} */
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

/**
 * The arrow keys turn it, with Shift where they go from point to point, unless they are meant for something else.
 * @param {KeyboardEvent} event
 */
function followKey(event) {
  const { points, element } = onMap;
  const steps = ARROWS[event.key];
  if (!steps || !points || !points.turn || event.ctrlKey || event.metaKey || event.altKey) return;
  const whole = event.target instanceof Element && event.target.matches("body, #stage"); // where the skip link leads
  const meant = whole || closest(event, "#map-holder");
  if (closest(event, "#map-keys") && !event.shiftKey) return; // there they go from point to point
  if (!meant || closest(event, "input, textarea, [role=radio], summary")) return;
  event.preventDefault();
  turn(/** @type {SpatialPoints} */ (points), element, ...steps);
}

const HINT = "Turn the rows in space: a map of three dimensions";

/** Offer the arrangement, and listen to the keys that turn it. */
export function listen() {
  document.addEventListener("keydown", followKey);
  arrangements.register({ name: NAME, title: "3-D", hint: HINT, offered: () => true, arrange, press, shown: tellSpace });
}
