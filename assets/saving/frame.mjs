/**
 * How large things are in a saved picture, and where: its units, the boxes of the map and of the legend, the rows in view.
 * Sizes are in units, as large as a screen's pixels look: a picture of UNITS has about as much text as a window.
 */
import { legendHeight } from "./legend.mjs";

const UNITS = 1200 * 750;
export const EDGE = 16;
export const TITLE = 20;
export const FOOT = 11.5;
const LEGEND = { width: 230, most: 0.34 };

/**
 * @param {Size} size
 * @returns {Scaled} how many pixels a unit is, and how many units a picture has
 */
export function measures({ width, height }) {
  const scale = Math.max(1, Math.sqrt((width * height) / UNITS));
  return { scale, width: width / scale, height: height / scale };
}

/**
 * @param {Size} size
 * @param {Saving} wish
 * @param {Scene} scene
 * @param {Ranges} seen
 * @returns {{map: Area, legend: Area|null}} the boxes of the map and of the legend, beside or below: where the map is larger
 */
export function boxes(size, wish, scene, seen) {
  const top = wish.title ? EDGE + TITLE + 12 : EDGE;
  const whole = { x: EDGE, y: top, width: size.width - 2 * EDGE, height: size.height - top - FOOT - 1.5 * EDGE };
  if (!wish.legend) return { map: whole, legend: null };
  const low = Math.min(LEGEND.most * whole.height, legendHeight(scene, whole.width));
  const upper = { ...whole, height: whole.height - low - EDGE };
  const below = { map: upper, legend: { ...whole, y: upper.y + upper.height + EDGE, height: low } };
  const left = { ...whole, width: whole.width - LEGEND.width - EDGE };
  const beside = { map: left, legend: { ...whole, x: left.x + left.width + EDGE, width: LEGEND.width } };
  if (left.width < LEGEND.width) return below;
  return frameOf(seen, left).perX >= frameOf(seen, upper).perX ? beside : below;
}

/**
 * @param {Ranges} seen
 * @param {Size} size
 * @returns {WideFrame} how map units become units of the picture: the view on screen, widened to the shape of a box
 */
export function frameOf(seen, { width, height }) {
  const unit = Math.max((seen.x[1] - seen.x[0]) / width, (seen.y[1] - seen.y[0]) / height);
  /**
   * @param {number[]} pair
   * @param {number} length
   */
  const about = ([low, high], length) => [(low + high - unit * length) / 2, (low + high + unit * length) / 2];
  const [x, y] = [about(seen.x, width), about(seen.y, height)];
  /**
   * @param {number} a
   * @param {number} b
   * @returns {Pair}
   */
  const px = (a, b) => [(a - x[0]) / unit, (y[1] - b) / unit];
  /**
   * @param {number} left
   * @param {number} top
   * @returns {Pair}
   */
  const map = (left, top) => [x[0] + left * unit, y[1] - top * unit];
  return { x, y, px, map, perX: 1 / unit, perY: 1 / unit, width, height };
}

/**
 * @param {Points} points
 * @param {Ranges} ranges
 * @returns {Int32Array} the rows whose middle is in a frame, of any arrangement
 */
export function rowsIn(points, { x, y }) {
  const rows = new Int32Array(points.n);
  let found = 0;
  for (let row = 0; row < points.n; row++) {
    const [across, up] = [points.x[row], points.y[row]];
    if (across >= x[0] && across <= x[1] && up >= y[0] && up <= y[1]) rows[found++] = row;
  }
  return rows.subarray(0, found);
}
