/**
 * Selects: what is drawn or pressed becomes a part of the address, and that part a selection.
 */
import { LONGEST, go, here } from "../shell/address.mjs";
import { noUpdate, notify } from "../shell/dash.mjs";
import { inFull, isName, shortened } from "../shell/stash.mjs";
import { loadPoints } from "./points.mjs";
import { clustersText, rowsText, shapeOf, textOf } from "./selected_text.mjs";
import { labelsOf } from "./taken.mjs";

const ELSEWHERE =
  "the selection of this link is too long for an address: only the browser tab that made it has it. Ask for its CSV, or select again.";
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
 * Select the rows of clusters, as they are shown now.
 * @param {number[]} labels
 */
export const selectClusters = (labels) => selectText(clustersText(labels, here().take_in));

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
    notify(ELSEWHERE);
    return gone;
  }
  const points = await loadPoints(run).catch(() => null);
  const shape = points && (await shapeOf(full, points.n, (least) => labelsOf(run, least)).catch(() => null));
  if (mine !== sequence) return noUpdate();
  return shape ? { run, text, shape, own: isName(text) } : gone;
}
