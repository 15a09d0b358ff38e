/**
 * A range on a legend's scale: how many rows it holds, from which value to which, and how that is said.
 * Rows have a step of 255 on the scale, so a range is of steps; the values said are those that rows in it truly have.
 */

export const LAST = 254;
export const HIGH = 100;
const BIN = 5;
/** Of a number that a file has, and of one that is computed of each row. */
const [DIGITS, COMPUTED_DIGITS] = [6, 3];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
/** @param {number} number */
const count = (number) => number.toLocaleString("en");

/**
 * @param {Pick<Column, "codes">} column
 * @returns {Uint32Array} how many rows have each step; the last is those without a value
 */
export function countsOf({ codes }) {
  const counts = new Uint32Array(LAST + 2);
  const bytes = atob(codes);
  for (let row = 0; row < bytes.length; row++) counts[bytes.charCodeAt(row)]++;
  return counts;
}

/**
 * @param {number} number
 * @param {number} digits
 * @returns {string} a number without needless digits; of four digits without a comma, as years have none: 1850, 12,345
 */
export const numberWords = (number, digits) =>
  number.toLocaleString("en", { useGrouping: "min2", ...(Number.isInteger(number) ? {} : { maximumSignificantDigits: digits }) });

/**
 * @param {Value} value
 * @param {number} [digits] of a number
 * @returns {string} a value as it is written: a number, or a day such as 3 Mar 2025, with its time where it has one
 */
export function written(value, digits = DIGITS) {
  if (typeof value === "number") return numberWords(value, digits);
  const parts = /^(-?\d+)-(\d\d)-(\d\d)(?:T(\d\d:\d\d)(:\d\d)?)?/.exec(String(value));
  if (!parts) return String(value);
  const [, year, month, day, time, seconds] = parts;
  const clock = time ? ` ${time}${seconds && seconds !== ":00" ? seconds : ""}` : "";
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}${clock}`;
}

/**
 * @param {Pick<Column, "firsts"|"lasts">} column
 * @param {Uint32Array} counts
 * @param {number[]} pair
 * @returns {{first: Value, last: Value, rows: number}} least and greatest value of the rows in a range, and how many
 */
export function within({ firsts, lasts }, counts, [low, high]) {
  /** @type {{first: Value, last: Value, rows: number}} */
  const told = { first: null, last: null, rows: 0 };
  for (let code = low; code <= high; code++) {
    if (!counts[code]) continue;
    if (told.first === null) told.first = firsts[code];
    told.last = lasts[code];
    told.rows += counts[code];
  }
  return told;
}

/**
 * @param {Pick<Column, "firsts"|"lasts"> & {meaning?: string}} column one with a meaning is computed
 * @param {Uint32Array} counts
 * @param {number[]} range
 * @returns {string} what a range holds: from which value to which, and how many rows of all
 */
export function sentence(column, counts, range) {
  const { first, last, rows } = within(column, counts, range);
  const all = counts.reduce((sum, number) => sum + number, 0);
  const share = `${count(rows)} of ${count(all)} row${all === 1 ? "" : "s"}`;
  if (!rows) return `No row between these: ${share}`;
  const [short, exact] = [COMPUTED_DIGITS, DIGITS].map((digits) => [first, last].map((value) => written(value, digits)));
  const [from, to] = column.meaning && short[0] !== short[1] ? short : exact;
  return first === last ? `${from}: ${share}` : `${from} – ${to}: ${share}`;
}

/**
 * @param {Uint32Array} counts
 * @returns {string} a path of a column for every few steps, as high as the rows that have them
 */
export function outline(counts) {
  const bins = new Uint32Array((LAST + 1) / BIN);
  for (let code = 0; code <= LAST; code++) bins[Math.floor(code / BIN)] += counts[code];
  const most = bins.reduce((high, number) => Math.max(high, number), 1);
  const columns = Array.from(bins, (number, at) => {
    const y = number ? Math.min(HIGH - 4, HIGH - (HIGH * number) / most) : HIGH;
    return `V${y.toFixed(1)}H${(at + 1) * BIN}`;
  });
  return `M0 ${HIGH}${columns.join("")}V${HIGH}Z`;
}

/** @param {number[]} given */
export const isWhole = ([low, high]) => low === 0 && high === LAST;

/**
 * @param {Column} column
 * @param {number[]} range
 * @returns {string} what a range of a column holds
 */
export const rangeSentence = (column, range) => sentence(column, countsOf(column), range);
