/**
 * The layer over the points: cluster names, the ring of the focus, lines to its neighbours, hits, the lasso's outline.
 * It is SVG that follows the map's axes; it keeps no state but what it shows.
 */
import { byId, drawn, every } from "../shell/dom.mjs";
import * as camera from "./camera.mjs";
import { cover } from "./cover.mjs";
import { showEdges } from "./edges.mjs";
import { cornersOf } from "./hits.mjs";
import { showKey } from "./key.mjs";
import { drawnName, inkOf } from "./label.mjs";
import { painted } from "./marks.mjs";
import { settleNames } from "./names.mjs";
import { edgePath, outsideOf, strengthAt } from "./links.mjs";
import * as selected from "./selected.mjs";
import { colorOf } from "./shades.mjs";
import { onMap } from "./state.mjs";
import { takenRings } from "./taken.mjs";

const MANY = 10;
const FRAME_GAP = 2;
const RING = 12;
const FAR_NAME = 0.75;
const [NARROW, INSPECTOR] = ["(width <= 900px)", 384]; // as assets/shell/frame.css
const OVER_THE_MAP = ".map-controls > *, #map-legend, #map-count:not(:empty), #map-key:not([hidden]), .map-edge";
/** @type {Shown|null} */
let shown = null;
/** @type {Name[]} */
let names = [];
let hovered = -1;
/** @type {((frame: Frame|null) => void)[]} */
const followers = [];

/**
 * @param {number} row
 * @param {number[]} pair
 * @param {number|string} r
 * @param {Record<string, string|number>} attributes
 * @returns {SVGElement} a mark of a row: a circle about its point or, where it has a picture, a frame; none on another's picture
 */
function mark(row, [cx, cy], r, attributes) {
  const box = cover.boxOf(row);
  const covered = cover.at(cx, cy) >= 0 ? " covered" : "";
  if (!box) return drawn("circle", { cx, cy, r, ...attributes, class: attributes.class + covered, "data-row": row });
  const [x, y, width] = [box.left - FRAME_GAP, box.top - FRAME_GAP, box.side + 2 * FRAME_GAP];
  return drawn("rect", { x, y, width, height: width, rx: 4, class: `${attributes.class} framed`, "data-row": row });
}

/**
 * @param {number} count
 * @returns {{line: number, dot: number}} how strong lines are and how large marks: 10 or fewer are strong
 */
function lookOf(count) {
  const share = Math.min(1, MANY / Math.max(1, count));
  return { line: 0.35 + 0.65 * share, dot: 0.55 + 0.45 * share };
}

/**
 * @param {number} row
 * @param {number} other
 * @param {(row: number) => number[]} at
 * @returns {number[][]|null} the ends of a line from one row to another: over no picture of theirs; null where none is seen
 */
const ends = (row, other, at) => outsideOf(at(row), at(other), [cover.boxOf(row), cover.boxOf(other)], FRAME_GAP);

/**
 * @param {number} row
 * @param {Near[]} near
 * @param {(row: number) => number[]} at
 * @returns {SVGElement[]} lines from the focus to its neighbours, to those far on the map dashed, and their marks
 */
function neighborShapes(row, near, at) {
  const { line, dot } = lookOf(near.length);
  const lines = near.flatMap((n) => {
    const found = ends(row, n.row, at);
    if (!found) return [];
    const [[x1, y1], [x2, y2]] = found;
    return [drawn("line", { x1, y1, x2, y2, class: `neighbor-line${n.far ? " far" : ""}` })];
  });
  const dots = near.map((n) => {
    return mark(n.row, at(n.row), (5.5 * dot).toFixed(2), { fill: colorOf(n.row), class: "neighbor-mark" });
  });
  return [
    group("neighbor-lines", { opacity: (0.55 * line).toFixed(2), "stroke-width": (0.6 + 0.7 * line).toFixed(2) }, lines),
    group("neighbor-marks", { "stroke-width": (2 * dot).toFixed(2) }, dots),
  ];
}

/**
 * @param {number} row
 * @param {Edge[]} edges
 * @param {(row: number) => number[]} at
 * @param {Points & {depth?: Float32Array}} points
 * @returns {SVGElement[]} the edges of a graph's node, with a head where they lead one way
 */
function edgeShapes(row, edges, at, { depth }) {
  if (!edges.length) return [];
  const { line } = lookOf(edges.length);
  const parts = edges.flatMap(({ row: other, way }) => {
    const found = way === "from" ? ends(other, row, at) : ends(row, other, at);
    if (!found) return [];
    const path = drawn("path", { d: edgePath(found[0], found[1], way !== "both"), class: "graph-edge", "data-row": other, "data-way": way });
    if (depth) path.setAttribute("opacity", strengthAt(depth[other]).toFixed(2));
    return [path];
  });
  return [group("graph-edges", { opacity: (0.5 + 0.4 * line).toFixed(2), "stroke-width": (0.7 + 0.7 * line).toFixed(2) }, parts)];
}

/**
 * @param {string} name
 * @param {Record<string, string|number>} attributes
 * @param {SVGElement[]} parts
 */
function group(name, attributes, parts) {
  const made = drawn("g", { class: name, ...attributes });
  made.append(...parts);
  return made;
}

/**
 * Draw the focus with its ring, its neighbours, and dotted rings round those who are near on the map alone.
 * @param {Shown} shown
 * @param {(row: number) => number[]} at
 * @returns {SVGElement[]}
 */
function focusShapes(shown, at) {
  const { marks, place } = shown;
  const row = marks ? marks.row : place && place.row;
  if (row === null || row === undefined || row >= shown.points.n || Number.isNaN(shown.points.x[row])) return [];
  const [x, y] = at(row);
  const quiet = back(shown, "row");
  if (quiet) return [...ringOf(row, [x, y], quiet)];
  const near = (marks ? marks.neighbors : []).filter((n) => !Number.isNaN(shown.points.x[n.row]));
  const strangers = (marks && marks.strangers) || [];
  const round = 6.5 * lookOf(strangers.length).dot;
  const beside = strangers.map((other) => mark(other, at(other), round, { class: "stranger-mark" }));
  const core = drawn("circle", { cx: x, cy: y, r: 5.5, fill: colorOf(row), class: "focus-core" });
  const cores = cover.boxOf(row) ? [] : [core];
  const edges = ((marks && marks.edges) || []).filter((edge) => !Number.isNaN(shown.points.x[edge.row]));
  return [...edgeShapes(row, edges, at, shown.points), ...neighborShapes(row, near, at), ...beside, ...cores, ...ringOf(row, [x, y], quiet)];
}

/**
 * @param {number} row
 * @param {number[]} pair
 * @param {string} quiet
 * @returns {SVGElement[]} the mark of the chosen row, like no other's: a ring with four ticks, or a double frame
 */
function ringOf(row, [x, y], quiet) {
  const ring = mark(row, [x, y], RING, { class: `focus-ring${quiet}` });
  if (cover.boxOf(row)) return [ring, mark(row, [x, y], RING, { class: `focus-inner${quiet}` })];
  const [from, to] = [RING + 2, RING + 7];
  const d = [[0, -1], [1, 0], [0, 1], [-1, 0]].map(([a, b]) => `M${x + a * from} ${y + b * from}L${x + a * to} ${y + b * to}`).join("");
  return [ring, drawn("path", { d, class: `focus-ticks${quiet}` })];
}

/**
 * @param {Hit} hit
 * @param {number[]} pair
 * @param {string} quiet the class of one that steps back
 * @returns {SVGElement} a hit's mark, on its point or at the corner of its picture
 */
function hitMark(hit, [cx, cy], quiet) {
  const { row, weak, across } = hit;
  const box = cover.boxOf(row);
  const covered = !box && cover.at(cx, cy) >= 0 ? " covered" : "";
  const middle = box ? [box.left + 2, box.top + 2] : [cx, cy];
  const points = cornersOf(middle, hit).map((pair) => pair.join(",")).join(" ");
  const look = `hit-mark${quiet}${weak ? " weak" : ""}${across ? " across" : ""}${covered}`;
  return drawn("polygon", { points, fill: colorOf(row), class: look, "data-row": row });
}

/**
 * @param {Hit} hit
 * @param {number[]} pair
 * @param {string} quiet
 * @returns {SVGElement[]} a hit's mark, in a ring where the row is called just as what was searched for
 */
function hitMarks(hit, pair, quiet) {
  const own = hitMark(hit, pair, quiet);
  return hit.just_so ? [mark(hit.row, pair, RING, { class: `hit-ring${quiet}` }), own] : [own];
}

/**
 * @param {Shown} shown
 * @param {Lamp} lamp
 * @returns {string} the class of marks that step back, since something else was asked after them
 */
const back = ({ front }, lamp) => (front && front !== lamp ? " back" : "");

/**
 * @param {Shown} shown
 * @param {(row: number) => number[]} at
 * @returns {SVGElement[]}
 */
function hitShapes(shown, at) {
  if (!shown.hits) return [];
  return shown.hits.hits
    .filter((hit) => !Number.isNaN(shown.points.x[hit.row]))
    .sort((one, other) => Number(Boolean(one.just_so)) - Number(Boolean(other.just_so))) // no other covers its ring
    .flatMap((hit) => hitMarks(hit, at(hit.row), back(shown, "hits")));
}

/**
 * @param {Shown} shown
 * @param {Frame["px"]} px
 * @returns {SVGElement[]}
 */
function outline(shown, px) {
  const corners = shown.selection ? selected.corners(shown.points, shown.selection.shape) : [];
  const points = corners.map(([x, y]) => px(x, y).join(",")).join(" ");
  return points ? [drawn("polygon", { points, class: `selection-outline${back(shown, "selection")}` })] : [];
}

/**
 * @param {Frame} frame
 * @returns {Size} how large the map is beside the inspector alone: which names there are changes with no panel that opens
 */
function roomOf({ width, height }) {
  const beside = window.matchMedia(NARROW).matches ? 0 : INSPECTOR;
  return { width: Math.max(window.innerWidth - beside, width / 2), height };
}

/**
 * @param {Shown} shown
 * @param {Frame} frame
 * @returns {SVGElement[]}
 */
function nameShapes(shown, frame) {
  names = settleNames(shown, frame, { taken: takenBoxes(), moving: camera.isMoving() || Boolean(onMap.dragged), room: roomOf(frame) });
  showKey(shown, names);
  return names.flatMap((name) => {
    const others = shown.dimmed && !name.clusters.some((label) => shown.bright.includes(label));
    const { depth } = name;
    const quiet = depth === undefined || name.broad ? {} : { opacity: Math.min(1, Math.max(FAR_NAME, 0.9 + 0.4 * depth)).toFixed(2) };
    return drawnName(name, inkOf(shown, name), { theme: shown.theme, pale: others, ...quiet });
  });
}

/** @returns {Box[]} where the map's buttons, its legend and its notes lie */
export function takenBoxes() {
  const { left, top } = byId("map-layer").getBoundingClientRect();
  return every(document, OVER_THE_MAP).flatMap((one) => {
    const box = one.getBoundingClientRect();
    if (!box.width || !box.height) return [];
    return [{ left: box.left - left, right: box.right - left, top: box.top - top, bottom: box.bottom - top }];
  });
}

/**
 * @param {Frame} frame
 * @returns {{under: SVGElement[], over: SVGElement[]}} what lies under the names and over them, but what a hand is at
 */
export function shapes(frame) {
  if (!shown) return { under: [], over: [] };
  const { points } = shown;
  /** @param {number} row */
  const at = (row) => frame.px(points.x[row], points.y[row]);
  return {
    under: [...takenRings(shown, frame), ...outline(shown, frame.px)],
    over: [...hitShapes(shown, at), ...focusShapes(shown, at)],
  };
}

/**
 * Lay everything out for the axes as they are.
 * @param {Graph|null} gd
 */
export function place(gd) {
  const layer = byId("map-layer");
  const frame = shown && gd ? camera.scale(gd) : null;
  if (!layer) return;
  cover.place(gd, shown);
  if (!frame || !shown) {
    names = [];
    showKey(null, names);
    showEdges(null, null);
    layer.replaceChildren();
    followers.forEach((follower) => follower(null));
    return;
  }
  const svg = drawn("svg", { width: "100%", height: "100%" });
  const { under, over } = shapes(frame);
  svg.append(...under, ...nameShapes(shown, frame), ...over, ...hoverShapes(frame));
  layer.replaceChildren(svg);
  if (!camera.isMoving()) showEdges(shown.points, frame);
  followers.forEach((follower) => follower(frame));
}

/**
 * Have somebody lay out something of his own whenever the layer is laid out.
 * @param {(frame: Frame|null) => void} follower
 */
export const follow = (follower) => followers.push(follower);

/**
 * Ring the point under the pointer; -1 for none.  One element comes and goes, the rest of the layer stays.
 * @param {number} row
 */
export function hover(row) {
  if (row === hovered) return;
  hovered = row;
  const svg = document.querySelector("#map-layer svg");
  if (!svg) return;
  svg.querySelectorAll(".hover-ring").forEach((ring) => ring.remove());
  svg.append(...hoverShapes(camera.scale(onMap.element)));
}

/**
 * @param {Frame|null} frame
 * @returns {SVGElement[]}
 */
function hoverShapes(frame) {
  if (hovered < 0 || !frame || !shown || hovered >= shown.points.n) return [];
  const [cx, cy] = frame.px(shown.points.x[hovered], shown.points.y[hovered]);
  const fill = colorOf(hovered);
  const group = drawn("g", { class: "hover-ring", "data-row": hovered });
  const core = drawn("circle", { cx, cy, r: 4.5, fill, class: "hover-core" });
  group.append(mark(hovered, [cx, cy], 7.5, { class: "hover-mark" }), ...(cover.boxOf(hovered) ? [] : [core]));
  return [group];
}

/**
 * Show something else; null shows nothing.
 * @param {Shown|null} next
 */
export function show(next) {
  if (!next || !shown || next.points !== shown.points) hovered = -1;
  shown = next;
  place(onMap.element);
}

/**
 * Mark a row and its neighbours at once, before the stores have said so.
 * @param {Marks|null} marks
 */
export function markNeighbors(marks) {
  if (!marks || !shown || marks.run !== shown.view.run) return;
  show({ ...shown, marks, front: "row", place: { ...shown.place, row: marks.row } });
  painted(marks);
}

/**
 * @param {{clientX: number, clientY: number}} event
 * @returns {Name|null} the name under a pointer, and the clusters that it speaks of
 */
export function nameAt(event) {
  const layer = byId("map-layer").getBoundingClientRect();
  const x = event.clientX - layer.left;
  const y = event.clientY - layer.top;
  /** @param {Name} n */
  const on = (n) => n.clusters.length && x >= n.left && x <= n.right && y >= n.top && y <= n.bottom;
  return names.find(on) || null;
}
