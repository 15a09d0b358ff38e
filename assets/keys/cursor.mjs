/**
 * The point that the keyboard is at: four corners around it, kept in sight, and what is said of it.
 * It chooses no point and opens none.
 */
import * as camera from "../map/camera.mjs";
import { cover } from "../map/cover.mjs";
import * as overlay from "../map/overlay.mjs";
import { hidePreview, itemOf, preview } from "../map/preview.mjs";
import { onMap } from "../map/state.mjs";
import { worded } from "../map/values.mjs";
import { byId, drawn } from "../shell/dom.mjs";
import { say } from "../shell/say.mjs";

const HALF = 15;
const AROUND_PICTURE = 7;
const ARM = 0.55;
const MARGIN = 28;
const SPEAK_MS = 160;
const LONGEST = 140;
/** @type {{run: string|null, row: number, timer: number}} */
const state = { run: null, row: -1, timer: 0 };

/** @returns {number} the row that the keyboard is at on the map on screen; -1: none */
export function row() {
  const { points, view } = onMap;
  const there = points && view && view.run === state.run && state.row >= 0 && state.row < points.n;
  return there && !Number.isNaN(points.x[state.row]) ? state.row : -1;
}

/**
 * @param {number} half
 * @returns {string} the path of four corners of a square about the origin
 */
function corners(half) {
  const arm = Math.round(half * ARM);
  const signs = [-1, 1].flatMap((x) => [-1, 1].map((y) => [x, y]));
  return signs.map(([x, y]) => `M${x * half} ${y * (half - arm)}V${y * half}H${x * (half - arm)}`).join("");
}

/**
 * Lay the corners around the point where it is now.
 * @param {Frame|null} frame
 */
function place(frame) {
  const box = byId("map-cursor");
  const at = row();
  if (!box) return;
  if (!frame || at < 0) return box.replaceChildren();
  const { points } = onMap;
  const picture = cover.boxOf(at);
  const [x, y] = picture
    ? [picture.left + picture.side / 2, picture.top + picture.side / 2]
    : frame.px(points.x[at], points.y[at]);
  const d = corners(picture ? picture.side / 2 + AROUND_PICTURE : HALF);
  const transform = `translate(${x} ${y})`;
  const svg = drawn("svg", { width: "100%", height: "100%", "data-row": at });
  svg.append(drawn("path", { d, transform, class: "cursor-ground" }), drawn("path", { d, transform, class: "cursor-line" }));
  return box.replaceChildren(svg);
}

/**
 * @param {number[]} pair
 * @param {Frame} frame
 * @returns {boolean} whether a place can be seen: on the map, and under nothing that lies over it
 */
function inSight([x, y], { width, height }) {
  if (x < MARGIN || y < MARGIN || x > width - MARGIN || y > height - MARGIN) return false;
  /** @param {Box} box */
  const under = ({ left, right, top, bottom }) =>
    x > left - HALF && x < right + HALF && y > top - HALF && y < bottom + HALF;
  return !overlay.takenBoxes().some(under);
}

/** @returns {boolean} whether the keyboard's point is on screen */
export function isInSight() {
  const frame = camera.scale(onMap.element);
  const at = row();
  return frame !== null && at >= 0 && inSight(frame.px(onMap.points.x[at], onMap.points.y[at]), frame);
}

/** Shift the map, where its point cannot be seen, so that it is in the middle. */
function bringIntoSight() {
  const { element, points } = onMap;
  const frame = camera.scale(element);
  if (!frame || isInSight()) return;
  const [x, y] = frame.px(points.x[state.row], points.y[state.row]);
  camera.pan(element, frame.width / 2 - x, frame.height / 2 - y, false);
}

/**
 * @param {Record<string, any>} item
 * @returns {string} the value that colours a point, with the name of its column; nothing where clusters do
 */
function valueOf(item) {
  const { column } = onMap.shown;
  if (!column || !column.codes) return "";
  const values = item.metadata || {};
  const value = column.column in values ? values[column.column] : item[column.column];
  if (value === null || value === undefined || value === "") return `${column.title || column.column}: no value`;
  return `${column.title || column.column}: ${worded(value)}`;
}

/**
 * @param {number} at
 * @returns {Promise<string>} what is said of a row: how its text begins, its cluster, its value, its number
 */
export async function wordsFor(at) {
  const item = await itemOf(onMap.view.run, at);
  const text = String(item.text || item.path || `picture ${at}`).replace(/\s+/g, " ");
  const begun = text.length > LONGEST ? `${text.slice(0, LONGEST).trimEnd()}…` : text;
  const cluster = item.cluster < 0 ? "In no cluster" : `Cluster ${item.cluster_name}`;
  const parts = [begun, cluster, valueOf(item), `Row ${at}`].filter(Boolean);
  return parts.map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`)).join(" ");
}

/** Say where it is, once the hand rests: while a key is held, the point before the last is of no interest. */
function speak() {
  clearTimeout(state.timer);
  const at = state.row;
  state.timer = setTimeout(async () => {
    const words = await wordsFor(at).catch(() => `Row ${at}`);
    if (at === state.row) say(words);
  }, SPEAK_MS);
}

/**
 * Be at a row of the map on screen, in sight, and say so.
 * @param {number} at
 */
export function moveTo(at) {
  Object.assign(state, { run: onMap.view.run, row: at });
  bringIntoSight();
  place(camera.scale(onMap.element));
  show();
  speak();
}

/** Show beside the point what a hand that is over it would see. */
function show() {
  const line = document.querySelector("#map-cursor .cursor-line");
  if (!line) return;
  const { right, bottom } = line.getBoundingClientRect();
  preview(state.row, { clientX: right, clientY: bottom });
}

/** Be nowhere. */
export function forget() {
  state.row = -1;
  place(null);
}

/** Be nowhere for now: what was shown beside the point goes, the point is kept in mind. */
export function leave() {
  clearTimeout(state.timer);
  hidePreview();
}

/** Follow the map. */
export const listen = () => overlay.follow(place);
