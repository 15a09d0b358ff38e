/**
 * A large upload is looked at before it is read: its first rows are on the page while the server reads it, and to explore
 * it can be asked for at once.
 */
import { setStore } from "../shell/dash.mjs";
import { closest, one } from "../shell/dom.mjs";
import { told } from "./batches.mjs";
import { askJson } from "./talking.mjs";

/** Bytes from which reading takes so long that a look is worth a question of its own. */
const LARGE = 24 * 2 ** 20;
/** How long reading waits for it: whoever looks has the process that is ready, and gives it back. */
const PATIENCE_MS = 4000;
const SHOWN_MS = 20000;
/** @type {string|null} the upload that is on the page */
let shown = null;

/** @param {number} milliseconds */
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * @param {{to: string, files: {file: {size: number}}[]}} batch
 * @returns {boolean} whether it is looked at before it is read
 */
export const isLarge = ({ to, files }) => to === "" && files.reduce((sum, { file }) => sum + file.size, 0) >= LARGE;

/**
 * Show the first rows of a batch that is here; return when they are there, or take too long.
 * @param {Batch} batch
 */
export async function lookAt(batch) {
  if (isLarge(batch)) await Promise.race([look(batch), wait(PATIENCE_MS)]);
}

/** @param {Batch} batch */
async function look(batch) {
  const { id } = batch;
  try {
    await askJson(batch, "GET", `${batch.endpoint}/${id}/preview`);
  } catch {
    return; // who reads it says why it cannot be read
  }
  if (batch.state !== "reading" || batch.id !== id) return;
  shown = id;
  setStore("upload-look", { upload: id });
  told.speak("The first rows are shown while the files are read.");
}

/**
 * Leave it: it became a dataset, whose preview takes its place, or nothing.
 * @param {Batch} batch
 * @param {string} [dataset]
 */
export async function leave(batch, dataset = "") {
  if (shown === null || shown !== batch.id) return;
  const explore = isAsked();
  if (dataset) await appears(`.preview-name[data-dataset="${CSS.escape(dataset)}"]`);
  if (shown !== batch.id && shown !== null) return; // another one is looked at meanwhile
  hide();
  if (!dataset || !explore) return;
  const press = await appears("#explore:not([disabled], [data-disabled])");
  if (press) press.click();
}

function hide() {
  shown = null;
  setStore("upload-look", null);
}

const isAsked = () => one(document, "[data-explore-when-read][aria-pressed=true]") !== null;

/**
 * @param {string} selector
 * @returns {Promise<HTMLElement|null>} the element when it is on the page; null where it does not come
 */
function appears(selector) {
  return new Promise((resolve) => {
    const found = () => one(document, selector);
    if (found()) return void resolve(found());
    const watch = new MutationObserver(() => found() && end());
    const timer = setTimeout(() => end(), SHOWN_MS);
    const end = () => (watch.disconnect(), clearTimeout(timer), resolve(found()));
    watch.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-dataset", "disabled", "data-disabled"] });
  });
}

/**
 * A press on what the look offers.
 * @param {Event} event
 */
export function pressed(event) {
  const wanted = closest(event, "[data-explore-when-read]");
  if (wanted) {
    const on = wanted.getAttribute("aria-pressed") !== "true";
    wanted.setAttribute("aria-pressed", String(on));
    wanted.textContent = on ? "Explores when it is read" : "Explore when it is read";
  }
  if (closest(event, "[data-leave-look]")) hide();
}
