/**
 * What a saved picture says of its run in a line.
 */
import * as arrangements from "../map/arrangements.mjs";

/** @type {Record<string, string>} */
const METHODS = { umap: "neighbours side by side", pca: "main directions", disc: "all rows the same" };

/**
 * @param {Points} points
 * @param {Status} status
 * @returns {string[]} how the map was made and how far to trust it; of another arrangement, which it is
 */
function madeOf({ arrangement }, { projection, trustworthiness: trust }) {
  if (arrangement) return [arrangements.titleOf(arrangement)];
  return [METHODS[projection] || projection, trust === null ? "" : `${Math.round(100 * trust)} % faithful`];
}

/**
 * @param {Scene} scene
 * @param {number} inView
 * @param {Status} status
 * @returns {string} what the picture shows, in a line: rows, clusters, how the map was made and how far to trust it
 */
export function factsOf({ points, view, mask }, inView, status) {
  /**
   * @param {number} number
   * @param {string} one
   */
  const count = (number, one) => `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;
  const noise = points.label.reduce((sum, label) => sum + (label < 0 ? 1 : 0), 0);
  const lit = mask ? mask.reduce((sum, one) => sum + one, 0) : 0;
  const all = points.grid.rows.length;
  return [
    inView < all ? `${inView.toLocaleString("en")} of ${count(all, "row")} in view` : count(all, "row"),
    mask ? `${lit.toLocaleString("en")} bright` : "",
    count(view.clusters.length, "cluster"),
    noise ? `${((100 * noise) / points.n).toPrecision(2)} % in no cluster` : "",
    ...madeOf(points, status),
  ]
    .filter(Boolean)
    .join(" · ");
}
