/**
 * The clusters in focus: one, or several that have a name together.
 */
import { setStore } from "./dash.mjs";
import { every } from "./dom.mjs";

/** @type {number[]} */
let focus = [];

/**
 * Focus a cluster, or several that have a name together, or leave them when they are in focus.
 * @param {number[]} labels
 * @param {string|null} [name]
 */
export function focusClusters(labels, name = null) {
  setStore("cluster-focus", labels.join() === focus.join() ? null : { labels, name });
}

/** Leave the clusters in focus, if any are. */
export function leaveFocus() {
  if (focus.length) setStore("cluster-focus", null);
}

/**
 * Mark the focused clusters' rows in the list.
 * @param {number[]} labels
 */
export function markFocus(labels) {
  focus = labels;
  every(document, ".cluster-row").forEach((row) => {
    row.setAttribute("aria-pressed", String(focus.includes(Number(row.dataset.cluster))));
  });
}

/** Mark them again, where the list was drawn anew. */
export const markAgain = () => markFocus(focus);
