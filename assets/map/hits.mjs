/**
 * The shapes of hits on the map: a diamond, or a triangle for one of another kind than what was searched with.
 * It draws nothing.
 */
const [SIZE, WEAK] = [7.5, 5];
const WIDE = 1.1; // of a triangle, so that it is as large as a diamond to the eye

/**
 * @param {number[]} pair the middle
 * @param {Pick<Hit, "weak"|"across">} hit no nearer than chance would have it, it is small
 * @returns {number[][]} the corners of a hit's mark
 */
export function cornersOf([x, y], { weak, across }) {
  const r = weak ? WEAK : SIZE;
  if (!across) return [[x, y - r], [x + r, y], [x, y + r], [x - r, y]];
  const [w, low] = [WIDE * r, 0.75 * r];
  return [[x, y - r], [x + w, y + low], [x - w, y + low]];
}
