/**
 * The address of the tab and the place that it names, in both directions.
 */
import { LAMPS, TABS, stepped } from "./lights.mjs";
import { stepTo } from "./steps.mjs";

const K = 10;
/** The first is the metric of the map. */
const METRICS = ["map", "cosine", "euclidean", "dot"];
/** @type {Record<string, unknown>} */
const DEFAULTS = { run: null, row: null, k: K, metric: METRICS[0], take_in: null, color: null, arrangement: null, picked: null };
Object.assign(DEFAULTS, { read_as: null, has: null, also: null, palette: null, own: null, cards: null });
Object.assign(DEFAULTS, { q: null, cluster: null, selected: null, lights: null, tab: null, dataset: null });
const COLORS = /^(column:|computed:|axis:.+<>.+)/;
const PICKED = /^\d{1,3}(-\d{1,3}|(\.\d{1,3}){0,29})$/;
const READ_AS = /^(category|number(:[.,])?|date(:(dmy|mdy|ymd|s|ms|compact|clock))?|date(:(dmy|mdy|ymd|s|ms|compact))?:(daytime|weekday))$/;
const HAS = /^[^]{1,200}$/;
const PALETTE = /^[a-z]{3,10}(-r)?$/;
const OWN = /^\d{1,2}-[0-9a-f]{6}(\.\d{1,2}-[0-9a-f]{6}){0,29}$/;
const CLUSTER = /^(-1|\d{1,6}(\.\d{1,6})*|here_\d+\.[0-9a-f]{8})$/;
const SELECTED = /^(box|path|rows|bits|clusters|here)_[\w.-]*$/;
const [MOST_WORDS, LONGEST_WORDS] = [12, 2000];
/** So long the words of a search, the numbers of clusters and a selection may be, as they stand in an address. */
export const LONGEST = { q: 1500, cluster: 600, selected: 3000 };
/** What an address says of the colours alone: without a colour it says nothing. */
export const OF_COLOR = ["picked", "read_as", "has", "also", "palette", "own"];
const ARRANGEMENTS = ["3d", "grid"];
const DATASET = /^[\w.-]{1,80}$/;
export const MOST = 100;
/**
 * @param {string|null} text
 * @returns {number|null}
 */
const share = (text) => (Number(text) > 0 && Number(text) <= 1 ? Number(text) : null);
/**
 * @param {string|null} text
 * @returns {number|null}
 */
const whole = (text) => (/^\d+$/.test(text || "") ? Number(text) : null);

/**
 * @param {string|null} text
 * @returns {string[]} the words of a list in an address; none where it is no such list
 */
export function wordsOf(text) {
  if (!text || text.length > LONGEST_WORDS) return [];
  try {
    const words = JSON.parse(text);
    const fits = Array.isArray(words) && words.length <= MOST_WORDS && words.every((word) => typeof word === "string");
    return fits ? words : [];
  } catch {
    return [];
  }
}

/**
 * @param {string[]} words
 * @returns {string|null} a list of words as an address has it, the last ones where they are many
 */
export const listOf = (words) => (words.length ? JSON.stringify(words.slice(-MOST_WORDS)) : null);

/**
 * @param {URLSearchParams} given
 * @returns {Pick<Place, "picked"|"read_as"|"has"|"also"|"palette"|"own">} what an address says of how a colour is shown
 */
function coloringOf(given) {
  /**
   * @param {string} name
   * @param {RegExp} pattern
   */
  const matching = (name, pattern) => (pattern.test(given.get(name) || "") ? given.get(name) : null);
  return {
    picked: matching("picked", PICKED),
    read_as: matching("read_as", READ_AS),
    has: matching("has", HAS),
    also: listOf(wordsOf(given.get("also"))),
    palette: matching("palette", PALETTE),
    own: matching("own", OWN),
  };
}

/**
 * @param {URLSearchParams} given
 * @returns {Pick<Place, "q"|"cluster"|"selected"|"lights"|"tab">} what an address says of what was asked
 */
function askedOf(given) {
  const [words, cluster, selected, tab] = ["q", "cluster", "selected", "tab"].map((name) => given.get(name) || "");
  const lights = (given.get("lights") || "").split(".");
  return {
    q: words.trim() && encodeURIComponent(words.trim()).length <= LONGEST.q ? words.trim() : null,
    cluster: CLUSTER.test(cluster) && cluster.length <= LONGEST.cluster ? cluster : null,
    selected: SELECTED.test(selected) && selected.length <= LONGEST.selected ? selected : null,
    lights: lights.every((lamp, at) => LAMPS.some((known) => known === lamp) && lights.indexOf(lamp) === at) ? lights.join(".") : null,
    tab: TABS.includes(tab) ? tab : null,
  };
}

/**
 * @param {string|null|undefined} search
 * @returns {Place} the place that an address names
 */
export function parse(search) {
  const given = new URLSearchParams(search || "");
  const k = whole(given.get("k"));
  const metric = given.get("metric") || "";
  const color = COLORS.test(given.get("color") || "") ? given.get("color") : null;
  const arrangement = given.get("arrangement") || "";
  return {
    run: given.get("run"),
    row: whole(given.get("row")),
    k: k === null ? K : Math.min(Math.max(k, 1), MOST),
    metric: METRICS.includes(metric) ? metric : METRICS[0],
    take_in: share(given.get("take_in")),
    color,
    arrangement: ARRANGEMENTS.includes(arrangement) ? arrangement : null,
    cards: listOf(wordsOf(given.get("cards"))),
    ...coloringOf(color ? given : new URLSearchParams()),
    ...askedOf(given),
    dataset: DATASET.test(given.get("dataset") || "") ? given.get("dataset") : null,
  };
}

/**
 * @param {Partial<Place>} place
 * @returns {string} the query part that names a place
 */
export function searchOf(place) {
  const given = new URLSearchParams();
  Object.entries(place).forEach(([name, value]) => {
    if (value !== null && value !== undefined && value !== DEFAULTS[name]) given.set(name, String(value));
  });
  return given.size ? `?${given}` : "";
}

/**
 * Go to a place at once, so that who asks in the same moment is told of it already.
 * @param {Place} place
 * @param {boolean} [instead] in place of where the page is, so that the way back does not lead there
 */
export function goTo(place, instead = false) {
  const { pathname, search: before } = window.location;
  const search = searchOf(place);
  if (search === searchOf(parse(before))) return;
  const state = stepTo(parse(before).run, place.run, instead);
  window.history[instead ? "replaceState" : "pushState"](state, "", `${pathname}${search}`);
  window.dispatchEvent(new Event("popstate")); // Dash's part of the address takes over what is there, without an entry of its own
}

/**
 * Go somewhere: change parts of the address.  What is switched on comes to the front, and so does what is *asked*.
 * @param {Partial<Place>} changes
 * @param {{asked?: Lamp[], instead?: boolean}} [how]
 */
export const go = (changes, { asked = [], instead = false } = {}) => goTo(stepped(here(), changes, asked), instead);

/** @returns {Place} the place that the address names now */
export const here = () => parse(window.location.search);

/**
 * @param {HTMLAnchorElement} link
 * @param {string|null} [tab] the tab that is to stay open
 * @returns {Place} where a link leads: to its row in the view of this moment, which may have changed since it was made
 */
export function placeBy(link, tab = null) {
  const there = parse(new URL(link.href).search);
  const { run, row, k, metric } = there;
  if (there.run !== here().run || row === null) return there;
  return stepped(here(), { run, row, k, metric, tab }, ["row"]);
}

/**
 * @param {Place} place
 * @returns {Picked|null} what a place picks of its colours: codes of categories, or a range of codes
 */
export function pickedOf({ run, color, picked }) {
  if (!picked) return null;
  const range = picked.split("-").map(Number).sort((a, b) => a - b);
  return { run, choice: color, ...(range.length > 1 ? { range } : { codes: picked.split(".").map(Number) }) };
}

/**
 * Show only what has these codes, or is in this range of codes, bright; nothing: all.
 * @param {{codes?: number[], range?: number[]|null}} [given]
 */
export function pickBright({ codes = [], range = null } = {}) {
  go({ picked: (range ? range.join("-") : codes.join(".")) || null });
}
