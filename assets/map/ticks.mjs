/**
 * The words at a legend's scale: which value stands where, and which of them have room.  It draws nothing.
 */
import { numberWords } from "./range.mjs";

const DIGITS = 4;
const LETTER_PX = 7.4;
const GAP_PX = 5;
export const RAMP_PX = 208;
/** Letters of the words at an end that always leave room for those at the other. */
const MOST_LETTERS = Math.floor((RAMP_PX - GAP_PX) / 2 / LETTER_PX);
const DAY_AND_TIME = /^(-?\d+-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)/;

/**
 * @param {unknown} value
 * @returns {string} a number without needless digits, or a date with what there is of its time
 */
export function readable(value) {
  if (typeof value === "number") return numberWords(value, DIGITS);
  const words = String(value === null || value === undefined ? "" : value);
  return words.replace(/T00:00:00.*$/, "").replace(/^(-?\d+-\d\d-\d\d)T(\d\d:\d\d)(?::00(?:\.0+)?)?/, "$1 $2");
}

/**
 * @param {unknown[]} values
 * @returns {string[]} the same in fewer letters: of moments the days, or the times of one day; of long numbers the powers of ten
 */
function shorter(values) {
  const parts = values.map((value) => DAY_AND_TIME.exec(readable(value)));
  const [first, ...others] = parts;
  if (first && others.every((one) => one && one[1] === first[1])) return parts.map((one) => one?.[2] ?? "");
  return values.map((value, i) => {
    if (typeof value === "number") return value.toLocaleString("en", { notation: "scientific", maximumSignificantDigits: DIGITS });
    return parts[i]?.[1] ?? readable(value);
  });
}

/**
 * @param {Labelled} mark
 * @returns {Labelled} the same with so few letters that both ends have room
 */
function cut(mark) {
  const { words } = mark;
  return words.length > MOST_LETTERS ? { ...mark, words: `${words.slice(0, MOST_LETTERS - 1)}…` } : mark;
}

/**
 * @param {Labelled} mark
 * @returns {{left: number, middle: number, right: number}} where the words of a mark stand, in pixels of the bar
 */
export function spanOf({ at, words }) {
  const half = (words.length * LETTER_PX) / 2;
  const middle = Math.min(Math.max(at * RAMP_PX, half), RAMP_PX - half);
  return { left: middle - half, middle, right: middle + half };
}

/**
 * @param {Labelled[]} marks from low to high
 * @returns {number[]} which of them have words: all, or every second, third … up to the last, so that none touch
 */
export function labelled(marks) {
  const spans = marks.map(spanOf);
  for (let step = 1; step < marks.length; step++) {
    const some = [...spans.keys()].filter((i) => (marks.length - 1 - i) % step === 0);
    if (some.every((i, at) => at === 0 || spans[i].left >= spans[some[at - 1]].right + GAP_PX)) return some;
  }
  return marks.length ? [marks.length - 1] : [];
}

/**
 * @param {Pick<Column, "ticks"|"low"|"high">} column
 * @returns {Labelled[]} where on a scale, from 0 to 1, stands which value: its ticks or, where no two of them have room for
 *   their words, its ends in so few letters that both have; of one value, that
 */
export function scaleMarks({ ticks, low, high }) {
  const found = ticks.map(({ at, value }) => ({ at, words: readable(value) }));
  if (low === high || labelled(found).length > 1) return found;
  const ends = [low, high].map((value, at) => ({ at, words: readable(value) }));
  const short = shorter([low, high]).map((words, at) => ({ at, words, whole: ends[at].words }));
  return [ends, short].find((marks) => labelled(marks).length > 1) ?? short.map(cut);
}
