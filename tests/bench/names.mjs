/**
 * Places the names of a set as the page does and counts: `node names.mjs SET.json [ASSETS]`; names.py writes the set.
 * ASSETS is another tree of the browser's code, one of before perhaps, whose names are boxes too.  Prints json.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [, , file, assets = "assets"] = process.argv;
const load = (name) => import(pathToFileURL(path.resolve(assets, name)));
const { coverWith } = await load("map/cover.mjs");
const { frameOf, whole, zoomed } = await load("map/ranges.mjs");
const { decode } = await load("map/points.mjs");
const { settleNames } = await load("map/names.mjs");
const { choosePortraits } = await load("pictures/portraits.mjs");

/** The map's place in a window of a size, and the buttons on it; as measured in Chromium. */
const ROW = [{ left: 12, top: 12, right: 650, bottom: 42 }];
const TWO_ROWS = [{ left: 8, top: 8, right: 336, bottom: 76 }];
const SIZES = {
  "1440x900": { width: 790, height: 795, taken: ROW },
  "1366x768": { width: 716, height: 663, taken: ROW },
  "1280x720": { width: 630, height: 615, taken: ROW },
  "1024x768": { width: 1024, height: 546, taken: ROW },
  "720x450": { width: 720, height: 298, taken: ROW },
  "390x844": { width: 390, height: 393, taken: TWO_ROWS },
};
const ZOOMS = { whole: 1, near: 1 / 3 };
const AROUND = 8;

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

/** Have the pictures lie where they do, where the set has any. */
function cover(frame, ranges) {
  const nothing = { at: () => -1, boxOf: () => null, boxes: () => [], side: () => 0 };
  if (!worth || frame.width < 1) return coverWith(nothing);
  const asked = { points, worth, mask: null, wanted: [], larger: 1, view: ranges, perX: frame.perX };
  const { items, px } = choosePortraits(asked);
  const box = ({ x, y, side }) => {
    const [left, top] = frame.px(x - side / 2, y + side / 2);
    return { left, top, right: left + side * frame.perX, bottom: top + side * frame.perX };
  };
  return coverWith({ ...nothing, boxes: () => items.map(box), side: () => px });
}

/** @returns {object} what is true of the names in a frame */
function counted(names, frame, taken) {
  const [seen, hidden] = [new Map(), { rows: 0, all: 0 }];
  const about = names.map(() => ({ own: 0, others: 0 }));
  const inside = ({ left, right, top, bottom }, x, y, wider = 0) =>
    x >= left - wider && x <= right + wider && y >= top - wider && y <= bottom + wider;
  for (let row = 0; row < points.n; row++) {
    const [x, y] = frame.px(points.x[row], points.y[row]);
    if (!(x >= 0 && y >= 0 && x <= frame.width && y <= frame.height)) continue;
    const label = points.label[row];
    hidden.all++;
    if (names.some((name) => inside(name, x, y))) hidden.rows++;
    if (label < 0) continue;
    seen.set(label, (seen.get(label) || 0) + 1);
    names.forEach((name, i) => inside(name, x, y, AROUND) && about[i][name.clusters.includes(label) ? "own" : "others"]++);
  }
  const ties = ({ tied, foot, clusters }) => tied && clusters.includes(points.label[foot.row]);
  const wrong = names.filter((name, i) => about[i].others > about[i].own && !ties(name));
  const there = [...seen].filter(([label, count]) => count >= Math.min(3, 0.25 * rows.get(label))).map(([label]) => label);
  const named = there.filter((label) => names.some(({ clusters }) => clusters.length === 1 && clusters[0] === label));
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const cut = names.filter((n) => n.left < 0 || n.top < 0 || n.right > frame.width || n.bottom > frame.height);
  const lines = names.filter(({ tied }) => tied).map((n) => Math.hypot(Math.max(n.left - n.foot.x, 0, n.foot.x - n.right), Math.max(n.top - n.foot.y, 0, n.foot.y - n.bottom)));
  return {
    names: names.length,
    broad: names.filter(({ broad }) => broad).length,
    wrong: wrong.length,
    clusters: there.length,
    named: there.length ? named.length / there.length : 1,
    covered: hidden.rows / Math.max(1, hidden.all),
    buttons: names.filter((name) => taken.some((box) => meet(name, box))).length,
    overlapping: names.filter((one, i) => names.some((other, j) => j < i && meet(one, other))).length,
    cut: cut.length,
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
    told.push({ set: set.name, window, zoom, ...counted(names, frame, size.taken), ms: Math.round(performance.now() - began) });
  }
}
console.log(JSON.stringify(told));
