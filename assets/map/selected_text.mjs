/**
 * A selection as an address has it, and back: a box, a lasso, rows, or the rows of clusters.
 * A lasso is kept to a 4,096th of its size, and what is selected is what its text says, so that a reload selects the same.
 */
import { packed, unpacked } from "./selected.mjs";

const STEPS = 4096;
const DIGITS = 7;
const FEW_CORNERS = 3;
const BLOCK = 8192;

/** @param {number} value */
const short = (value) => Number(value.toPrecision(DIGITS));

/**
 * @param {number[]} numbers whole ones, from 0
 * @returns {string} seven bits a byte, the lowest first, as base64 for addresses
 */
function bytesText(numbers) {
  const bytes = [];
  for (let number of numbers) {
    for (; number > 127; number = Math.floor(number / 128)) bytes.push((number % 128) + 128);
    bytes.push(number);
  }
  let signs = "";
  for (let at = 0; at < bytes.length; at += BLOCK) signs += String.fromCharCode(...bytes.slice(at, at + BLOCK));
  return forAddress(btoa(signs));
}

/**
 * @param {string} text
 * @returns {number[]} the numbers of such a text
 */
function numbersOf(text) {
  const numbers = [];
  let [number, worth] = [0, 1];
  for (const sign of atob(fromAddress(text))) {
    const byte = sign.charCodeAt(0);
    number += (byte & 127) * worth;
    worth *= 128;
    if (byte > 127) continue;
    numbers.push(number);
    [number, worth] = [0, 1];
  }
  return numbers;
}

/** @param {string} base64 */
const forAddress = (base64) => base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
/** @param {string} text */
const fromAddress = (text) => text.replaceAll("-", "+").replaceAll("_", "/");

/** @param {number} step forward or back */
const folded = (step) => (step < 0 ? -2 * step - 1 : 2 * step);
/** @param {number} number */
const unfolded = (number) => (number % 2 ? -(number + 1) / 2 : number / 2);

/**
 * @param {number[][]} corners
 * @param {number} unit
 * @returns {number[]} the steps from corner to corner, in units; those that are none are left out
 */
function stepsOf([[x0, y0], ...corners], unit) {
  let [x, y] = [0, 0];
  return corners.flatMap((corner) => {
    const [dx, dy] = [Math.round((corner[0] - x0) / unit) - x, Math.round((corner[1] - y0) / unit) - y];
    [x, y] = [x + dx, y + dy];
    return dx || dy ? [folded(dx), folded(dy)] : [];
  });
}

/**
 * @param {number[][]} path
 * @param {number} most
 * @returns {string} a lasso: its first corner, the exponent of two of its unit, and its steps; every other corner is left out
 *   for as long as it takes more letters
 */
function pathText([first, ...rest], most) {
  const [x0, y0] = first.map(short);
  const far = rest.reduce((most, [x, y]) => Math.max(most, Math.abs(x - x0), Math.abs(y - y0)), 0);
  const power = Math.ceil(Math.log2((far || 1) / STEPS));
  for (let corners = rest; ; corners = corners.filter((_, at) => at % 2)) {
    const text = ["path", x0, y0, power, bytesText(stepsOf([[x0, y0], ...corners], 2 ** power))].join("_");
    if (text.length <= most || corners.length < FEW_CORNERS) return text;
  }
}

/**
 * @param {Uint8Array} mask
 * @returns {string} rows: how far each is from the one before, or a bit a row where that is shorter
 */
export function rowsText(mask) {
  /** @type {number[]} */
  const gaps = [];
  let last = -1;
  mask.forEach((one, row) => {
    if (!one) return;
    gaps.push(row - last - 1);
    last = row;
  });
  const sparse = gaps.length > mask.length / 6 ? null : `rows_${bytesText(gaps)}`;
  const dense = `bits_${forAddress(packed(mask))}`;
  return sparse && sparse.length < dense.length ? sparse : dense;
}

/**
 * @param {Iterable<number>} labels
 * @param {number|null} least what is taken in of what is in no cluster
 * @returns {string} the rows of clusters
 */
export const clustersText = (labels, least) => ["clusters", [...labels].join("."), ...(least ? [least] : [])].join("_");

/**
 * @param {Shape} shape
 * @param {number} n how many rows there are
 * @param {number} most how many letters a lasso may take
 * @returns {string} a shape as an address has it
 */
export function textOf({ box, path, rows }, n, most) {
  if (box) return ["box", ...box.map(short)].join("_");
  return path ? pathText(path, most) : rowsText(unpacked(rows || "", n));
}

/**
 * @param {string} text of a lasso, without its kind
 * @returns {Shape|null}
 */
function pathOf(text) {
  const parts = /^([^_]+)_([^_]+)_([^_]+)_(.*)$/.exec(text);
  if (!parts) return null;
  const [x0, y0, power] = parts.slice(1, 4).map(Number);
  const unit = 2 ** power;
  const steps = numbersOf(parts[4]).map(unfolded);
  let [x, y] = [0, 0];
  const path = [[x0, y0]];
  for (let at = 0; at + 1 < steps.length; at += 2) {
    [x, y] = [x + steps[at], y + steps[at + 1]];
    path.push([short(x0 + x * unit), short(y0 + y * unit)]);
  }
  return path.length >= FEW_CORNERS && path.flat().every(Number.isFinite) ? { path } : null;
}

/**
 * @param {string} text
 * @param {number} n
 * @returns {Shape|null} rows of a text of gaps; none where it names one that is not there
 */
function rowsOf(text, n) {
  const mask = new Uint8Array(n);
  let row = -1;
  for (const gap of numbersOf(text)) {
    row += gap + 1;
    if (row >= n) return null;
    mask[row] = 1;
  }
  return { rows: packed(mask) };
}

/**
 * @param {string} text
 * @param {number} n
 * @returns {Shape|null} rows of a text of bits; none where it is of another number of rows
 */
function bitsOf(text, n) {
  const bits = atob(fromAddress(text));
  const rows = packed(unpacked(btoa(bits), n));
  return rows === btoa(bits) ? { rows } : null;
}

/**
 * @param {string} text what an address says of a selection
 * @param {number} n how many rows there are
 * @param {(least: number|null) => Promise<Int32Array>} labels the cluster of each row, with so much taken in
 * @returns {Promise<Shape|null>} what it selects; null where it is nonsense, or of other rows
 */
export async function shapeOf(text, n, labels) {
  const [kind] = text.split("_", 1);
  const rest = text.slice(kind.length + 1);
  try {
    if (kind === "path") return pathOf(rest);
    if (kind === "rows") return rowsOf(rest, n);
    if (kind === "bits") return bitsOf(rest, n);
  } catch {
    return null; // no base64
  }
  if (kind === "box") {
    const box = rest.split("_").map(Number);
    return box.length === 4 && box.every(Number.isFinite) ? { box } : null;
  }
  if (kind !== "clusters") return null;
  const [named, least] = rest.split("_");
  const meant = new Set(named.split(".").map(Number));
  const label = await labels(Number(least) || null);
  return { rows: packed(Uint8Array.from(label, (one) => (meant.has(one) ? 1 : 0))) };
}
