/**
 * What two maps beside each other are made of: fetched, decoded, and both in the order of the first one's rows, so that a
 * row is the same item on either.  It draws nothing.
 */
import { placed } from "../map/grid.mjs";
import { decode as pointsOf } from "../map/points.mjs";
import { fetched, runUrl } from "../shell/server.mjs";

const HEADER = 16;

/**
 * Read the binary layout that GET /runs/{key}/compare/{other}/points documents.
 * @param {ArrayBuffer} buffer
 * @returns {{x: Float32Array, y: Float32Array, other: Int32Array, overlap: Uint8Array}}
 */
export function decode(buffer) {
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  if (magic !== "EEC1") throw new Error("the two maps have an unknown layout; reload the page.");
  const [n, m] = new Uint32Array(buffer, 4, 2);
  const x = new Float32Array(buffer, HEADER, m);
  const y = new Float32Array(buffer, HEADER + 4 * m, m);
  const other = new Int32Array(buffer, HEADER + 8 * m, n);
  return { x, y, other, overlap: new Uint8Array(buffer, HEADER + 8 * m + 4 * n, n) };
}

/**
 * @param {Float32Array} values
 * @returns {number[]} the least and the greatest that is a number
 */
function sideOf(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/**
 * @param {Float32Array} values of the second map's rows
 * @param {Int32Array} other
 * @returns {Float32Array} the same by the rows of the first, NaN for those that the second has not
 */
const byFirst = (values, other) => Float32Array.from(other, (row) => (row < 0 ? NaN : values[row]));

/**
 * @param {Int32Array} other the row of the second map for each of the first, -1 for none
 * @param {number} m how many rows the second has
 * @returns {Int32Array} the row of the first for each of the second, -1 for none
 */
export function backOf(other, m) {
  const back = new Int32Array(m).fill(-1);
  other.forEach((row, first) => {
    if (row >= 0) back[row] = first;
  });
  return back;
}

/**
 * @param {ArrayBuffer} first the points of the first map
 * @param {ArrayBuffer} second those of the second, for its clusters
 * @param {ArrayBuffer} both the columns of the two
 * @returns {Pick<Both, "points"|"labels"|"back"|"overlap">}
 */
export function joined(first, second, both) {
  const { x, y, other, overlap } = decode(both);
  const mine = pointsOf(first);
  const { label } = pointsOf(second);
  const labels = Int32Array.from(other, (row) => (row < 0 ? -1 : label[row]));
  const places = { x: byFirst(x, other), y: byFirst(y, other) };
  const bounds = { x: sideOf(places.x), y: sideOf(places.y) };
  const theirs = placed({ n: mine.n, label: labels, bytes: both.byteLength }, { ...places, bounds });
  return { points: [mine, theirs], labels: [mine.label, labels], back: backOf(other, x.length), overlap };
}

/**
 * @param {string} url
 * @returns {Promise<any>}
 */
export const jsonOf = (url) => fetched(url).then((answer) => answer.json());

/**
 * @param {string} url
 * @returns {Promise<ArrayBuffer>}
 */
const bytesOf = (url) => fetched(url).then((answer) => answer.arrayBuffer());

/**
 * @param {TwoMaps} given the keys of two runs
 * @returns {Promise<Both>} all that the page shows of them
 */
export async function load({ a, b }) {
  const [told, first, second, both, mine, theirs] = await Promise.all([
    jsonOf(runUrl(a, `compare/${encodeURIComponent(b)}`)),
    bytesOf(runUrl(a, "points")),
    bytesOf(runUrl(b, "points")),
    bytesOf(runUrl(a, `compare/${encodeURIComponent(b)}/points`)),
    jsonOf(runUrl(a, "clusters")),
    jsonOf(runUrl(b, "clusters")),
  ]);
  return { told, ...joined(first, second, both), clusters: [mine, theirs] };
}
