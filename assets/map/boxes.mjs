/**
 * Boxes and lines on screen: whether they meet, and where they are nearest.  It knows no names.
 */

/**
 * @param {Box} a
 * @param {Box} b
 * @param {number} [gap]
 */
export const overlap = (a, b, gap = 0) =>
  a.left < b.right + gap && b.left < a.right + gap && a.top < b.bottom + gap && b.top < a.bottom + gap;

/**
 * @param {Box} box
 * @param {number} wider
 * @returns {Box}
 */
export const grown = ({ left, right, top, bottom }, wider) => ({
  left: left - wider,
  right: right + wider,
  top: top - wider,
  bottom: bottom + wider,
});

/**
 * @param {Box} box
 * @param {{x: number, y: number}} place
 * @returns {Pair} the point of a box that is nearest to a place
 */
export const edgeOf = ({ left, right, top, bottom }, { x, y }) => [
  Math.min(right, Math.max(left, x)),
  Math.min(bottom, Math.max(top, y)),
];

/**
 * @param {Leader} line
 * @param {Box} box
 * @returns {boolean} whether a line passes through a box, by Liang and Barsky
 */
export function passes({ foot: [x, y], end: [x2, y2] }, { left, right, top, bottom }) {
  if (Math.max(x, x2) < left || Math.min(x, x2) > right || Math.max(y, y2) < top || Math.min(y, y2) > bottom) return false;
  const [dx, dy] = [x2 - x, y2 - y];
  let from = 0;
  let to = 1;
  /**
   * @param {number} step
   * @param {number} low
   * @param {number} high
   */
  const keep = (step, low, high) => {
    if (step === 0) return;
    from = Math.max(from, Math.min(low / step, high / step));
    to = Math.min(to, Math.max(low / step, high / step));
  };
  keep(dx, left - x, right - x);
  keep(dy, top - y, bottom - y);
  return from <= to;
}

/**
 * @param {Pair} a
 * @param {Pair} b
 * @param {Pair} c
 * @returns {number} on which side of the line from a to b a place lies
 */
const side = (a, b, c) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));

/**
 * @param {Leader} one
 * @param {Leader} other
 * @returns {boolean} whether two lines cross
 */
export const cross = (one, other) =>
  side(one.foot, one.end, other.foot) !== side(one.foot, one.end, other.end) &&
  side(other.foot, other.end, one.foot) !== side(other.foot, other.end, one.end);

/**
 * @param {Box} box
 * @param {{x: number, y: number}} foot
 * @returns {Leader}
 */
export const leaderOf = (box, foot) => ({ foot: [foot.x, foot.y], end: edgeOf(box, foot) });
