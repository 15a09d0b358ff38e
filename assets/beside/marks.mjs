/**
 * What lies over the points of one of two maps: names of clusters, the chosen row with lines to its neighbours, hits, the
 * row under the hand, the outline that is drawn.  It chooses nothing of that.
 */
import { drawn, penOf } from "../shell/dom.mjs";
import { frame, sizeOf } from "./pane.mjs";

const [LINE, PAD, ABOVE, MOST] = [16, 4, 8, 24];
const FONT = "600 11.5px system-ui, sans-serif";
const LONGEST = 28;
/** Cells a side, among which a cluster's fullest is looked for. */
const CELLS = 16;

/**
 * @param {Points} points
 * @param {number[]} rows of one cluster
 * @returns {{x: number, y: number}} where they lie densest
 */
function densest({ x, y, bounds }, rows) {
  const cell = (/** @type {number} */ value, /** @type {number[]} */ [low, high]) => Math.floor((CELLS * (value - low)) / (high - low || 1));
  /** @type {Map<number, number[]>} */
  const cells = new Map();
  rows.forEach((row) => {
    const at = (CELLS + 1) * cell(y[row], bounds.y) + cell(x[row], bounds.x);
    const known = cells.get(at);
    if (known) known.push(row);
    else cells.set(at, [row]);
  });
  const most = [...cells.values()].reduce((best, one) => (one.length > best.length ? one : best));
  const mean = (/** @type {Float32Array} */ values) => most.reduce((sum, row) => sum + values[row], 0) / most.length;
  return { x: mean(x), y: mean(y) };
}

/**
 * @param {Points} points
 * @param {Int32Array} labels
 * @param {number} count
 * @returns {{label: number, x: number, y: number, rows: number}[]} where each cluster is densest, the largest cluster first
 */
export function middlesOf(points, labels, count) {
  const rows = Array.from({ length: count }, () => /** @type {number[]} */ ([]));
  labels.forEach((label, row) => {
    if (label >= 0 && !Number.isNaN(points.x[row])) rows[label].push(row);
  });
  const found = rows.flatMap((own, label) => (own.length ? [{ label, rows: own.length, ...densest(points, own) }] : []));
  return found.sort((one, other) => other.rows - one.rows);
}

/**
 * @param {string} words
 * @returns {string}
 */
const short = (words) => (words.length > LONGEST ? `${words.slice(0, LONGEST - 1).trimEnd()}…` : words);

/**
 * @param {{words: string, left: number, top: number, width: number}[]} wanted names with their boxes, the first most
 * @param {Size} size
 * @returns {{words: string, left: number, top: number, width: number}[]} those that find room without lying on one another
 */
export function withRoom(wanted, { width, height }) {
  /** @type {{words: string, left: number, top: number, width: number}[]} */
  const there = [];
  wanted.forEach((one) => {
    const left = Math.min(Math.max(2, one.left), width - one.width - 2);
    const inside = one.top >= 0 && one.top + LINE <= height && one.left + one.width > 0 && one.left < width;
    const free = there.every((other) => left > other.left + other.width || left + one.width < other.left || Math.abs(one.top - other.top) > LINE);
    if (inside && free && left >= 0) there.push({ ...one, left });
  });
  return there.slice(0, MOST);
}

/**
 * @param {Pane} pane
 * @param {{words: string, x: number, y: number}[]} names
 * @returns {SVGElement[]}
 */
function nameShapes(pane, names) {
  const { px } = frame(pane);
  const pen = penOf();
  pen.font = FONT;
  const boxes = names.map(({ words, x, y }) => {
    const width = pen.measureText(short(words)).width + 2 * PAD;
    const [left, top] = px(x, y);
    return { words: short(words), left: left - width / 2, top: top - LINE - ABOVE, width };
  });
  return withRoom(boxes, sizeOf(pane)).map(({ words, left, top, width }) =>
    drawn("text", { x: left + width / 2, y: top + 12, class: "beside-name" }, [words]),
  );
}

/**
 * @param {Pane} pane
 * @param {BesideShown} shown
 * @param {number} side 0 or 1
 * @returns {SVGElement[]} lines from the chosen row to its neighbours by this map, dashed to those that are not the other's
 */
function focusShapes(pane, { focus, near }, side) {
  const { px } = frame(pane);
  const { x, y } = pane.points;
  if (focus < 0 || Number.isNaN(x[focus])) return [];
  const [cx, cy] = px(x[focus], y[focus]);
  const own = near ? near[side].filter(({ row }) => !Number.isNaN(x[row])) : [];
  const lines = own.map(({ row, shared }) => {
    const [x2, y2] = px(x[row], y[row]);
    return drawn("line", { x1: cx, y1: cy, x2, y2, class: `beside-line${shared ? "" : " alone"}` });
  });
  const dots = own.map(({ row, shared }) => {
    const [left, top] = px(x[row], y[row]);
    return drawn("circle", { cx: left, cy: top, r: 5, class: `beside-near${shared ? "" : " alone"}`, "data-row": row });
  });
  return [...lines, ...dots, drawn("circle", { cx, cy, r: 9, class: "beside-focus", "data-row": focus })];
}

/**
 * @param {Pane} pane
 * @param {number[]} rows
 * @param {(at: Pair, row: number) => SVGElement} shape
 * @returns {SVGElement[]} a shape for each row that has a place
 */
const shapesAt = (pane, rows, shape) => {
  const { px } = frame(pane);
  const { x, y } = pane.points;
  return rows.filter((row) => row >= 0 && !Number.isNaN(x[row])).map((row) => shape(px(x[row], y[row]), row));
};

/**
 * @param {Pair} at
 * @param {number} row
 */
const diamond = ([x, y], row) => drawn("path", { d: `M${x} ${y - 7}L${x + 7} ${y}L${x} ${y + 7}L${x - 7} ${y}Z`, class: "beside-hit", "data-row": row });

/**
 * Lay all marks of a pane.
 * @param {Pane} pane
 * @param {BesideShown} shown
 * @param {number} side 0 or 1
 */
export function mark(pane, shown, side) {
  const { px } = frame(pane);
  const svg = drawn("svg", { width: "100%", height: "100%" });
  const outline = shown.outline && shown.outline.pane === pane ? shown.outline.path.map(([x, y]) => px(x, y).join(",")).join(" ") : "";
  svg.append(
    ...nameShapes(pane, shown.names[side]),
    ...shapesAt(pane, shown.hits ? shown.hits[side] : [], diamond),
    ...focusShapes(pane, shown, side),
    ...(outline ? [drawn("polygon", { points: outline, class: "beside-outline" })] : []),
    ...shapesAt(pane, [shown.hovered], ([cx, cy], row) => drawn("circle", { cx, cy, r: 7, class: "beside-hover", "data-row": row })),
  );
  pane.layer.replaceChildren(svg);
}
