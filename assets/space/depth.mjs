/**
 * Paints points that have a depth into a canvas: from back to front, the near ones large and strong, the far ones small
 * and pale, each with a rim that sets it off from what is behind.  It knows no run, no rotation and no element.
 */

import { penOf } from "../shell/dom.mjs";

const BINS = 64;
const PAD = 24;
const FAINTEST = 0.34;
const QUIET = 0.72;
const RIM_SHARE = 0.25;
const RIM_COVER = 0.7;
const RIM_FROM_PX = 4;
const PARTS = 4;
const LARGEST_PX = 2 * PAD - 6;
const NOWHERE = 255;
const paper = { width: 0, height: 0, cells: new Uint32Array(0), image: /** @type {ImageData} */ (/** @type {any} */ (null)) };
/** @typedef {{step: Int32Array, cover: Int32Array, edge: number}} Stamp coverage 0 … 256; the first *edge* are a dot's rim */
/** @typedef {{x: Float32Array, y: Float32Array, depth: Float32Array, n: number}} Deep in map units; depth from -1 (far) to 1 (near) */
/** @typedef {{codes: Uint8Array, colors: string[], ground: string, mask: Mask, size: number, square?: boolean}} Painting */
/** @typedef {Size & {left: number, top: number, perX: number, perY: number}} Sheet where the paper lies on the map */

/** @type {Map<number, Stamp[]>} */
const stamps = new Map();
let rows = { bin: new Uint8Array(0), order: new Int32Array(0) };
/** @type {CanvasRenderingContext2D|null} */
let pen = null;
let ink = {
  colors: /** @type {string[]} */ ([]),
  ground: "",
  fill: new Uint32Array(0),
  rim: new Uint32Array(0),
  under: 0,
};

/**
 * @param {string} color
 * @returns {number[]} red, green and blue of a colour
 */
function channels(color) {
  pen ||= penOf();
  pen.fillStyle = color;
  const shown = String(pen.fillStyle);
  return [1, 3, 5].map((at) => parseInt(shown.slice(at, at + 2), 16));
}

/**
 * @param {number[]} from
 * @param {number[]} to
 * @param {number} share
 * @returns {number} one colour mixed into another, as a pixel
 */
function pixel(from, to, share) {
  const [r, g, b] = from.map((value, at) => Math.round(value + (to[at] - value) * share));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/**
 * @param {number} bin
 * @returns {number} how strong a colour is at a bin's depth: 0 is the farthest
 */
const strength = (bin) => FAINTEST + (1 - FAINTEST) * (bin / (BINS - 1));

/**
 * @param {string[]} colors
 * @param {string} ground
 * @returns {object} the pixels of every colour, and of its rim, at every depth; made once for a set of colours
 */
function inkOf(colors, ground) {
  if (ink.colors === colors && ink.ground === ground) return ink;
  const under = channels(ground);
  const [fill, rim] = [0, 1].map(() => new Uint32Array(colors.length * BINS));
  colors.forEach((color, code) => {
    const full = channels(color);
    for (let bin = 0; bin < BINS; bin++) {
      fill[code * BINS + bin] = pixel(under, full, strength(bin));
      rim[code * BINS + bin] = pixel(under, full, strength(bin) * RIM_SHARE);
    }
  });
  ink = { colors, ground, fill, rim, under: pixel(under, under, 0) };
  return ink;
}

/**
 * @param {number} size
 * @param {number} partX
 * @param {number} partY
 * @param {number} wide
 * @param {boolean} square
 * @returns {Stamp} steps and coverage (0 … 256) of a dot or a square, and how many of the first are not its rim
 */
export function stampOf(size, partX, partY, wide, square) {
  const reach = Math.ceil(size / 2 + 2);
  /** @type {number[][][]} */
  const [inside, edge] = [[], []];
  const rimmed = size >= RIM_FROM_PX;
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const [offX, offY] = [dx + 0.5 - (partX + 0.5) / PARTS, dy + 0.5 - (partY + 0.5) / PARTS];
      const away = square ? Math.max(Math.abs(offX), Math.abs(offY)) : Math.hypot(offX, offY);
      const core = Math.min(1, Math.max(0, size / 2 + 0.5 - away));
      const rim = rimmed ? RIM_COVER * Math.min(1, Math.max(0, size / 2 + 1.5 - away)) : 0;
      if (core >= 0.5 || core > rim) inside.push([dy * wide + dx, Math.round(256 * core)]);
      else if (rim > 0.02) edge.push([dy * wide + dx, Math.round(256 * rim)]);
    }
  }
  const all = [...edge, ...inside];
  const [step, cover] = [0, 1].map((part) => Int32Array.from(all, (one) => one[part]));
  return { step, cover, edge: edge.length };
}

/**
 * @param {number} size
 * @param {number} wide
 * @param {boolean} [square]
 * @returns {Stamp[]} the stamps of a size for every place within a pixel
 */
function stampsOf(size, wide, square = false) {
  const rounded = Math.max(0.5, Math.round(size * 4) / 4);
  const key = (rounded * 100_000 + wide) * (square ? -1 : 1);
  const known = stamps.get(key);
  if (known) return known;
  if (stamps.size > 300) stamps.clear();
  const places = Array.from({ length: PARTS * PARTS }, (_, i) => [i % PARTS, Math.floor(i / PARTS)]);
  const made = places.map(([x, y]) => stampOf(rounded, x, y, wide, square));
  stamps.set(key, made);
  return made;
}

/**
 * Make the buffers fit.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {number} n
 */
function fit(canvas, width, height, n) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  if (rows.bin.length !== n) rows = { bin: new Uint8Array(n), order: new Int32Array(n) };
  if (paper.width === width && paper.height === height) return;
  const image = new ImageData(width + 2 * PAD, height + 2 * PAD);
  Object.assign(paper, { width, height, image, cells: new Uint32Array(image.data.buffer) });
}

/**
 * @param {Deep} points
 * @param {Sheet} sheet
 * @param {Mask} mask
 * @returns {Int32Array} where each bin begins among the rows in view, those out of the light in bins before the others
 */
function sorted({ x, y, depth, n }, { left, top, perX, perY, width, height }, mask) {
  const { bin, order } = rows;
  const start = new Int32Array(2 * BINS + 1);
  for (let i = 0; i < n; i++) {
    const px = (x[i] - left) * perX;
    const py = (top - y[i]) * perY;
    if (!(px > -PAD / 2 && py > -PAD / 2 && px < width + PAD / 2 && py < height + PAD / 2)) {
      bin[i] = NOWHERE;
      continue;
    }
    const deep = Math.min(BINS - 1, Math.max(0, Math.floor(((depth[i] + 1) / 2) * BINS)));
    bin[i] = mask && !mask[i] ? deep : BINS + deep;
    start[bin[i] + 1]++;
  }
  for (let b = 0; b < 2 * BINS; b++) start[b + 1] += start[b];
  const next = start.slice();
  for (let i = 0; i < n; i++) if (bin[i] !== NOWHERE) order[next[bin[i]]++] = i;
  return start;
}

/**
 * Put one stamp on the paper.
 * @param {Stamp} stamp
 * @param {number} at
 * @param {number} fill
 * @param {number} rim
 */
function press({ step, cover, edge }, at, fill, rim) {
  const { cells } = paper;
  for (let s = 0; s < step.length; s++) {
    const cell = at + step[s];
    const color = s < edge ? rim : fill;
    const share = cover[s];
    if (share >= 256) {
      cells[cell] = color;
      continue;
    }
    const under = cells[cell];
    const rest = 256 - share;
    const redBlue = (((under & 0xff00ff) * rest + (color & 0xff00ff) * share) >>> 8) & 0xff00ff;
    const green = ((((under >>> 8) & 255) * rest + ((color >>> 8) & 255) * share) >>> 8) << 8;
    cells[cell] = 0xff000000 | green | redBlue;
  }
}

/**
 * Paint the rows of one bin.
 * @param {Deep} points
 * @param {Sheet} frame
 * @param {number} from
 * @param {number} to
 * @param {{bin: number, codes: Uint8Array, pale: number, quiet: boolean, size: number, square: boolean}} look
 */
function paintBin(points, frame, from, to, look) {
  const { left, top, perX, perY } = frame;
  const wide = paper.width + 2 * PAD;
  const own = stampsOf(look.size, wide, look.square);
  const quiet = look.quiet ? stampsOf(look.size * QUIET, wide) : own;
  for (let o = from; o < to; o++) {
    const row = rows.order[o];
    const px = (points.x[row] - left) * perX + PAD;
    const py = (top - points.y[row]) * perY + PAD;
    const [cx, cy] = [Math.floor(px), Math.floor(py)];
    const part = Math.floor((py - cy) * PARTS) * PARTS + Math.floor((px - cx) * PARTS);
    const code = look.pale >= 0 ? look.pale : look.codes[row];
    press((code === 0 ? quiet : own)[part], cy * wide + cx, ink.fill[code * BINS + look.bin], ink.rim[code * BINS + look.bin]);
  }
}

/**
 * @param {number} depth
 * @returns {number} how large a dot is at a depth from -1 to 1, beside one in the middle
 */
export const sizeAt = (depth) => 1 + 0.55 * depth;

/**
 * Paint.
 * @param {HTMLCanvasElement} canvas
 * @param {Deep} points x and y in map units, depth from -1 (far) to 1 (near), n
 * @param {Ranges & Size} view x and y ranges, width and height in pixels
 * @param {Painting} look codes a row (0 is the rest: smaller), colors (the last is that of rows out of the light), ground,
 *   mask, size in pixels, square: rows in the light are squares
 */
export function paintDepths(canvas, points, view, { codes, colors, ground, mask, size, square = false }) {
  const { width, height } = view;
  fit(canvas, width, height, points.n);
  inkOf(colors, ground);
  const [perX, perY] = [width / (view.x[1] - view.x[0]), height / (view.y[1] - view.y[0])];
  const frame = { left: view.x[0], top: view.y[1], perX, perY, width, height };
  const start = sorted(points, frame, mask);
  paper.cells.fill(ink.under);
  for (let b = 0; b < 2 * BINS; b++) {
    if (start[b] === start[b + 1]) continue;
    const bin = b % BINS;
    const lit = b >= BINS;
    const wanted = size * sizeAt((2 * bin) / (BINS - 1) - 1) * (lit ? 1 : 0.8);
    const shape = { size: Math.min(LARGEST_PX / 2, wanted), square: square && lit && Boolean(mask) };
    const look = { bin, codes, pale: lit ? -1 : colors.length - 1, quiet: lit && !mask, ...shape };
    paintBin(points, frame, start[b], start[b + 1], look);
  }
  penOf(canvas).putImageData(paper.image, -PAD, -PAD);
}
