/**
 * The colouring of the run on the map: of every row, in either theme.
 */
import { setColors } from "../shell/dots.mjs";
import { PALE, byCluster, byColumn } from "./colors.mjs";
import * as density from "./density.mjs";
import { onMap } from "./state.mjs";

/**
 * @param {number} row
 * @returns {string} the colour of a row, as the map shows it; a cluster's when it shows clusters, "" where it shows no such row
 */
export function colorOf(row) {
  const { shades } = onMap;
  return (shades && shades.colors[shades.codes[row]]) || "";
}

/**
 * @param {Points} points
 * @param {{view: View, column: Column|null, theme: Theme}} wanted
 * @returns {Shades} the colouring of a run, and its ink for the picture of all rows
 */
function shadesOf(points, { view, column, theme }) {
  const known = column && column.codes;
  const shades = known ? byColumn(column, theme) : byCluster(points, view, theme);
  const pale = PALE[theme];
  return { ...shades, pale, ink: density.inkOf(points, shades.codes, [...shades.colors, pale]) };
}

/**
 * @param {Theme} theme
 * @returns {Shades} the colouring on screen, as it is in a theme
 */
export function shadesFor(theme) {
  if (theme === onMap.shown.theme) return onMap.shades;
  const shades = shadesOf(onMap.points, { ...onMap.shown, view: onMap.view, theme });
  const { lit, square } = onMap.shades.ink;
  Object.assign(shades.ink, { lit, square });
  return shades;
}

/**
 * @param {Column|null} column
 * @returns {unknown[]} what the colours of a column are made of
 */
function readAs(column) {
  if (!column) return [];
  const { choice, kind, read_as, has, look, extra, values } = column;
  return [choice, kind, read_as, has, look, ...(extra ? values.slice(-extra) : [])];
}

/**
 * See to it that the colours are those of what is to be shown, and say which picture that is.
 * @param {Points} points
 * @param {{view: View, column: Column|null, theme: Theme}} wanted
 * @returns {string}
 */
export function colored(points, { view, column, theme }) {
  const taken = points.taken ? points.taken.length : 0;
  const base = [view.run, view.cut ?? "", ...readAs(column), theme, taken, points.arrangement || ""].join("|");
  if (base !== onMap.colored) {
    Object.assign(onMap, { colored: base, shades: shadesOf(points, { view, column, theme }) });
    setColors(view.colors[theme], column && column.codes ? colorOf : null);
  }
  return base;
}
