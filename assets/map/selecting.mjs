/**
 * Selects: what is drawn or pressed becomes a part of the address, and that part a selection.
 */
import { LONGEST, go, here } from "../shell/address.mjs";
import { noUpdate, notify } from "../shell/dash.mjs";
import { inFull, isName, missing, shortened } from "../shell/stash.mjs";
import { loadPoints } from "./points.mjs";
import { clustersText, rowsText, shapeOf, textOf } from "./selected_text.mjs";
import { onMap } from "./state.mjs";
import { labelsOf } from "./taken.mjs";

const SHORT = 600;
let sequence = 0;

/**
 * @param {string} text a selection as an address has it
 */
const selectText = (text) => go({ selected: shortened(text, LONGEST.selected) }, { asked: ["selection"] });

/**
 * @param {Shape} shape
 * @param {Points} points
 */
export const selectShape = (shape, points) => selectText(textOf(shape, points.n, LONGEST.selected));

/**
 * Select rows.
 * @param {Uint8Array} mask 1 for those that are meant
 */
export const selectRows = (mask) => selectText(rowsText(mask));

/**
 * Select the rows of clusters, as they are shown now: as rows, which another map of the file has too, or where that is long as
 * those of clusters.
 * @param {number[]} labels
 * @param {Uint8Array} mask 1 for their rows
 */
export function selectClusters(labels, mask) {
  const rows = rowsText(mask);
  const clusters = clustersText(labels, here().take_in);
  selectText(rows.length <= SHORT || clusters.length > LONGEST.selected ? rows : clusters);
}

/**
 * @returns {string|null} the selection, as a run with other clusters has it too
 */
export function lastingSelection() {
  const { selected } = here();
  if (!selected || !selected.startsWith("clusters_")) return selected;
  const now = onMap.shown && onMap.shown.selection;
  const known = now && now.text === selected;
  return known ? shortened(textOf(now.shape, onMap.points.n, LONGEST.selected), LONGEST.selected) : null;
}

/**
 * Address → selection, of the run that is on the map.
 * @param {Place} place
 * @param {View|null} view
 * @param {Selected|null} before
 * @returns {Promise<unknown>}
 */
export async function selection(place, view, before) {
  const mine = ++sequence;
  const { run, selected: text } = place;
  const gone = before ? null : noUpdate();
  if (!text || !view || view.run !== run) return gone;
  if (before && before.run === run && before.text === text) return noUpdate();
  const full = inFull(text);
  if (full === null) {
    notify(missing("The selection"), "info");
    go({ selected: null }, { instead: true });
    return gone;
  }
  const points = await loadPoints(run).catch(() => null);
  const shape = points && (await shapeOf(full, points.n, (least) => labelsOf(run, least)).catch(() => null));
  if (mine !== sequence) return noUpdate();
  return shape ? { run, text, shape, own: isName(text) } : gone;
}
