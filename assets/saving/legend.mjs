/**
 * The legend of a saved picture: which colour is which cluster or category, or a scale with its ticks.
 * It shows as many entries as fit and counts the others.
 */
import { rangeSentence } from "../map/range.mjs";
import { scaleMarks } from "../map/ticks.mjs";
import { drawn } from "../shell/dom.mjs";
import { fitting, text, widthOf } from "./drawing.mjs";

const LINE = 17.5;
const WORDS = 12;
const TITLE = 13;
const HEAD = 22;
const COLUMN = 190;
const RAMP = { height: 11, tick: 4, steps: 13 };
const GAP = 8;
/** How many lines a name may take, and how far one is below the other. */
const MOST_LINES = 3;
const BELOW = 14.5;
/** @typedef {{words: string, color?: string, number?: number, pale?: boolean}} Entry a line of the legend */
/** @typedef {Scene & {shown: {column: Column}}} Known what is coloured by a column that is known */

/** @param {number} number */
const count = (number) => number.toLocaleString("en");

/**
 * @param {Scene} scene
 * @returns {Entry[]} color, words and number of each cluster, and of the noise; pale where another is in focus
 */
function clusters({ points, view, shades, shown }) {
  const sizes = new Map();
  points.label.forEach((label) => sizes.set(label, (sizes.get(label) || 0) + 1));
  /** @param {number} label */
  const shade = (label) => shades.colors[label < 0 ? 0 : 1 + (label % (shades.colors.length - 1))];
  /** @param {number} label */
  const pale = (label) => shown.focus.length > 0 && !shown.focus.includes(label);
  /**
   * @param {number} label
   * @param {string} words
   */
  const one = (label, words) => ({ color: shade(label), words, number: sizes.get(label) || 0, pale: pale(label) });
  const known = view.clusters.filter(({ cluster }) => cluster >= 0).map(({ cluster, name }) => one(cluster, name));
  return sizes.get(-1) ? [...known, one(-1, "in no cluster")] : known;
}

/**
 * @param {Known} scene
 * @returns {Entry[]} color, words and number of each category; pale where others are picked
 */
function categories({ shades, shown }) {
  const { column, codes } = shown;
  /** @param {number} code */
  const pale = (code) => codes.length > 0 && !codes.includes(code);
  return column.values.map((words, i) => ({ color: shades.colors[i + 1], words, number: column.counts[i], pale: pale(i + 1) }));
}

/**
 * @param {Known} scene
 * @returns {Entry[]} the rows without a value, if any
 */
function missing({ shades, shown: { column, codes } }) {
  const pale = codes.length > 0 && !codes.includes(0);
  const words = column.missing_is || "no value";
  return column.missing ? [{ color: shades.colors[0], words, number: column.missing, pale }] : [];
}

/** @param {Entry} entry */
const sizeOf = ({ number }) => (number === undefined ? "" : count(number));

/**
 * @param {Entry} entry
 * @param {number} width
 * @returns {number} how wide its words may be
 */
const roomOf = (entry, width) => width - 16 - widthOf(sizeOf(entry), WORDS) - 2 * GAP;

/**
 * @param {string} words
 * @param {number} room
 * @param {number} most how many lines there may be
 * @param {(words: string) => number} [measure]
 * @returns {string[]} the words in lines that are no wider than there is room, what is left over in the last
 */
export function linesIn(words, room, most, measure = (line) => widthOf(line, WORDS)) {
  const lines = [""];
  words.split(" ").forEach((word) => {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (lines.at(-1) === "" || lines.length === most || measure(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  });
  return lines;
}

/**
 * @param {number[]} counts how many lines each entry has
 * @param {number} height in lines
 * @returns {{column: number, line: number}[]} where each begins, column by column, none of them divided
 */
export function placesIn(counts, height) {
  let [column, line] = [0, 0];
  return counts.map((lines) => {
    if (line > 0 && line + lines > height) [column, line] = [column + 1, 0];
    const at = { column, line };
    line += lines;
    return at;
  });
}

/**
 * @param {number[]} counts
 * @param {number} across
 * @returns {number} in how many lines they have a place in so many columns
 */
export function heightFor(counts, across) {
  const all = counts.reduce((sum, lines) => sum + lines, 0);
  let height = Math.max(1, Math.ceil(all / across));
  while ((placesIn(counts, height).at(-1)?.column ?? 0) >= across) height += 1;
  return height;
}

/**
 * @param {Entry} one
 * @param {string[]} lines of its words
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {Inks} inks
 * @returns {SVGElement} an entry in its place
 */
function entry(one, lines, x, y, width, { ink, quiet }) {
  const { color, pale } = one;
  const [size, room] = [sizeOf(one), roomOf(one, width)];
  const dot = color ? [drawn("circle", { cx: x + 5, cy: y - 4, r: 4.5, fill: color })] : [];
  const look = { size: WORDS, fill: color ? ink : quiet };
  const named = lines.map((line, i) => text(fitting(line, room, WORDS), x + 16, y + i * BELOW, look));
  const last = size ? [text(size, x + width - GAP, y, { size: WORDS, fill: quiet, anchor: "end" })] : [];
  return drawn("g", pale ? { opacity: 0.4 } : {}, [...dot, ...named, ...last]);
}

/**
 * @param {Entry[]} all
 * @param {number} width
 * @returns {{across: number, lines: string[][]}} in how many columns they stand, and their words in as many lines as these take
 */
function whole(all, width) {
  const across = Math.max(1, Math.floor(width / COLUMN));
  return { across, lines: all.map((one) => linesIn(one.words, roomOf(one, width / across), MOST_LINES)) };
}

/**
 * @param {Entry[]} all
 * @param {Area} area
 * @param {Inks} inks
 * @returns {SVGElement[]} the entries, in whole words where there is room for all of these; else as many as fit, column by
 *   column, and how many others there are
 */
function entries(all, { x, y, width, height }, inks) {
  const lines = Math.max(1, Math.floor((height + 0.5) / LINE));
  const { across, lines: words } = whole(all, width);
  const counts = words.map(({ length }) => length);
  const needed = heightFor(counts, across);
  if (needed <= lines) {
    const places = placesIn(counts, needed);
    return all.map((one, i) => {
      const [left, top] = [x + places[i].column * (width / across), y + (places[i].line + 0.75) * LINE];
      return entry(one, words[i], left, top, width / across, inks);
    });
  }
  const most = across * lines;
  const kept = all.length > most ? all.slice(0, most - 1) : all;
  const more = all.length - kept.length;
  /** @type {Entry[]} */
  const listed = more ? [...kept, { words: `and ${count(more)} more` }] : kept;
  const filled = Math.min(lines, Math.ceil(listed.length / across));
  /** @param {number} i */
  const left = (i) => x + Math.floor(i / filled) * (width / across);
  return listed.map((one, i) => entry(one, [one.words], left(i), y + ((i % filled) + 0.75) * LINE, width / across, inks));
}

/**
 * @param {Labelled[]} marks
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {Inks} inks
 * @returns {SVGElement[]} the words of some ticks, those left out that would touch the one before
 */
function tickWords(marks, x, y, width, { quiet }) {
  let free = -Infinity;
  return marks.flatMap(({ at, words }) => {
    const half = widthOf(words, WORDS) / 2;
    const middle = Math.min(Math.max(at * width, half), width - half);
    if (middle - half < free) return [];
    free = middle + half + GAP;
    return [text(words, x + middle, y, { size: WORDS, fill: quiet, anchor: "middle" })];
  });
}

/**
 * @param {{column: Column, colors: string[]}} colored
 * @param {Omit<Area, "height">} area
 * @param {Inks} inks
 * @returns {SVGElement[]} the ramp of a scale with its ticks
 */
function ramp({ column, colors }, { x, y, width }, inks) {
  const stops = colors.map((color, i) => drawn("stop", { offset: i / (colors.length - 1), "stop-color": color }));
  const shade = drawn("linearGradient", { id: "ramp", x1: 0, x2: 1, y1: 0, y2: 0 }, stops);
  const bar = drawn("rect", { x, y, width, height: RAMP.height, rx: 2, fill: "url(#ramp)" });
  const marks = scaleMarks(column);
  const ticks = marks.map(({ at }) => {
    const [x1, y1] = [x + at * width, y + RAMP.height];
    return drawn("line", { x1, x2: x1, y1, y2: y1 + RAMP.tick, stroke: inks.quiet });
  });
  return [shade, bar, ...ticks, ...tickWords(marks, x, y + RAMP.height + RAMP.tick + RAMP.steps, width, inks)];
}

/**
 * @param {string} words
 * @param {Area} area
 * @param {Inks} inks
 * @returns {SVGElement[]} lines of words as wide as there is room, as many as fit
 */
function paragraph(words, { x, y, width, height }, { quiet }) {
  const lines = [""];
  words.split(" ").forEach((word) => {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (widthOf(longer, WORDS) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  });
  const shown = lines.slice(0, Math.max(0, Math.floor(height / LINE)));
  return shown.map((line, i) => text(line, x, y + (i + 0.75) * LINE, { size: WORDS, fill: quiet }));
}

/**
 * @param {Known} scene
 * @param {Area} box
 * @returns {SVGElement[]} a scale, what of it is bright, and the rows without a value
 */
function scale(scene, box) {
  const { shades, shown, inks } = scene;
  const width = Math.min(box.width, 260);
  const bar = ramp({ column: shown.column, colors: shades.colors.slice(1) }, { ...box, width }, inks);
  const under = { ...box, y: box.y + 40, height: box.height - 40 };
  const said = shown.range ? rangeSentence(shown.column, shown.range) : "";
  const words = said ? paragraph(`Bright: ${said}`, { ...under, width }, inks) : [];
  const down = words.length * LINE;
  const rest = { ...under, width, y: under.y + down, height: under.height - down };
  return [...bar, ...words, ...entries(missing(scene), rest, inks)];
}

/**
 * @param {Scene} scene
 * @returns {scene is Known}
 */
const isKnown = (scene) => Boolean(scene.shown.column && scene.shown.column.codes);

/**
 * @param {Scene} scene
 * @returns {scene is Known}
 */
const isScale = (scene) => isKnown(scene) && scene.shown.column.kind !== "category";

/** @param {Scene} scene */
const listed = (scene) => (isKnown(scene) ? [...categories(scene), ...missing(scene)] : clusters(scene));

/**
 * @param {Scene} scene
 * @param {number} width
 * @returns {number} how high a legend is that has room for all it has to say
 */
export function legendHeight(scene, width) {
  if (isScale(scene)) return HEAD + 40 + LINE * (missing(scene).length + (scene.shown.range ? 2 : 0));
  const { across, lines } = whole(listed(scene), width);
  return HEAD + LINE * heightFor(lines.map(({ length }) => length), across);
}

/**
 * @param {Scene} scene
 * @param {Area} box
 * @returns {SVGElement} the legend of what colours the map, in a box
 */
export function legend(scene, box) {
  const { inks } = scene;
  const words = isKnown(scene) ? scene.shown.column.title || scene.shown.column.column : "Clusters";
  const title = text(fitting(words, box.width, TITLE, "bold"), box.x, box.y + TITLE, { size: TITLE, weight: "bold", fill: inks.ink });
  const body = { ...box, y: box.y + HEAD, height: box.height - HEAD };
  return drawn("g", { id: "legend" }, [title, ...(isScale(scene) ? scale(scene, body) : entries(listed(scene), body, inks))]);
}
