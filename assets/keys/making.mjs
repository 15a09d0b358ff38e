/**
 * Makes hits, the clusters in focus, or the rows that were placed on a map, a selection: a press of a button does what a lasso
 * does.
 */
import { selectClusters, selectRows } from "../map/selecting.mjs";
import { unpacked } from "../map/selected.mjs";
import { onMap } from "../map/state.mjs";
import { notify } from "../shell/dash.mjs";
import { byId, closest } from "../shell/dom.mjs";
import { byKeyboard } from "../shell/refocus.mjs";
import { say } from "../shell/say.mjs";
import { fetched, runUrl, sentenceOf } from "../shell/server.mjs";

/**
 * @param {DOMStringMap} button says what it stands for: rows or labels, which the map may still be about to light
 * @returns {Uint8Array} 1 for the rows that are meant
 */
function maskOf({ select, of }) {
  const { points } = onMap;
  const meant = new Set(String(of).split(",").map(Number));
  return Uint8Array.from({ length: points.n }, (_, row) => (meant.has(select === "hits" ? row : points.label[row]) ? 1 : 0));
}

/** @returns {Uint8Array} 1 for all rows that have the exact words of the search, which lights them */
function maskOfAll() {
  const { points, shown } = onMap;
  return unpacked(shown?.hits?.rows ?? "", points.n);
}

/** Select the rows that were placed on the map on screen, which the server knows. */
async function selectPlaced() {
  const { run } = onMap.view;
  try {
    const { rows, count } = await (await fetched(runUrl(run, "placed"))).json();
    if (!onMap.view || onMap.view.run !== run) return;
    selectRows(unpacked(rows, onMap.points.n));
    told(count);
  } catch (error) {
    notify(sentenceOf(error));
  }
}

/** @param {number} count */
const told = (count) => say(`${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"} selected.`);

/** @param {Event} event */
function follow(event) {
  const pressed = closest(event, "[data-select]");
  if (!pressed || !onMap.view) return;
  if (pressed.dataset.select === "placed") return void selectPlaced();
  const mask = pressed.dataset.select === "having" ? maskOfAll() : maskOf(pressed.dataset);
  const seen = byKeyboard();
  const { select, of } = pressed.dataset;
  const kept = select === "clusters" && onMap.view.cut === undefined; // else they are those of a cut that is tried
  if (kept) selectClusters(String(of).split(",").map(Number), mask);
  else selectRows(mask);
  told(mask.reduce((sum, one) => sum + one, 0));
  if (seen) byId("tab-selection").focus(); // the button's own tab goes
}

/** Listen to the buttons. */
export const listen = () => document.addEventListener("click", follow);
