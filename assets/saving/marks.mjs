/**
 * The names and the marks of a saved picture: those of the screen, with plain attributes instead of a style sheet.
 */
import { settleNames } from "../map/names.mjs";
import { stats } from "../map/state.mjs";
import { text } from "./drawing.mjs";

/**
 * @param {Shown} shown
 * @param {Frame} frame
 * @param {Inks} inks
 * @returns {SVGElement[]} the names, laid out anew for the frame
 */
export function named(shown, frame, { ink, ground }) {
  const { names, nameLevel } = stats;
  const placed = settleNames(shown, frame);
  Object.assign(stats, { names, nameLevel }); // those on screen are still the others
  return placed.map(({ words, size, x, y, clusters }) => {
    const others = shown.dimmed && shown.focus.length && !clusters.some((label) => shown.focus.includes(label));
    const halo = { stroke: ground, "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke" };
    const look = { size: size.toFixed(2), fill: ink, weight: "bold", anchor: "middle", ...halo };
    return text(words, x.toFixed(2), (y + 0.35 * size).toFixed(2), { ...look, ...(others ? { opacity: 0.35 } : {}) });
  });
}

/**
 * @param {Inks} inks
 * @returns {Record<string, Record<string, string|number>>} attributes of the marks, which have theirs on screen from a style sheet
 */
export const marksLook = ({ ink, ground, accent }) => ({
  "taken-rings": { fill: "none", stroke: ink, opacity: 0.5 },
  "neighbor-line": { stroke: ink },
  far: { "stroke-dasharray": "6 5" },
  "neighbor-mark": { stroke: ink },
  "stranger-mark": { fill: "none", stroke: ink, "stroke-width": 1.3, "stroke-dasharray": "1.5 2.5", opacity: 0.8 },
  "focus-core": { stroke: ground, "stroke-width": 1.5 },
  "focus-ring": { fill: "none", stroke: ink, "stroke-width": 3 },
  "hit-mark": { stroke: ink, "stroke-width": 2 },
  "selection-outline": { fill: accent, "fill-opacity": 0.08, stroke: accent, "stroke-width": 1.8, "stroke-dasharray": "6 4" },
});

/**
 * @param {SVGElement} made
 * @param {Record<string, Record<string, string|number>>} looks
 * @returns {SVGElement} a mark, and what is in it, with plain attributes instead of classes
 */
export function plain(made, looks) {
  [made, ...made.querySelectorAll("*")].forEach((one) => {
    one.classList.forEach((name) =>
      Object.entries(looks[name] || {}).forEach(([attribute, value]) => one.setAttribute(attribute, String(value))),
    );
    ["class", "data-row", "data-clusters"].forEach((name) => one.removeAttribute(name));
  });
  return made;
}
