/**
 * The legend of a saved picture: which colour is which cluster or category, or a scale with its ticks.
 * It shows as many entries as fit and counts the others.
 */
import { scaleMarks } from "../map/legend.mjs";
import { rangeSentence } from "../map/range.mjs";
import { drawn } from "../shell/dom.mjs";
import { fitting, text, widthOf } from "./drawing.mjs";

const LINE = 17.5;
const WORDS = 12;
const TITLE = 13;
const HEAD = 22;
const COLUMN = 190;
const RAMP = { height: 11, tick: 4, steps: 13 };
const GAP = 8;
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

/**
 * @param {Entry} entry
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {Inks} inks
 * @returns {SVGElement} an entry in its place
 */
function entry({ color, words, number, pale }, x, y, width, { ink, quiet }) {
  const size = number === undefined ? "" : count(number);
  const room = width - 16 - widthOf(size, WORDS) - 2 * GAP;
  const dot = color ? [drawn("circle", { cx: x + 5, cy: y - 4, r: 4.5, fill: color })] : [];
  const named = text(fitting(words, room, WORDS), x + 16, y, { size: WORDS, fill: color ? ink : quiet });
  const last = size ? [text(size, x + width - GAP, y, { size: WORDS, fill: quiet, anchor: "end" })] : [];
  return drawn("g", pale ? { opacity: 0.4 } : {}, [...dot, named, ...last]);
}

/**
 * @param {Entry[]} all
 * @param {Area} area
 * @param {Inks} inks
 * @returns {SVGElement[]} as many entries as fit, column by column, and how many others there are
 */
function entries(all, { x, y, width, height }, inks) {
  const across = Math.max(1, Math.floor(width / COLUMN));
  const lines = Math.max(1, Math.floor(height / LINE));
  const most = across * lines;
  const kept = all.length > most ? all.slice(0, most - 1) : all;
  const more = all.length - kept.length;
  /** @type {Entry[]} */
  const listed = more ? [...kept, { words: `and ${count(more)} more` }] : kept;
  const filled = Math.min(lines, Math.ceil(listed.length / across));
  /** @param {number} i */
  const left = (i) => x + Math.floor(i / filled) * (width / across);
  return listed.map((one, i) => entry(one, left(i), y + ((i % filled) + 0.75) * LINE, width / across, inks));
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
  return HEAD + LINE * Math.ceil(listed(scene).length / Math.max(1, Math.floor(width / COLUMN)));
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
