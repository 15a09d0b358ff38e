/**
 * The dots beside items and clusters in lists: always in the colours that are on the map.
 */
import { every } from "./dom.mjs";

/** @type {((row: number) => string)|null} the colour of a row, where a column colours the map */
let colorOf = null;
/** @type {HTMLStyleElement|null} */
let sheet = null;

/**
 * Colour the dots of a region that was drawn anew, or of the page.
 * @param {ParentNode} [region]
 */
export function paintDots(region = document) {
  every(region, "[data-row] .chip .dot, .cards [data-row] .dot").forEach((dot) => {
    const of = dot.closest("[data-row]");
    dot.classList.toggle("of-row", colorOf !== null);
    dot.style.background = colorOf && of instanceof HTMLElement ? colorOf(Number(of.dataset.row)) : "";
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
