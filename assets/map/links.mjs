/**
 * The shape of a graph's edge on the map: a line, with a head where it leads one way.  Nothing is drawn here.
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

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;
