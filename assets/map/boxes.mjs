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

/** The bar beside a name: how wide it is, and how far from the name's edges. */
export const BAR = { width: 3.5, inset: 3, above: 2 };

/**
 * @param {Box} box
 * @param {{x: number}} foot
 * @returns {boolean} whether a name has its bar at its right: where its point is; at its left above or below its middle
 */
export const isBarRight = ({ left, right }, { x }) => x > (left + right) / 2 + 1;

/**
 * @param {Box} box
 * @param {{x: number}} foot
 * @returns {Box} the bar of a name, on the side of its point
 */
export function barOf({ left, right, top, bottom }, foot) {
  const x = isBarRight({ left, right, top, bottom }, foot) ? right - BAR.inset - BAR.width : left + BAR.inset;
  return { left: x, right: x + BAR.width, top: top + BAR.above, bottom: bottom - BAR.above };
}

/**
 * @param {Box} box
 * @param {{x: number, y: number}} foot
 * @param {boolean} [disc] whether the box is that of a number, which has no bar
 * @returns {Leader} a line from a name's bar, or from a number, to a point
 */
export const leaderOf = (box, foot, disc = false) => ({
  foot: [foot.x, foot.y],
  end: edgeOf(disc ? box : barOf(box, foot), foot),
});
