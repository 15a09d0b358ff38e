/**
 * What a hand does about uploads: presses, drags and drops, anywhere on the page.  A drop on the search box is left to the
 * search.
 */
import { closest } from "../shell/dom.mjs";
import { areUnderWay } from "./batches.mjs";
import { dropped, pick, zone } from "./choosing.mjs";
import { pressed as pressedEarly } from "./early.mjs";
import { sendPasted } from "./pasting.mjs";
import { release } from "./resuming.mjs";
import { goOnWithAll } from "./sending.mjs";
import { curtain } from "./view.mjs";

const SEARCH = "[data-image-query], #search-zone";
let ownDrag = false;

/** @param {DragEvent} given */
function carriesFiles({ dataTransfer }) {
  return !ownDrag && dataTransfer !== null && Array.from(dataTransfer.types).includes("Files");
}

/** @param {Event} event */
const belongsToSearch = (event) => closest(event, SEARCH) !== null;

/** @param {Event} event */
function pressed(event) {
  const press = closest(event, "[data-upload-pick], [data-paste-endpoint]");
  if (press === null) return;
  if (press.dataset.uploadPick) pick(press.dataset.uploadPick, press.dataset.uploadTo);
  else void sendPasted(/** @type {HTMLButtonElement} */ (press));
}

/** @param {DragEvent} event */
function entered(event) {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  curtain(zone() !== null && !belongsToSearch(event));
}

/** @param {DragEvent} event */
function over(event) {
  if (!carriesFiles(event)) return;
  event.preventDefault(); // else the browser opens the file in place of the page
  const ours = zone() !== null && !belongsToSearch(event);
  curtain(ours);
  if (ours && event.dataTransfer) event.dataTransfer.dropEffect = "copy";
}

/** @param {DragEvent} event */
function left(event) {
  if (event.relatedTarget === null) curtain(false); // out of the window
}

/** @param {DragEvent} event */
function fell(event) {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  if (!belongsToSearch(event) && zone() !== null && event.dataTransfer) void dropped(event.dataTransfer);
}

/** @param {Event} event */
function leaving(event) {
  if (areUnderWay()) event.preventDefault();
}

/** Listen to the whole page: a zone may come and go. */
export function listen() {
  /** @param {boolean} own */
  const drags = (own) => () => {
    ownDrag = own;
  };
  document.addEventListener("click", pressed);
  document.addEventListener("click", pressedEarly);
  document.addEventListener("dragstart", drags(true));
  document.addEventListener("dragend", drags(false));
  document.addEventListener("pointermove", drags(false)); // none comes during a drag
  document.addEventListener("dragenter", entered);
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", left);
  document.addEventListener("drop", fell);
  window.addEventListener("drop", () => curtain(false), true); // even when the search keeps it
  window.addEventListener("beforeunload", leaving);
  window.addEventListener("pagehide", release);
  window.addEventListener("online", goOnWithAll);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") goOnWithAll(); // a laptop was opened
  });
}
