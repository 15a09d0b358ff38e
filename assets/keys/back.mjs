/**
 * Escape steps back, one step at a time: the search box, the light that was switched on last, then to the map, and there it
 * leaves the point.  Menus and dialogs close by themselves, before.
 */
import { onMap } from "../map/state.mjs";
import { go, here, pickBright } from "../shell/address.mjs";
import { setProps } from "../shell/dash.mjs";
import { byId, closest } from "../shell/dom.mjs";
import { say } from "../shell/say.mjs";
import { leaveSearch } from "../shell/searching.mjs";

/** @type {Record<string, {words: string, off: () => void}>} */
const LIGHTS = {
  picked: { words: "All colours are bright again.", off: () => pickBright() },
  hits: { words: "Left the search.", off: leaveSearch },
  selection: { words: "Left the selection.", off: () => go({ selected: null }) },
  cluster: { words: "Left the cluster.", off: () => go({ cluster: null }) },
  row: { words: "Left the point.", off: () => go({ row: null }) },
};

/** @returns {boolean} whether the focus went to the map */
function toMap() {
  const stop = byId("map-keys");
  if (!stop || !stop.offsetParent || document.activeElement === stop) return false;
  stop.focus({ preventScroll: true });
  return true;
}

/**
 * Empty the search box, or leave it when it is empty.
 * @param {HTMLInputElement} box
 */
function leaveBox(box) {
  if (!box.value) return toMap();
  setProps("search-box", { value: "" });
  return leaveSearch();
}

/** Take the last step back. */
function step() {
  const last = LIGHTS[onMap.recent[0]];
  if (last) {
    last.off();
    say(last.words);
    return;
  }
  const loose = document.activeElement === document.body || document.activeElement === byId("stage");
  if (!loose && toMap()) return;
  if (here().row === null) return;
  LIGHTS.row.off();
  say(LIGHTS.row.words);
}

/** @param {KeyboardEvent} event */
function followKey(event) {
  if (event.key !== "Escape" || event.defaultPrevented || closest(event, "dialog, [role=dialog]")) return;
  if (here().dataset !== null) return; // what would be left is of the map beneath, and unseen
  const box = closest(event, "#search-box");
  if (box) leaveBox(/** @type {HTMLInputElement} */ (box));
  else if (!closest(event, "input:not([type=range], [type=checkbox], [type=radio]), textarea")) step();
}

/** Listen to Escape. */
export const listen = () => document.addEventListener("keydown", followKey);
