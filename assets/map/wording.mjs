/**
 * How names are set: their size, their lines, and how wide those are.  It places nothing.
 */
import { penOf } from "../shell/dom.mjs";
import { isBarRight } from "./boxes.mjs";

const LONGEST = 52;
const ONE_LINE = 30;
const SHORTEST_BROKEN = 15;
const LINE = 1.2;
const BAR = 9;
const PADDING = 4;
const NUMBER = 12.5;
const SMALLEST = 10.5;

/** @type {Map<string, number>} */
const widths = new Map();
/** @type {CanvasRenderingContext2D|null} */
let pen = null;

/**
 * @param {string} words
 * @param {number} size
 * @returns {number} the width of words in pixels, as this browser draws them
 */
export function widthOf(words, size) {
  const key = `${size.toFixed(1)}|${words}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  if (widths.size > 5000) widths.clear();
  pen ||= penOf();
  pen.font = `650 ${size}px system-ui, sans-serif`;
  const { width } = pen.measureText(words);
  widths.set(key, width);
  return width;
}

/**
 * @param {string} words
 * @returns {string} the words; beyond 52 letters cut, between words where that is possible
 */
export function shortened(words) {
  if (words.length <= LONGEST) return words;
  const cut = words.slice(0, LONGEST - 1);
  const space = cut.lastIndexOf(" ");
  return `${(space > LONGEST / 2 ? cut.slice(0, space) : cut).replace(/[\s,;:]+$/, "")}…`;
}

/**
 * @param {string} words
 * @returns {string[]|null} two lines as equal as may be; null for words that make only one
 */
function broken(words) {
  const spaces = [...words.matchAll(/ /g)].map(({ index }) => Number(index));
  if (words.length < SHORTEST_BROKEN || !spaces.length) return null;
  /** @param {number} at */
  const longer = (at) => Math.max(at, words.length - at - 1);
  const at = spaces.reduce((best, one) => (longer(one) < longer(best) ? one : best));
  return [words.slice(0, at), words.slice(at + 1)];
}

/**
 * @param {string} words
 * @param {number} size
 * @param {(words: string, size: number) => number} measure
 * @returns {Format[]} how a name may be set: in one line, in two
 */
export function formatsOf(words, size, measure) {
  const whole = shortened(words);
  const two = broken(whole);
  const settings = whole.length <= ONE_LINE || !two ? [[whole], ...(two ? [two] : [])] : [two];
  return settings.map((lines) => ({
    lines,
    size,
    width: Math.max(...lines.map((line) => measure(line, size))) + BAR + 2 * PADDING,
    height: LINE * size * lines.length + PADDING,
  }));
}

/**
 * @param {string} words
 * @param {(phrase: string) => boolean} isAlone whether no other name begins with a phrase
 * @param {(words: string, size: number) => number} measure
 * @returns {Format[]} how a name may be set where there is little room: its first phrase, if that tells it from the
 *   others, and smaller
 */
export function tightFormatsOf(words, isAlone, measure) {
  const [first] = words.split(", ");
  return formatsOf(first !== words && isAlone(first) ? first : words, SMALLEST, measure);
}

/**
 * @param {string} words
 * @param {(words: string, size: number) => number} measure
 * @returns {Format[]} the one way to set a number in its disc
 */
export function numberFormats(words, measure) {
  const side = 1.6 * NUMBER;
  return [{ lines: [words], size: NUMBER, width: Math.max(side, measure(words, NUMBER) + 9), height: side }];
}

/**
 * @param {Name} name
 * @returns {{words: string, x: number, y: number}[]} the lines of a name and where each begins, in the middle of its
 *   height, or where it ends, where the bar is at the name's right
 */
export function linesOf({ lines, size, left, right, top, bottom, broad, foot }) {
  const middle = (top + bottom) / 2;
  const ends = !broad && isBarRight({ left, right, top, bottom }, foot);
  const x = ends ? right - PADDING - BAR : left + PADDING + BAR;
  return lines.map((words, i) => ({ words, x, y: middle + (i - (lines.length - 1) / 2) * LINE * size }));
}

/** The size of a number on the map. */
export const NUMBER_SIZE = NUMBER;
