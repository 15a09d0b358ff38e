/**
 * The picture under plotly's points: every row in view, drawn into a canvas of pixels in one pass over typed arrays.
 * Pixels take the mean colour of their rows and become denser with their number; rows out of the light are pale.
 */
import { penOf } from "../shell/dom.mjs";
import { linesWithin } from "./grid.mjs";

/** @typedef {Ranges & Size & {inView?: number, dot?: number, hole?: number[]|null, pale?: number}} Seen */

const FAINTEST = 0.5;
const PALE = 0.6;
const paper = { width: 0, height: 0, sums: new Float32Array(0), image: /** @type {ImageData} */ (/** @type {any} */ (null)) };

/**
 * @param {string[]} colors
 * @returns {Uint8Array} red, green and blue of each colour, three bytes each
 */
function bytesOf(colors) {
  const pen = penOf();
  const values = colors.flatMap((color) => {
    pen.fillStyle = color;
    return [1, 3, 5].map((at) => parseInt(String(pen.fillStyle).slice(at, at + 2), 16));
  });
  return Uint8Array.from(values);
}

/**
 * @param {Points} points
 * @param {Uint8Array} codes
 * @param {string[]} colors
 * @returns {Ink} what paint needs of a colouring: a code a place in the grid's order, and the codes' colours, the
 *   last that of rows out of the light
 */
export function inkOf(points, codes, colors) {
  return { codes: Uint8Array.from(points.grid.rows, (row) => codes[row]), bytes: bytesOf(colors), lit: null, square: false };
}

/**
 * @param {Points} points
 * @param {Mask|undefined} mask
 * @returns {Uint8Array|null} the mask of rows, in the grid's order
 */
export function litOf(points, mask) {
  const { rows } = points.grid;
  if (!mask) return null;
  const lit = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) lit[i] = mask[rows[i]];
  return lit;
}

/**
 * Make the buffers fit the canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
function fit(canvas, width, height) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  if (paper.width === width && paper.height === height) return;
  Object.assign(paper, { width, height, sums: new Float32Array(4 * width * height) });
  paper.image = new ImageData(width, height);
}

/**
 * @param {number} diameter
 * @param {boolean} [square]
 * @returns {number[][]} the pixels of a dot of a diameter, relative to its middle
 */
export function dotOf(diameter, square = false) {
  const middle = (diameter - 1) / 2;
  const places = Array.from({ length: diameter * diameter }, (_, i) => [i % diameter, Math.floor(i / diameter)]);
  const round = diameter < 3 || square ? places : places.filter(([x, y]) => Math.hypot(x - middle, y - middle) <= diameter / 2);
  return round.map(([x, y]) => [x - Math.floor(middle), y - Math.floor(middle)]);
}

/**
 * Add the rows in view whose light is *lit* (null: all) to the pixels' sums of colours and numbers.
 * @param {Sorted} points
 * @param {Ink} ink
 * @param {Ranges} ranges
 * @param {number} dot
 * @param {number|null} lit
 */
function gather({ grid, bounds }, ink, { x, y }, dot, lit) {
  const { width, height, sums } = paper;
  const { codes, bytes, lit: light } = ink;
  const pale = lit === 0 ? bytes.length - 3 : -1;
  const perX = width / (x[1] - x[0]);
  const perY = height / (y[1] - y[0]);
  const offsets = dotOf(dot, lit === 1 && ink.square);
  /**
   * @param {number} px
   * @param {number} py
   * @param {number} color
   */
  const add = (px, py, color) => {
    if (px < 0 || py < 0 || px >= width || py >= height) return;
    const at = 4 * (py * width + px);
    sums[at] += bytes[color];
    sums[at + 1] += bytes[color + 1];
    sums[at + 2] += bytes[color + 2];
    sums[at + 3]++;
  };
  sums.fill(0);
  linesWithin({ grid, bounds }, { x, y }, (from, to) => {
    for (let i = from; i < to; i++) {
      if (lit !== null && light && light[i] !== lit) continue;
      const px = Math.floor((grid.x[i] - x[0]) * perX);
      const py = Math.floor((y[1] - grid.y[i]) * perY);
      for (let o = 0; o < offsets.length; o++) add(px + offsets[o][0], py + offsets[o][1], pale < 0 ? 3 * codes[i] : pale);
    }
  });
}

/** @returns {number} the number of rows a pixel that counts as full: that of the mean pixel with any, fivefold */
function fullness() {
  const { sums } = paper;
  let filled = 0;
  let total = 0;
  for (let at = 3; at < sums.length; at += 4) {
    if (sums[at] === 0) continue;
    filled++;
    total += sums[at];
  }
  return Math.max(4, (5 * total) / Math.max(1, filled));
}

/**
 * Turn sums into pixels: mean colour, opacity by the logarithm of the number.
 * @param {number} strength
 */
function develop(strength) {
  const { sums, image } = paper;
  const { data } = image;
  const full = fullness();
  const steps = new Uint8Array(Math.ceil(full) + 1);
  for (let c = 1; c < steps.length; c++) {
    const dense = Math.min(1, Math.log(c) / Math.log(full));
    steps[c] = Math.round(255 * strength * (FAINTEST + (1 - FAINTEST) * dense));
  }
  for (let at = 0; at < sums.length; at += 4) {
    const number = sums[at + 3];
    if (number === 0) continue;
    data[at] = sums[at] / number;
    data[at + 1] = sums[at + 1] / number;
    data[at + 2] = sums[at + 2] / number;
    data[at + 3] = steps[Math.min(number, steps.length - 1)];
  }
}

/**
 * @param {number} inView
 * @returns {number} a dot's diameter, by how many rows share the picture
 */
export const diameter = (inView) => (inView > 250_000 ? 1 : inView > 60_000 ? 2 : 3);

/**
 * Paint the rows in a view.
 * @param {HTMLCanvasElement} canvas
 * @param {Sorted} points
 * @param {Ink} ink
 * @param {Seen} view x and y ranges, inView (about how many rows), dot (a diameter, when the rows are to be told
 *   apart), hole (left, top, right, bottom in pixels, where plotly has drawn all) and pale (how strong rows out of the
 *   light are, 0 to 1, where no points are drawn over them)
 */
export function paint(canvas, points, ink, view) {
  fit(canvas, view.width, view.height);
  const dot = view.dot || diameter(view.inView || 0);
  paper.image.data.fill(0);
  if (ink.lit) {
    gather(points, ink, view, dot, 0);
    develop(view.pale || PALE);
  }
  gather(points, ink, view, dot, ink.lit ? 1 : null);
  develop(1);
  const ground = penOf(canvas);
  ground.putImageData(paper.image, 0, 0);
  if (!view.hole) return;
  const [left, top, right, bottom] = view.hole;
  ground.clearRect(left, top, right, bottom);
}

/**
 * Leave nothing.
 * @param {HTMLCanvasElement} canvas
 */
export function wipe(canvas) {
  penOf(canvas).clearRect(0, 0, canvas.width, canvas.height);
}
