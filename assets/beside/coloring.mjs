/**
 * What the colours of both maps mean: the clusters of either, how many neighbours a row keeps, or a column.  A row has the
 * same colour on both.  It draws nothing.
 */
import { byCluster, byColumn } from "../map/colors.mjs";

export const BY_FIRST = "first";
export const BY_SECOND = "second";
export const BY_OVERLAP = "overlap";
export const COLUMN = "column:";
const NOT_COMPARED = 255;
const MOST_IN_LEGEND = 10;

/**
 * @param {Uint8Array} overlap in percent, 255: not compared
 * @param {string[]} ramp
 * @param {string} missing
 * @returns {Coloring} a colour a step
 */
export function byOverlap(overlap, ramp, missing) {
  const step = (/** @type {number} */ percent) => Math.min(ramp.length - 1, Math.floor((percent * ramp.length) / 100));
  return { codes: overlap.map((percent) => (percent === NOT_COMPARED ? 0 : 1 + step(percent))), colors: [missing, ...ramp] };
}

/**
 * @param {Both} both
 * @param {TwoMaps} given
 * @param {{choice: string, column: Column|null, theme: Theme}} wanted
 * @returns {Coloring} a code a row, 0 for the rest, and a colour a code
 */
export function coloringOf(both, given, { choice, column, theme }) {
  if (choice === BY_OVERLAP) return byOverlap(both.overlap, given.ramp[theme], given.ramp.missing);
  if (choice.startsWith(COLUMN) && column) return byColumn(column, theme);
  const side = choice === BY_SECOND ? 1 : 0;
  return byCluster({ label: both.labels[side] }, { colors: { ...both.clusters[side].colors, noise: given.noise } }, theme);
}

/**
 * @param {Both} both
 * @param {TwoMaps} given
 * @param {{choice: string, column: Column|null, theme: Theme}} wanted
 * @returns {Legend} what stands below the choice: names with their colours, or a ramp with its ends
 */
export function legendOf(both, given, { choice, column, theme }) {
  if (choice === BY_OVERLAP) return { ramp: given.ramp[theme], ends: ["no neighbour kept", "all kept"], names: [], more: 0 };
  if (choice.startsWith(COLUMN) && column) {
    const colors = column.colors[theme];
    if (column.kind !== "category") return { ramp: colors, ends: [String(column.low), String(column.high)], names: [], more: 0 };
    return cut(column.values.map((value, at) => ({ words: String(value), color: colors[at] })));
  }
  const { clusters, colors } = both.clusters[choice === BY_SECOND ? 1 : 0];
  return cut(clusters.map(({ cluster, name }) => ({ words: name, color: colors[theme][cluster] })));
}

/**
 * @param {{words: string, color: string}[]} names
 * @returns {Legend} the first of them, and how many more there are
 */
const cut = (names) => ({ ramp: [], ends: [], names: names.slice(0, MOST_IN_LEGEND), more: Math.max(0, names.length - MOST_IN_LEGEND) });
