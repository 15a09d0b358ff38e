/**
 * The names and the marks of a saved picture: those of the screen, with plain attributes instead of a style sheet.
 */
import { drawnName, inkOf } from "../map/label.mjs";
import { namesIn } from "../map/names.mjs";

/**
 * @param {Shown} shown
 * @param {Frame} frame
 * @param {Theme} theme
 * @param {Inks} inks
 * @returns {SVGElement[]} the names, laid out anew for the frame, in a theme that may be another than the screen's
 */
export function named(shown, frame, theme, inks) {
  return namesIn(shown, frame).flatMap((name) => {
    const others = shown.dimmed && shown.bright.length > 0 && !name.clusters.some((label) => shown.bright.includes(label));
    const made = drawnName(name, inkOf({ ...shown, theme }, name), { theme, ...(others ? { opacity: "0.35" } : {}) });
    return made.map((one) => plain(one, namesLook(inks)));
  });
}

/**
 * @param {Inks} inks
 * @returns {Record<string, Record<string, string|number>>} attributes of the names, which have theirs on screen from a style sheet
 */
function namesLook({ ink, quiet, ground }) {
  const halo = { stroke: ground, "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke" };
  const words = { "font-weight": "bold", "dominant-baseline": "central", ...halo };
  return {
    name: { color: quiet },
    "cluster-name": { ...words, fill: ink },
    "region-name": { ...words, fill: quiet },
    numeral: { "text-anchor": "middle", "stroke-width": 0 },
    "name-bar": { stroke: ground, "stroke-width": 3, "paint-order": "stroke" },
    "name-line": { "stroke-width": 1.5 },
    "name-line-ground": { stroke: ground, "stroke-width": 4, opacity: 0.85 },
    "name-foot": { fill: ground, "stroke-width": 1.8 },
    "name-disc": { fill: ground, "stroke-width": 2 },
  };
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
  "focus-inner": { fill: "none", stroke: ground, "stroke-width": 1.5 },
  "focus-ticks": { stroke: ink, "stroke-width": 3 },
  "hit-mark": { stroke: ink, "stroke-width": 2 },
  "selection-outline": { fill: accent, "fill-opacity": 0.08, stroke: accent, "stroke-width": 1.8, "stroke-dasharray": "6 4" },
  weak: { fill: "none", "stroke-dasharray": "1.5 1.5", "stroke-opacity": 0.55 },
  back: { opacity: 0.35 },
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
