/**
 * What a saved picture says of its run in a line.
 */
import * as arrangements from "../map/arrangements.mjs";

/**
 * @param {number} share
 * @returns {string} a share as the server writes it: below ten per cent with a digit behind the point
 */
const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

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
    noise ? `${percent(noise / points.n)} in no cluster` : "",
    ...madeOf(points, status),
  ]
    .filter(Boolean)
    .join(" · ");
}

// eslint-disable-next-line no-control-regex -- control characters are among what file systems refuse
const UNSAFE = /[\u0000-\u001f\u007f<>:"/\\|?*]+/g;
/** As the server has it for its downloads: also where a version's number or a part's size follows. */
const ENDING = /(?<=.)\.[a-z][a-z0-9]{1,6}(?:\.(?:gz|zip|bz2|xz|zst))?(?=$|, version \d{1,9}$| \([\d,]{1,15} of )/i;
const LONGEST = 120;

/**
 * @param {string} run what a run is called
 * @param {string} format
 * @returns {string} what its picture is called as a file: after the run without the ending of its file, as other downloads are,
 *   and without what a file system refuses
 */
export function fileName(run, format) {
  const name = run.replace(ENDING, "").replace(UNSAFE, "_").slice(0, LONGEST).replace(/^\.+|[. ]+$/g, "");
  return `${name || "map"}-map.${format}`;
}
