/**
 * Where a card stands beside the pointer: inside its room, and not on the name of what it tells of.
 * It draws nothing.
 */
const [AWAY, EDGE] = [16, 4];
/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

/**
 * @param {Box} one
 * @param {Box} other
 */
const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/**
 * @param {number[]} pointer
 * @param {number[]} size of the card
 * @param {number[]} room its width and height
 * @param {Box[]} names
 * @returns {number[]} left and top: below and to the right of the pointer or, where there is no room or a name, to another side
 */
export function besides([px, py], [width, height], [wide, high], names) {
  const xs = [px + AWAY, px - AWAY - width];
  const ys = [py + AWAY, py - AWAY - height];
  const fits = xs[0] + width <= wide ? xs : [xs[1], xs[0]];
  const places = [ys[0], ys[1]].flatMap((y) => fits.map((x) => inside([x, y], [width, height], [wide, high])));
  const free = places.find(([x, y]) => {
    const box = { left: x, top: y, right: x + width, bottom: y + height };
    const onPointer = px > box.left && px < box.right && py > box.top && py < box.bottom;
    return !onPointer && !names.some((name) => meet(box, name));
  });
  return free || places[0];
}

/**
 * @param {number[]} place
 * @param {number[]} size
 * @param {number[]} room
 * @returns {number[]} the place, moved into the room
 */
const inside = ([x, y], [width, height], [wide, high]) => [
  Math.max(EDGE, Math.min(x, wide - width - EDGE)),
  Math.max(EDGE, Math.min(y, high - height - 6)),
];
