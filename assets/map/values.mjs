/**
 * What is said of a row beside its text: the value that colours the map, and those of the columns that cards show.
 */
const DIGITS = 4;
const LONGEST_LIST = 2000;
const COLUMN = "column:";
const COMPUTED = "computed:";
/** What no row tells by itself: see explorer/questions/sums.py. */
const AXIS = "axis:";
/** @type {Record<string, string>} */
const OF_ITEM = { cluster_strength: "strength" };

/**
 * @param {string} text
 * @returns {string} a list in JSON of plain values as a person would write it, “gift, return”; others as they are
 */
function listed(text) {
  if (!/^\[.*\]\s*$/s.test(text) || text.length > LONGEST_LIST) return text;
  try {
    const members = JSON.parse(text);
    const plain = members.every((/** @type {unknown} */ one) => one !== null && typeof one !== "object");
    const vector = members.length && members.every((/** @type {unknown} */ one) => typeof one === "number");
    return plain && !vector ? members.join(", ") : text;
  } catch {
    return text;
  }
}

/**
 * @param {unknown} value
 * @returns {string} a value in words; nothing for none
 */
export function worded(value) {
  if (typeof value === "string") return listed(value);
  if (typeof value === "number" && !Number.isInteger(value)) return value.toLocaleString("en", { maximumSignificantDigits: DIGITS });
  return value === null || value === undefined ? "" : String(value);
}

/** Words from which a value beside a picture is what somebody says of it, and no name, place or number. */
const A_SAYING = 3;

/**
 * @param {{path?: string, metadata?: Record<string, unknown>}} item
 * @returns {string} what its table says of a picture or a sound in words: the value of the most words; nothing where none has three
 */
export function captionOf({ path = "", metadata = {} }) {
  const count = (/** @type {string} */ text) => (text.match(/\p{L}{2,}/gu) || []).length;
  const texts = Object.values(metadata).filter((value) => typeof value === "string" && value.includes(" ") && value !== path);
  const best = /** @type {string[]} */ (texts).reduce((most, text) => (count(text) > count(most) ? text : most), "");
  return count(best) >= A_SAYING ? best : "";
}

/**
 * @param {Record<string, any>} item
 * @param {Pick<Column, "choice"|"title"|"column">|null} column
 * @param {string[]} cards
 * @returns {{name: string, words: string}[]} names and values, that of the colour first
 */
export function valuesOf(item, column, cards) {
  const metadata = item.metadata || {};
  const found = cards.map((name) => ({ name, words: worded(metadata[name]) }));
  if (!column || column.choice.startsWith(AXIS)) return found.filter(({ words }) => words);
  const { choice, title } = column;
  const score = choice.startsWith(COMPUTED) ? choice.slice(COMPUTED.length) : "";
  const name = score ? title || score : choice.slice(COLUMN.length);
  const words = score ? worded(item[OF_ITEM[score] || score]) : worded(metadata[name]) || "no value";
  return [{ name, words }, ...found.filter((other) => other.name !== name)].filter((one) => one.words);
}
