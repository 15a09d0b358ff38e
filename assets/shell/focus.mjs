/**
 * The clusters in focus: one, or several that have a name together.
 */
import { LONGEST, go, here } from "./address.mjs";
import { noUpdate, notify } from "./dash.mjs";
import { every } from "./dom.mjs";
import { inFull, missing, shortened } from "./stash.mjs";

/** @type {number[]} */
let focus = [];

/**
 * Focus a cluster, or several that have a name together, or leave them when they are in focus.
 * @param {number[]} labels
 */
export function focusClusters(labels) {
  const wanted = shortened(labels.join("."), LONGEST.cluster);
  if (here().cluster === wanted) leaveFocus();
  else go({ cluster: wanted });
}

/** Leave the clusters in focus, if any are. */
export const leaveFocus = () => go({ cluster: null });

/**
 * Address → clusters in focus, with the name that several have together; those that this run does not have are left out.
 * @param {Place} place
 * @param {View|null} view
 * @param {{run: string, labels: number[]}|null} before
 * @returns {unknown}
 */
export function focused({ run, cluster }, view, before) {
  const there = Boolean(cluster && view && view.run === run);
  const text = there ? inFull(cluster || "") : null;
  if (there && text === null) {
    notify(missing("The group of clusters"), "info");
    go({ cluster: null }, { instead: true });
  }
  const known = (view ? view.clusters : []).map((one) => one.cluster);
  const labels = text ? text.split(".").map(Number).filter((label) => label === -1 || known.includes(label)) : [];
  if (!labels.length) return before ? null : noUpdate();
  if (before && before.run === run && before.labels.join() === labels.join()) return noUpdate();
  const group = view && view.levels.flat().find(({ clusters }) => clusters.join() === labels.join());
  return { run, labels, name: group ? group.name : null };
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
