/**
 * Which names the map shows and where: few broad ones when far, many fine ones when near, none on top of another.
 * It draws nothing.  While the map is only moved, every name keeps its place beside its group.
 */
import { penOf } from "../shell/dom.mjs";
import { cover } from "./cover.mjs";
import { stats } from "./state.mjs";

const LONGEST = 30;
const FAR_NAMES = 16;
const NEAREST_ZOOM = 3;
const SMALL_PX = 26;
const GAP = 4;
const EDGE = 3;
const PADDING = 5;
const FEWEST_LETTERS = 4;
const AIR = 1.12;
const KEPT_LAYOUTS = 24;
/** @typedef {{words: string, size: number, half: number, group: Group, dy: number} & Box} Placed a name beside its group */
/** @typedef {Pick<Shown, "view"|"focus"|"points">} Naming what is to be named */
/** @typedef {"left"|"right"|"top"|"bottom"} Side */

/** @type {Map<string, number>} */
const widths = new Map();
/** @type {Map<string, Placed[]>} */
const layouts = new Map();
/** @type {CanvasRenderingContext2D|null} */
let pen = null;

/**
 * @param {string} words
 * @param {number} size
 * @returns {number} the width of words in pixels
 */
function widthOf(words, size) {
  const key = `${size.toFixed(1)}|${words}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  if (widths.size > 5000) widths.clear();
  pen ||= penOf();
  pen.font = `650 ${size}px system-ui, sans-serif`;
  const { width } = pen.measureText(words);
  widths.set(key, width);
  return width;
}

/**
 * @param {Points} points
 * @param {Frame} frame
 * @returns {number} how near the map is: 0 when all of it is in view, 1 at twice that size, and so on
 */
function zoomOf({ bounds }, { perY, width, height }) {
  const [across, up] = [bounds.x, bounds.y].map(([low, high]) => (high - low || 1) * AIR);
  return Math.log2(perY / Math.min(width / across, height / up));
}

/**
 * @param {View} view
 * @returns {number} the level of the clusters themselves: the finest that is no finer than they are
 */
function clusterLevel({ levels, clusters }) {
  return Math.max(0, levels.filter((groups) => groups.length <= clusters.length).length - 1);
}

/**
 * @param {View} view
 * @param {number} zoom
 * @returns {number} the level for a zoom: at the whole map the finest with few enough names, but no parts of clusters;
 *   then finer with each step
 */
function levelFor(view, zoom) {
  const few = view.levels.filter((groups) => groups.length <= FAR_NAMES).length;
  const far = Math.min(Math.max(0, few - 1), clusterLevel(view));
  const last = view.levels.length - 1;
  const step = Math.min(1.5, Math.max(0.7, NEAREST_ZOOM / Math.max(1, last - far)));
  return Math.min(last, Math.max(0, far + Math.round(zoom / step)));
}

/**
 * @param {View} view
 * @param {number[]} focus
 * @returns {Group|undefined} the cluster, or the group of them, that is in focus
 */
function focusedGroup({ levels, clusters }, focus) {
  if (focus.length === 1) {
    const focused = clusters.find((cluster) => cluster.cluster === focus[0]);
    return focused && { ...focused, clusters: focus, reach: 0 };
  }
  return focus.length ? levels.flat().find((group) => group.clusters.join() === focus.join()) : undefined;
}

/**
 * @param {View} view
 * @param {number} level
 * @param {number[]} focus
 * @returns {Group[]} the groups to name, the most important first: what is in focus, then by size
 */
function groupsOf(view, level, focus) {
  const groups = view.levels[level].slice().sort((a, b) => b.size - a.size);
  const own = focusedGroup(view, focus);
  return own ? [own, ...groups.filter((group) => group.name !== own.name)] : groups;
}

/**
 * @param {Box} a
 * @param {Box} b
 */
const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * @param {Group} group
 * @param {number} perY
 * @param {number} size
 * @returns {number[]} how far up or down a name may lie: beside a small group, so as not to hide it; on a large one
 */
function nudges(group, perY, size) {
  const reach = (group.reach || 0) * perY;
  const picture = cover.side() / 2;
  const beside = Math.max(Math.min(reach, SMALL_PX), picture) + size * 0.6 + GAP + 4;
  const steps = [-1, 1, -2, 2].map((step) => step * size * 1.5);
  if (reach < SMALL_PX) return [beside, -beside, ...steps.slice(2).map((step) => step + Math.sign(step) * beside)];
  return picture ? [0, ...steps, -beside, beside] : [0, ...steps];
}

/**
 * @param {Points} points
 * @param {Group} group
 * @returns {Anchor|null} where a group has its name: on the map where the server says, else where the arrangement does
 */
function anchorOf(points, group) {
  if (points.anchor) return points.anchor(group);
  const { x, y } = group;
  return x === null || x === undefined || y === null || y === undefined ? null : { x, y };
}

/**
 * @param {Group} group
 * @param {Points} points
 * @param {Frame} frame
 * @param {{taken: Box[], pictures: Box[], biggest: number}} around
 * @returns {Placed|null} a free place for a group's name, as it lies beside the group's own; on a picture if need be
 */
function settle(group, points, frame, { taken, pictures, biggest }) {
  let second = null;
  const at = anchorOf(points, group);
  if (!at) return null;
  const [x, y] = frame.px(at.x, at.y);
  const words = group.name.length > LONGEST ? `${group.name.slice(0, LONGEST - 1)}…` : group.name;
  const size = 11.5 + 3 * Math.sqrt(group.size / biggest) + (group.clusters.length > 1 ? 1 : 0);
  const half = widthOf(words, size) / 2 + PADDING;
  for (const dy of nudges(group, frame.perY, size)) {
    const [top, bottom] = [y + dy - size * 0.75, y + dy + size * 0.75];
    const box = { left: x - half, right: x + half, top, bottom };
    if (taken.some((other) => overlap(box, other))) continue;
    const free = { ...box, words, size, half, group, dy };
    if (!pictures.some((other) => overlap(box, other))) return free;
    second = second || free;
  }
  return second;
}

/**
 * Place all names of a level, in view or not, so that moving the map changes nothing but where they are.
 * @param {Naming} naming
 * @param {number} level
 * @param {Frame} frame
 * @returns {Placed[]}
 */
function layOut({ view, focus, points }, level, frame) {
  const groups = groupsOf(view, level, focus);
  const biggest = groups.reduce((most, group) => Math.max(most, group.size), 1);
  /** @type {Placed[]} */
  const placed = [];
  const around = { taken: placed, pictures: cover.boxes(), biggest };
  groups.forEach((group) => {
    const name = settle(group, points, frame, around);
    if (name) placed.push(name);
  });
  return placed;
}

/**
 * @param {Naming} shown
 * @param {Frame} frame
 * @param {number} level
 * @returns {Placed[]} the layout for a scale, made once
 */
function layoutFor(shown, frame, level) {
  const { view, focus, points } = shown;
  const key = [view.run, points.version || "", level, focus.join(), frame.perY.toPrecision(6), frame.width, frame.height]
    .concat(Math.round(cover.side()))
    .join("|");
  const known = layouts.get(key);
  if (known) return known;
  if (layouts.size > KEPT_LAYOUTS) layouts.clear();
  const made = layOut(shown, level, frame);
  layouts.set(key, made);
  return made;
}

/**
 * @param {Name} name
 * @param {Name[]} names
 * @param {number} wanted
 * @param {Side[]} along
 * @param {Side[]} across
 * @returns {number} how far a box may move by `wanted` along an axis before it meets another box
 */
function free(name, names, wanted, [low, high], [side, other]) {
  let room = Math.abs(wanted);
  names.forEach((box) => {
    if (box === name || box[side] >= name[other] || name[side] >= box[other]) return;
    const gap = wanted > 0 ? box[low] - name[high] : name[low] - box[high];
    if (gap >= 0) room = Math.min(room, gap);
  });
  return Math.sign(wanted) * room;
}

/**
 * Move a name that the map's side would cut inward, as far as no other name is in its way.
 * @param {Name} name
 * @param {Name[]} names
 * @param {Size} size
 */
function keepInside(name, names, { width, height }) {
  /**
   * @param {number} low
   * @param {number} high
   * @param {number} most
   */
  const inward = (low, high, most) => Math.max(0, EDGE - low) - Math.max(0, high - most + EDGE);
  const dx = free(name, names, inward(name.left, name.right, width), ["left", "right"], ["top", "bottom"]);
  Object.assign(name, { x: name.x + dx, left: name.left + dx, right: name.right + dx });
  const dy = free(name, names, inward(name.top, name.bottom, height), ["top", "bottom"], ["left", "right"]);
  Object.assign(name, { y: name.y + dy, top: name.top + dy, bottom: name.bottom + dy });
}

/**
 * Shorten a name that the map's side still cuts, since another one is in its way.
 * @param {Name} name
 * @param {Size} size
 * @returns {boolean} whether it stays
 */
function shorten(name, { width }) {
  const [left, right] = [Math.max(name.left, EDGE), Math.min(name.right, width - EDGE)];
  if (left === name.left && right === name.right) return true;
  let kept = name.words.replace(/…$/, "").length - 1;
  const cut = () => `${name.words.slice(0, kept).trimEnd()}…`;
  while (kept >= FEWEST_LETTERS && widthOf(cut(), name.size) + 2 * PADDING > right - left) kept--;
  if (kept < FEWEST_LETTERS) return false;
  Object.assign(name, { words: cut(), left, right, x: (left + right) / 2 });
  return true;
}

/**
 * @param {Naming} shown
 * @param {Frame} frame
 * @returns {Name[]} the names in view with their boxes in pixels; `clusters` are those that a name speaks of
 */
export function settleNames(shown, frame) {
  if (!shown.view.levels || !shown.view.levels.length) return [];
  const level = levelFor(shown.view, zoomOf(shown.points, frame));
  /** @type {Name[]} */
  const names = [];
  layoutFor(shown, frame, level).forEach(({ group, words, size, half, dy }) => {
    const anchor = anchorOf(shown.points, group);
    if (!anchor) return;
    const [x, at] = frame.px(anchor.x, anchor.y);
    if (x < 0 || at < 0 || x > frame.width || at > frame.height) return;
    const y = at + dy;
    const box = { left: x - half, right: x + half, top: y - size * 0.75, bottom: y + size * 0.75 };
    names.push({ ...box, words, size, x, y, level, depth: anchor.depth, name: group.name, clusters: group.clusters });
  });
  names.forEach((name) => keepInside(name, names, frame));
  const whole = names.filter((name) => shorten(name, frame));
  Object.assign(stats, { nameLevel: level, names: whole.map((n) => n.words) });
  return whole;
}
