/**
 * The shape of a graph's edge on the map: a line, with a head where it leads one way; and where lines end that lead to a
 * picture: at its frame.  Nothing is drawn here.
 */
const [HEAD, WIDE, SHORT] = [8, 3.5, 7];
const FAINTEST = 0.6;

/**
 * @param {number[]} from
 * @param {number[]} to
 * @param {boolean} oneWay
 * @returns {string} the path of an edge; its head ends beside the point that it leads to, and one too short has none
 */
export function edgePath([x, y], [u, v], oneWay) {
  const long = Math.hypot(u - x, v - y);
  const line = `M${round(x)} ${round(y)}L${round(u)} ${round(v)}`;
  if (!oneWay || long < 2 * (HEAD + SHORT)) return line;
  const [a, b] = [(u - x) / long, (v - y) / long];
  const [tipX, tipY] = [u - a * SHORT, v - b * SHORT];
  const [backX, backY] = [tipX - a * HEAD, tipY - b * HEAD];
  const side = (/** @type {number} */ s) => `${round(backX - s * b * WIDE)} ${round(backY + s * a * WIDE)}`;
  return `${line}M${side(1)}L${round(tipX)} ${round(tipY)}L${side(-1)}`;
}

/**
 * @param {number|undefined} depth how near the other end is on a map in space, from -1 (far) to 1 (near); undefined on a flat one
 * @returns {number} how strong an edge is drawn: what leads to the back is paler
 */
export const strengthAt = (depth) => (depth === undefined ? 1 : Math.min(1, Math.max(FAINTEST, 0.8 + 0.25 * depth)));

/**
 * @param {number[]} from
 * @param {number[]} to
 * @param {(Square|null)[]} frames round the picture of either end; null where there is none
 * @param {number} gap px between a picture and its frame
 * @returns {number[][]|null} both ends of the line, outside of the frames; null where all of it is inside
 */
export function outsideOf(from, to, frames, gap) {
  const [first, last] = [leaving(from, to, frames[0], gap), leaving(to, from, frames[1], gap)];
  if (first + last >= 1) return null;
  /** @param {number[]} a @param {number[]} b @param {number} part */
  const at = (a, b, part) => (part ? a.map((value, axis) => value + part * (b[axis] - value)) : a);
  return [at(from, to, first), at(to, from, last)];
}

/**
 * @param {number[]} from
 * @param {number[]} to
 * @param {Square|null} frame
 * @param {number} gap
 * @returns {number} after which part of the way a line that begins in a frame leaves it; 0 where it begins outside, 1 or
 *   more where it ends inside
 */
function leaving(from, to, frame, gap) {
  if (!frame) return 0;
  const low = [frame.left - gap, frame.top - gap];
  const high = low.map((value) => value + frame.side + 2 * gap);
  if (from.some((value, axis) => value < low[axis] || value > high[axis])) return 0;
  return Math.min(...from.map((value, axis) => (to[axis] === value ? Infinity : ((to[axis] > value ? high : low)[axis] - value) / (to[axis] - value))));
}

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;
