/**
 * The dots beside items and clusters in lists: always in the colours that are on the map.
 */
import { every, make, one } from "./dom.mjs";

/** Where the dot of a row stands that a column colours: at its value, at its score or at its name, never at its cluster's. */
const PLACES = [".card-value", ".card-foot .score", ".row-number"];

/** @type {((row: number) => string)|null} the colour of a row, where a column colours the map */
let colorOf = null;
/** @type {HTMLStyleElement|null} */
let sheet = null;

/**
 * Colour the dots of a region that was drawn anew, or of the page.
 * @param {ParentNode} [region]
 */
export function paintDots(region = document) {
  every(region, "[data-row].card, [data-row].point-card").forEach((card) => {
    const known = one(card, ".row-dot");
    if (colorOf === null) return known?.remove();
    const dot = known ?? make("span", "dot of-row row-dot");
    if (!known) PLACES.map((place) => one(card, place)).find(Boolean)?.prepend(dot);
    dot.style.background = colorOf(Number(card.dataset.row));
  });
}

/**
 * The map has other colours: those of its clusters by label and, where a column colours it, of its rows.
 * @param {string[]} clusters
 * @param {((row: number) => string)|null} rows
 */
export function setColors(clusters, rows) {
  colorOf = rows;
  if (!sheet) document.head.append((sheet = document.createElement("style")));
  sheet.textContent = `:root { ${clusters.map((color, label) => `--cluster-${label}: ${color};`).join(" ")} }`;
  document.documentElement.dataset.colored = rows ? "column" : "cluster";
  paintDots();
}
