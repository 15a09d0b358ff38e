/**
 * Makes hits, or the clusters in focus, a selection: a press of a button does what a lasso does.
 */
import { ofRows } from "../map/selected.mjs";
import { onMap } from "../map/state.mjs";
import { setStore } from "../shell/dash.mjs";
import { byId, closest } from "../shell/dom.mjs";
import { byKeyboard } from "../shell/refocus.mjs";
import { say } from "../shell/say.mjs";

/**
 * @param {string} what
 * @returns {Uint8Array} 1 for the rows that are meant
 */
function maskOf(what) {
  const { points, shown } = onMap;
  const mask = new Uint8Array(points.n);
  if (what === "hits" && shown.hits) shown.hits.hits.forEach(({ row }) => (mask[row] = 1));
  if (what === "clusters") points.label.forEach((label, row) => (mask[row] = shown.focus.includes(label) ? 1 : 0));
  return mask;
}

/** @param {Event} event */
function follow(event) {
  const pressed = closest(event, "[data-select]");
  if (!pressed || !onMap.shown) return;
  const mask = maskOf(String(pressed.dataset.select));
  const seen = byKeyboard();
  setStore("selection", { run: onMap.view.run, shape: ofRows(mask) });
  say(`${mask.reduce((sum, one) => sum + one, 0).toLocaleString("en")} rows selected.`);
  if (seen) byId("tab-selection").focus(); // the button's own tab goes
}

/** Listen to the buttons. */
export const listen = () => document.addEventListener("click", follow);
