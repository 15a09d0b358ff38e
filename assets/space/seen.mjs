/**
 * Rows in space and how they are seen as they are turned: where on the map, how near, who is in front.
 * It turns nothing and knows no element.
 */
import { linesWithin } from "../map/grid.mjs";
import { coordinates } from "../map/points.mjs";
import { columnsOf } from "../shell/server.mjs";
import { sizeAt } from "./depth.mjs";

const HEADER = 40;
const EYE = 4;
const WITHIN = 0.985;
const SIDE = 0.7;
const SEEN = 0.998;
const DEEPEST = 0.75;
const MEMBERS = 3000;

/**
 * Read the binary layout that GET /runs/{key}/points documents, in three dimensions, about the middle of the rows.
 * @param {ArrayBuffer} buffer
 * @returns {Space}
 */
function decode(buffer) {
  const n = new Uint32Array(buffer, 4, 1)[0];
  const sides = new Float32Array(buffer, 16, 6);
  /** @param {number} axis */
  const column = (axis) => {
    const steps = new Uint16Array(buffer, HEADER + 4 * n + 2 * axis * n, n);
    return centred(coordinates(steps, sides[2 * axis], sides[2 * axis + 1]));
  };
  const [x, y, z] = [0, 1, 2].map(column);
  return { n, x, y, z, radius: radiusOf({ n, x, y, z }), bytes: buffer.byteLength, now: [], first: [] };
}

/** @param {Float32Array} values */
function centred(values) {
  let [sum, count] = [0, 0];
  for (const value of values) if (!Number.isNaN(value)) [sum, count] = [sum + value, count + 1];
  return values.map((value) => value - sum / count);
}

/**
 * @param {{n: number, x: Float32Array, y: Float32Array, z: Float32Array}} space
 * @returns {number} how far from the middle nearly all rows are
 */
function radiusOf({ n, x, y, z }) {
  const away = new Float32Array(n);
  for (let i = 0; i < n; i++) away[i] = Math.hypot(x[i], y[i], z[i]);
  const there = away.filter((value) => !Number.isNaN(value)).sort();
  return there[Math.floor((there.length - 1) * WITHIN)] || 1;
}

/** @returns {Promise<object>} the places of a run's rows in space */
export const load = columnsOf("points?dims=3", decode);

/**
 * @param {Space} space
 * @param {number} x
 * @param {number} y
 * @param {number} z
 * @returns {number[]} where a place is seen, and how near it is, from -1 to 1; mildly in perspective
 */
function seen({ now, radius }, x, y, z) {
  const deep = (now[6] * x + now[7] * y + now[8] * z) / (DEEPEST * radius);
  const larger = EYE / (EYE - Math.min(deep, EYE / 2));
  return [larger * (now[0] * x + now[1] * y + now[2] * z), larger * (now[3] * x + now[4] * y + now[5] * z), deep];
}

/**
 * See every row as it is turned now.
 * @param {Pick<SpatialPoints, "space"|"n"|"x"|"y"|"depth">} points
 */
export function look({ space, n, x, y, depth }) {
  const { radius, now } = space;
  const [a, b, c, d, e, f, g, h, k] = now;
  const [px, py, pz] = [space.x, space.y, space.z];
  const nearer = 1 / (DEEPEST * radius);
  for (let i = 0; i < n; i++) {
    const deep = (g * px[i] + h * py[i] + k * pz[i]) * nearer;
    const larger = EYE / (EYE - Math.min(deep, EYE / 2));
    x[i] = larger * (a * px[i] + b * py[i] + c * pz[i]);
    y[i] = larger * (d * px[i] + e * py[i] + f * pz[i]);
    depth[i] = deep;
  }
}

/**
 * @param {SpatialPoints} points
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @returns {number} the row at (x, y) that is in front of the others there, or the nearest within the radius; -1 for none
 */
export function pick(points, x, y, radius) {
  const { grid, depth, dot } = points;
  let [front, best] = [-1, -1];
  let least = radius * radius;
  linesWithin(points, { x: [x - radius, x + radius], y: [y - radius, y + radius] }, (from, to) => {
    for (let i = from; i < to; i++) {
      const row = grid.rows[i];
      const away = (grid.x[i] - x) ** 2 + (grid.y[i] - y) ** 2;
      const reach = dot * sizeAt(depth[row]);
      if (away <= reach * reach && (front < 0 || depth[row] > depth[front])) front = row;
      if (away <= least) [best, least] = [row, away];
    }
  });
  return front >= 0 ? front : best;
}

/** @param {number[]} values */
const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * @param {SpatialPoints} points
 * @param {Points} flat
 * @param {Group} group
 * @returns {number[]|null} where a group is in space: amid those of its rows that lie about its name on the flat map
 */
function homeOf({ space, label, n }, flat, { clusters, cluster, x, y }) {
  const own = new Set(clusters || [cluster]);
  const rows = [];
  for (let i = 0; i < n; i++) {
    if ((!own.size || own.has(label[i])) && !Number.isNaN(space.x[i])) rows.push(i);
  }
  const step = Math.ceil(rows.length / MEMBERS);
  if (typeof x !== "number" || typeof y !== "number") return null;
  const some = rows.filter((_, at) => at % step === 0).map((row) => [(flat.x[row] - x) ** 2 + (flat.y[row] - y) ** 2, row]);
  if (!some.length) return null;
  const near = some.sort((one, other) => one[0] - other[0]).slice(0, Math.max(5, Math.ceil(some.length / 4)));
  return [space.x, space.y, space.z].map((values) => middle(near.map(([, row]) => values[row])));
}

/**
 * @param {SpatialPoints} points
 * @param {Points} flat
 * @returns {(group: Group) => Anchor|null} where a group's name belongs now
 */
export function anchors(points, flat) {
  const homes = new Map();
  return (group) => {
    const key = `${group.name}|${group.x}|${group.y}`;
    if (!homes.has(key)) homes.set(key, homeOf(points, flat, group));
    const home = homes.get(key);
    if (!home) return null;
    const [x, y, depth] = seen(points.space, home[0], home[1], home[2]);
    return { x, y, depth };
  };
}

/**
 * @param {SpatialPoints} points
 * @returns {Ranges} a square about the middle that shows nearly all rows as they are seen, and room to turn them
 */
export function boundsOf({ x, y, space }) {
  const away = x.map((value, i) => Math.max(Math.abs(value), Math.abs(y[i]))).filter((value) => !Number.isNaN(value));
  const most = away.sort()[Math.floor((away.length - 1) * SEEN)] || 0;
  const side = Math.max(most, SIDE * space.radius);
  return { x: [-side, side], y: [-side, side] };
}
