/**
 * Places the names of a set as the page does and counts: `node names.mjs SET.json [ASSETS]`; names.py writes the set.
 * ASSETS is another tree of the browser's code, one of before perhaps, whose names are boxes too.  What is wrong stands in `faults` with the
 * names that it is said of.  Prints json.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { faultOf, inside, lineOf, marksIn, meet } from "../browser_units/stranger.mjs";

const [, , file, assets = "assets"] = process.argv;
const load = (name) => import(pathToFileURL(path.resolve(assets, name)));
const { coverWith } = await load("map/cover.mjs");
const { frameOf, whole, zoomed } = await load("map/ranges.mjs");
const { decode } = await load("map/points.mjs");
const { settleNames } = await load("map/names.mjs");
const boxes = await load("map/boxes.mjs");
const { choosePortraits } = await load("pictures/portraits.mjs");

/** The map's place in a window of a size, and the buttons on it; as measured in Chromium. */
const ROW = [{ left: 12, top: 12, right: 647, bottom: 42 }];
const TWO_ROWS = [{ left: 8, top: 8, right: 310, bottom: 38 }, { left: 8, top: 43, right: 175, bottom: 73 }];
const SIZES = {
  "1440x900": { width: 1090, height: 795, taken: ROW },
  "1366x768": { width: 1016, height: 663, taken: ROW },
  "1280x720": { width: 930, height: 615, taken: ROW },
  "1024x768": { width: 1024, height: 663, taken: ROW },
  "720x450": { width: 720, height: 345, taken: ROW },
  "390x844": { width: 390, height: 512, taken: TWO_ROWS },
};
const ZOOMS = { whole: 1, near: 1 / 3 };
/** Widths of letters of a wide bold sans serif, in parts of its size. */
const widthOf = (words, size) =>
  [...words].reduce((sum, sign) => sum + size * ("ijl.,:;'|!".includes(sign) ? 0.36 : "mwMW@".includes(sign) ? 1 : /[A-Z]/.test(sign) ? 0.78 : sign === " " ? 0.35 : 0.66), 0);
const pen = { font: "", measureText: (words) => ({ width: widthOf(words, Number(/([\d.]+)px/.exec(pen.font)[1])) }) };
globalThis.document = { createElement: () => ({ getContext: () => pen }) };

const set = JSON.parse(readFileSync(file));
const bytes = (text) => Uint8Array.from(Buffer.from(text, "base64"));
const points = decode(bytes(set.points).buffer);
const worth = set.worth ? bytes(set.worth).slice(8) : null;
const rows = new Map();
points.label.forEach((label, row) => label >= 0 && !Number.isNaN(points.x[row]) && rows.set(label, (rows.get(label) || 0) + 1));

/** @returns {number[]} ranges about the middle row, nearer or not */
function rangesOf(size, factor) {
  const median = (values) => Float32Array.from(values.filter((value) => !Number.isNaN(value))).sort()[values.length >> 1];
  const all = whole(points.bounds, size.width, size.height);
  return factor === 1 ? all : zoomed(all, factor, median(points.x), median(points.y));
}

let lying = [];

/** Have the pictures lie where they do, where the set has any. */
function cover(frame, ranges) {
  const nothing = { at: () => -1, boxOf: () => null, boxes: () => [], side: () => 0 };
  lying = [];
  if (!worth || frame.width < 1) return coverWith(nothing);
  const asked = { points, worth, mask: null, wanted: [], larger: 1, view: ranges, perX: frame.perX };
  const { items, px } = choosePortraits(asked);
  const box = ({ row, x, y, side }) => {
    const [left, top] = frame.px(x - side / 2, y + side / 2);
    return { row, left, top, right: left + side * frame.perX, bottom: top + side * frame.perX };
  };
  lying = items.map(box);
  return coverWith({ ...nothing, boxes: () => lying, side: () => px });
}

/** @returns {boolean} whether the rows that a name says best lie clearly farther from its point than those of its cluster all in all */
function isAside({ clusters: [label], foot }) {
  const { near } = set.clusters.find(({ cluster }) => cluster === label);
  const own = Array.from(points.label.keys()).filter((row) => points.label[row] === label);
  const middling = (some) => {
    const away = some.map((row) => Math.hypot(points.x[row] - points.x[foot.row], points.y[row] - points.y[foot.row]));
    return away.filter((one) => !Number.isNaN(one)).sort((a, b) => a - b)[away.length >> 1];
  };
  return middling(near) > 1.25 * middling(own);
}

/** @returns {object} what is true of the names in a frame */
function counted(names, frame, taken) {
  const marks = marksIn({ points, frame, lying });
  const all = { names, marks, points, boxes, lying };
  const seen = new Map();
  marks.forEach(({ label }) => label >= 0 && seen.set(label, (seen.get(label) || 0) + 1));
  const hidden = marks.filter(({ x, y }) => names.some((name) => inside(name, x, y))).length;
  const within = names.filter((n) => n.left >= 0 && n.top >= 0 && n.right <= frame.width && n.bottom <= frame.height);
  const faults = {};
  within.forEach((name) => {
    const fault = faultOf(name, all);
    if (fault) (faults[fault] ||= []).push(name.words);
  });
  const wrong = Object.values(faults).flat();
  const there = [...seen].filter(([label, count]) => count >= Math.min(3, 0.25 * rows.get(label))).map(([label]) => label);
  const named = there.filter((label) => names.some(({ clusters }) => clusters.length === 1 && clusters[0] === label));
  const judged = names.filter(({ clusters }) => clusters.length === 1 && set.clusters.some(({ cluster, near }) => cluster === clusters[0] && near.length));
  const lines = names.filter(({ tied }) => tied).map((name) => Math.hypot(lineOf(name, boxes).end[0] - name.foot.x, lineOf(name, boxes).end[1] - name.foot.y));
  return {
    names: names.length,
    broad: names.filter(({ broad }) => broad).length,
    wrong: wrong.length,
    faults,
    clusters: there.length,
    named: there.length ? named.length / there.length : 1,
    covered: hidden / Math.max(1, marks.length),
    aside: judged.filter(isAside).length,
    buttons: names.filter((name) => taken.some((box) => meet(name, box))).length,
    overlapping: names.filter((one, i) => names.some((other, j) => j < i && meet(one, other))).length,
    cut: names.length - within.length,
    lines: lines.length,
    longest: Math.round(Math.max(0, ...lines)),
  };
}

const told = [];
for (const [window, size] of Object.entries(SIZES)) {
  for (const [zoom, factor] of Object.entries(ZOOMS)) {
    const ranges = rangesOf(size, factor);
    const frame = frameOf(ranges, { left: 0, top: 0, ...size });
    cover(frame, ranges);
    const view = { run: `${set.name} ${window} ${zoom}`, levels: set.levels, clusters: set.clusters };
    const began = performance.now();
    const names = settleNames({ view, focus: [], points }, frame, { taken: size.taken });
    const ms = Math.round(performance.now() - began);
    told.push({ set: set.name, window, zoom, ...counted(names, frame, size.taken), ms });
  }
}
console.log(JSON.stringify(told));
