/**
 * What a selection is: a shape on the map, or, where the rows are arranged otherwise, the rows themselves.
 * It draws nothing.
 */
import { rowsInside } from "./grid.mjs";

const BLOCK = 8192;

/**
 * @param {Uint8Array} mask
 * @returns {string} base64 of a bit a row, row 0 the lowest of the first byte
 */
export function packed(mask) {
  const bytes = new Uint8Array(Math.ceil(mask.length / 8));
  mask.forEach((one, row) => {
    if (one) bytes[row >> 3] |= 1 << (row & 7);
  });
  let signs = "";
  for (let at = 0; at < bytes.length; at += BLOCK) signs += String.fromCharCode(...bytes.subarray(at, at + BLOCK));
  return btoa(signs);
}

/**
 * @param {string} text
 * @param {number} n
 * @returns {Uint8Array} 1 for the rows whose bits are set
 */
export function unpacked(text, n) {
  const signs = atob(text);
  const mask = new Uint8Array(n);
  for (let row = 0; row < n; row++) mask[row] = (signs.charCodeAt(row >> 3) >> (row & 7)) & 1;
  return mask;
}

/**
 * @param {Uint8Array} mask
 * @returns {Shape} the selection of the rows that are 1
 */
export const ofRows = (mask) => ({ rows: packed(mask) });

/**
 * @param {Points} points
 * @param {Shape} shape
 * @returns {Shape} what is kept of a shape drawn on points: the shape on the map, its rows on anything else
 */
export const kept = (points, shape) => (points.arrangement ? ofRows(rowsInside(points, shape)) : shape);

/**
 * @param {Points} flat
 * @param {Shape} shape
 * @returns {Uint8Array} 1 for the selected rows; *flat* are the points as they lie on the map, where shapes are drawn
 */
export const maskOf = (flat, shape) => (shape.rows ? unpacked(shape.rows, flat.n) : rowsInside(flat, shape));

/**
 * @param {Points} points
 * @param {Shape} shape
 * @returns {number[][]} the corners of the shape to outline; none where it does not lie on what is shown
 */
export function corners(points, { rows, path, box }) {
  if (rows || points.arrangement) return [];
  const [left, low, right, high] = box || [];
  const four = [
    [left, low],
    [right, low],
    [right, high],
    [left, high],
  ];
  return path || four;
}
