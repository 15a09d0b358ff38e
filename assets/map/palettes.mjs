/**
 * The colours that an address has for a column: another scale, or colours of one's own for categories.
 */
import { here } from "../shell/address.mjs";

const TURNED = "-r";
/** @type {[string, string][]} the scales that may be chosen, beside the usual one, and what they are called */
export const SCALES = [
  ["", "Viridis (usual)"],
  ["cividis", "Cividis, for all colour vision"],
  ["plasma", "Plasma"],
  ["blues", "Blues"],
  ["reds", "Reds"],
  ["greys", "Greys"],
  ["redblue", "Red to blue, about a middle"],
  ["rainbow", "Rainbow, uneven to the eye"],
];

/**
 * @param {string|null} own
 * @returns {Map<number, string>} the colours of one's own, by the code of a category, from 1
 */
export function ownColors(own) {
  const pairs = (own || "").split(".").filter(Boolean);
  return new Map(pairs.map((pair) => [Number(pair.split("-")[0]), `#${pair.split("-")[1]}`]));
}

/**
 * @param {Map<number, string>} colors
 * @returns {string|null} colours of one's own as an address has them
 */
export function writtenColors(colors) {
  const pairs = [...colors].sort(([a], [b]) => a - b).map(([code, color]) => `${code}-${color.slice(1)}`);
  return pairs.join(".") || null;
}

/**
 * @param {string|null} palette
 * @returns {{name: string, turned: boolean}} a scale's name, and whether it goes the other way
 */
export function scaleOf(palette) {
  const turned = Boolean(palette && palette.endsWith(TURNED));
  const name = (palette || "").replace(TURNED, "");
  return { name: name === "viridis" ? "" : name, turned };
}

/**
 * @param {{name: string, turned: boolean}} scale
 * @returns {string|null} a scale as an address has it
 */
export const writtenScale = ({ name, turned }) => (turned ? `${name || "viridis"}${TURNED}` : name) || null;

/**
 * @param {string[]} shades
 * @param {Map<number, string>} own
 */
const replaced = (shades, own) => shades.map((shade, i) => own.get(i + 1) || shade);

/**
 * @template {Column|null} T
 * @param {T} column
 * @param {Pick<Place, "color"|"palette"|"own">} [place]
 * @returns {T} the column in the colours that an address has for it
 */
export function inColors(column, place = here()) {
  if (!column || !column.colors || place.color !== column.choice) return column;
  const { missing } = column.colors;
  if (column.kind === "category") {
    const own = ownColors(place.own);
    if (!own.size) return column;
    const [light, dark] = [column.colors.light, column.colors.dark].map((shades) => replaced(shades, own));
    return { ...column, colors: { light, dark, missing }, look: place.own || "" };
  }
  const { name, turned } = scaleOf(place.palette);
  const ramp = (column.ramps || {})[name] || column.colors;
  if (ramp === column.colors && !turned) return column;
  const [light, dark] = [ramp.light, ramp.dark].map((shades) => (turned ? shades.toReversed() : shades));
  return { ...column, colors: { light, dark, missing }, look: place.palette || "" };
}
