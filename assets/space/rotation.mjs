/**
 * Rotations of space as nine numbers, row by row: x to the right, y upwards, z towards the eye.
 * It knows no points but those it is given.
 */

/** @typedef {{x: ArrayLike<number>, y: ArrayLike<number>, z: ArrayLike<number>, n: number}} Places about their middle */
/** @typedef {{x: ArrayLike<number>, y: ArrayLike<number>}} Flat */

export const NONE = [1, 0, 0, 0, 1, 0, 0, 0, 1];
/**
 * @param {number[]} a
 * @param {number[]} b
 */
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
/** @param {number[]} a */
const long = (a) => Math.hypot(...a);
/** @param {number[]} a */
const unit = (a) => a.map((value) => value / long(a));

/**
 * @param {number[]} a
 * @param {number[]} b
 * @returns {number[]} first *b*, then *a*
 */
function times(a, b) {
  return a.map((_, at) => {
    const [line, column] = [3 * Math.floor(at / 3), at % 3];
    return a[line] * b[column] + a[line + 1] * b[column + 3] + a[line + 2] * b[column + 6];
  });
}

/**
 * @param {number[]} r
 * @returns {number[]} the rotation again without what rounding did to it
 */
function straightened(r) {
  const first = unit(r.slice(0, 3));
  const third = unit(cross(first, r.slice(3, 6)));
  return [...first, ...cross(third, first), ...third];
}

/**
 * @param {number[]} r
 * @param {number} right
 * @param {number} down
 * @returns {number[]} the rotation turned about the axes of the screen, by angles to the right and downwards
 */
export function turned(r, right, down) {
  const [c, s, k, d] = [Math.cos(right), Math.sin(right), Math.cos(down), Math.sin(down)];
  return straightened(times([1, 0, 0, 0, k, -d, 0, d, k], times([c, 0, s, 0, 1, 0, -s, 0, c], r)));
}

/**
 * @param {Places} places
 * @param {Flat} flat
 * @returns {number[]} sums of the products of places (x, y, z) with places on the flat map, about the flat map's middle
 */
function products({ x, y, z, n }, flat) {
  const sums = [0, 0, 0, 0, 0, 0];
  let [mx, my, count] = [0, 0, 0];
  /** @param {number} i */
  const there = (i) => !(Number.isNaN(x[i]) || Number.isNaN(flat.x[i]));
  for (let i = 0; i < n; i++) if (there(i)) [mx, my, count] = [mx + flat.x[i], my + flat.y[i], count + 1];
  for (let i = 0; i < n; i++) {
    if (!there(i)) continue;
    const [u, v] = [flat.x[i] - mx / count, flat.y[i] - my / count];
    sums[0] += u * x[i];
    sums[1] += u * y[i];
    sums[2] += u * z[i];
    sums[3] += v * x[i];
    sums[4] += v * y[i];
    sums[5] += v * z[i];
  }
  return sums;
}

/**
 * @param {Places} places
 * @param {Flat} flat
 * @returns {number[]} the rotation in which centred places lie as they do on the flat map, as well as can be (Procrustes)
 */
export function towards(places, flat) {
  const m = products(places, flat);
  const [a, b] = [m.slice(0, 3), m.slice(3)];
  /**
   * @param {number[]} p
   * @param {number[]} q
   */
  const dot = (p, q) => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
  const [aa, ab, bb] = [dot(a, a), dot(a, b), dot(b, b)];
  const det = Math.sqrt(Math.max(0, aa * bb - ab * ab));
  if (!(det > 1e-9 * (aa + bb))) return NONE;
  // (M Mᵀ)^-½ M up to a factor, by the closed form of the root of two by two numbers
  const first = unit(a.map((value, i) => (bb + det) * value - ab * b[i]));
  const second = b.map((value, i) => (aa + det) * value - ab * a[i]);
  const third = unit(cross(first, second));
  return [...first, ...cross(third, first), ...third];
}
