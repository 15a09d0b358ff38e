/**
 * Where the camera may be, in ranges of x and y: all of the map, nearer, farther, beside.  It knows no element.
 */
const FARTHEST = 8;
const NEAREST = 1 / 2000;
const WHEEL_PX = 420;
const LINE_PX = 16;
const MARGIN = 0.06;

/**
 * @param {Ranges} bounds
 * @param {number} width
 * @param {number} height
 * @param {Box} [taken] pixels at each side where nothing is to be
 * @returns {Ranges} the ranges that show all of *bounds* with some air around it, a unit as long across as up
 */
export function whole(bounds, width, height, taken = { left: 0, right: 0, top: 0, bottom: 0 }) {
  const free = { width: width - taken.left - taken.right, height: height - taken.top - taken.bottom };
  /** @param {number[]} given */
  const wide = ([low, high]) => (high - low || 1) * (1 + 2 * MARGIN);
  const unit = Math.max(wide(bounds.x) / (free.width || 1), wide(bounds.y) / (free.height || 1));
  /**
   * @param {number[]} pair
   * @param {number} length
   * @param {number} before pixels that are taken before the low end
   * @param {number} after
   */
  const about = ([low, high], length, before, after) => {
    const middle = (low + high) / 2 + (unit * (after - before)) / 2;
    const half = (unit * (length || 1)) / 2;
    return [middle - half, middle + half];
  };
  return { x: about(bounds.x, width, taken.left, taken.right), y: about(bounds.y, height, taken.bottom, taken.top) };
}

/**
 * @param {Ranges} seen
 * @param {{left: number, top: number, width: number, height: number}} box
 * @returns {Frame} how map units become pixels of a box at ranges
 */
export function frameOf(seen, { left, top, width, height }) {
  const perX = width / (seen.x[1] - seen.x[0]);
  const perY = height / (seen.y[1] - seen.y[0]);
  /**
   * @param {number} x
   * @param {number} y
   * @returns {Pair}
   */
  const px = (x, y) => [left + (x - seen.x[0]) * perX, top + (seen.y[1] - y) * perY];
  /**
   * @param {number} across
   * @param {number} down
   * @returns {Pair}
   */
  const map = (across, down) => [seen.x[0] + (across - left) / perX, seen.y[1] - (down - top) / perY];
  return { px, map, perX, perY, width, height };
}

/**
 * @param {Ranges} ranges
 * @param {Ranges} bounds
 * @returns {Ranges} ranges no farther and no nearer than the map has anything to show, and never off it
 */
export function kept({ x, y }, bounds) {
  const most = Math.max(bounds.x[1] - bounds.x[0], bounds.y[1] - bounds.y[0]);
  const width = x[1] - x[0];
  const wanted = Math.min(Math.max(width, most * NEAREST), most * FARTHEST);
  /**
   * @param {number[]} pair
   * @param {number[]} side
   */
  const about = ([low, high], [first, last]) => {
    const middle = Math.min(Math.max((low + high) / 2, first), last);
    const half = (((high - low) / 2) * wanted) / width;
    return [middle - half, middle + half];
  };
  return { x: about(x, bounds.x), y: about(y, bounds.y) };
}

/**
 * @param {Ranges} seen
 * @param {number} factor
 * @param {number} x
 * @param {number} y
 * @returns {Ranges} ranges *factor* times as wide, about a place that stays where it is
 */
export function zoomed(seen, factor, x, y) {
  /**
   * @param {number[]} pair
   * @param {number} middle
   */
  const about = ([low, high], middle) => [middle + (low - middle) * factor, middle + (high - middle) * factor];
  return { x: about(seen.x, x), y: about(seen.y, y) };
}

/**
 * @param {Ranges} ranges
 * @param {{perX: number, perY: number}} scale
 * @param {number} dx
 * @param {number} dy
 * @returns {Ranges} ranges for what lies so many pixels to the right and further down than now
 */
export function shifted({ x, y }, { perX, perY }, dx, dy) {
  return { x: x.map((value) => value - dx / perX), y: y.map((value) => value + dy / perY) };
}

/**
 * @param {Ranges} seen
 * @param {Seat} before where on screen the map lay when these were its ranges
 * @param {Seat} now
 * @returns {Ranges} the ranges with which everything stays where it is on screen, though the map has other edges
 */
export function stayed({ x, y }, before, now) {
  const [perX, perY] = [(x[1] - x[0]) / before.width, (y[1] - y[0]) / before.height];
  const [low, high] = [x[0] + (now.left - before.left) * perX, y[1] - (now.top - before.top) * perY];
  return { x: [low, low + now.width * perX], y: [high - now.height * perY, high] };
}

/**
 * @param {Seat} before
 * @param {Seat} now
 * @returns {boolean} whether the map has another left edge and no other one: a legend has come beside it, or has gone
 */
export const isBeside = (before, now) =>
  now.left !== before.left && now.top === before.top && now.height === before.height && Math.abs(now.left + now.width - before.left - before.width) < 1;

/**
 * @param {Ranges} seen
 * @param {{width: number, height: number}} size
 * @param {Ranges} box
 * @param {Box} taken pixels at each side where nothing is to be
 * @returns {boolean} whether all of a box is in sight
 */
export function holds(seen, { width, height }, box, taken) {
  const { px } = frameOf(seen, { left: 0, top: 0, width, height });
  const [[left, top], [right, bottom]] = [px(box.x[0], box.y[1]), px(box.x[1], box.y[0])];
  return left >= taken.left && top >= taken.top && right <= width - taken.right && bottom <= height - taken.bottom;
}

/**
 * @param {Ranges} seen
 * @param {{width: number, height: number}} size
 * @param {Ranges} box
 * @param {Box} taken pixels at each side where nothing is to be
 * @param {{left: number, bottom: number}} wished pixels that are better left free, too
 * @returns {Ranges} ranges of the same scale, shifted so that a box is clear of what is wished, as far as there is air beside it
 */
export function yielding(seen, size, box, taken, wished) {
  const frame = frameOf(seen, { left: 0, top: 0, ...size });
  const [[left, top], [right, bottom]] = [frame.px(box.x[0], box.y[1]), frame.px(box.x[1], box.y[0])];
  const air = { right: size.width - taken.right - right, above: top - taken.top };
  const dx = Math.min(Math.max(0, wished.left - left), Math.max(0, air.right));
  const dy = Math.min(Math.max(0, wished.bottom - (size.height - bottom)), Math.max(0, air.above));
  return shifted(seen, frame, dx, -dy);
}

/**
 * @param {{deltaY: number, deltaMode: number}} event
 * @returns {number} the zoom of a turn of the wheel, the same for pixels and lines, a notch at most
 */
export function turn({ deltaY, deltaMode }) {
  const pixels = deltaMode === 1 ? deltaY * LINE_PX : deltaY;
  return Math.exp(Math.min(Math.max(pixels, -120), 120) / WHEEL_PX);
}
