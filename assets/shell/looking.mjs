/**
 * The dataset that is looked at before it becomes a map, over the map that is on screen or instead of one.  The address
 * names it: the way back leads from it, a reload to it.  It shows nothing itself.
 */
import { go, here } from "./address.mjs";
import { setStore, storeOf } from "./dash.mjs";
import { byId } from "./dom.mjs";
import { overDataset } from "./notices.mjs";

/** @type {{at: string|null}} the dataset that is looked at */
const looked = { at: null };
/** @type {{run: string|null, dataset: string|null}} the dataset that was chosen when this run was opened */
const chosen = { run: null, dataset: null };
/** @type {{run: string|null}} the run whose dataset was chosen */
const opened = { run: null };
/** @type {{run: string|null, own: string|null}} the run on screen and its dataset */
const screen = { run: null, own: null };
/** @type {{dataset: string|null, name: string}} what the preview on screen is of */
const preview = { dataset: null, name: "" };

/** @returns {string|null} the dataset that is looked at */
export const lookedAt = () => looked.at;

/**
 * @param {Place} next
 * @returns {string|null|undefined} the dataset that a place chooses; undefined: the one of its run, once that is known
 */
function wantedBy(next) {
  if (next.dataset || !next.run) return next.dataset;
  return next.run === chosen.run ? chosen.dataset : undefined;
}

/**
 * The address has changed: look at what it names, or no longer.
 * @param {Place} next
 */
export function addressed(next) {
  const wanted = next.dataset === looked.at ? undefined : wantedBy(next);
  if (wanted !== undefined) setStore("chosen-dataset", wanted);
}

/**
 * @param {string|null} run
 * @param {string|null} own the dataset of the run on screen, once it is known
 * @param {string|null} dataset
 * @returns {boolean} whether a dataset was chosen that is not the one of the run on screen: it is looked at first
 */
function isOther(run, own, dataset) {
  if (run !== chosen.run || (own && dataset === own)) Object.assign(chosen, { run, dataset: run || chosen.run ? dataset : null });
  if (own && dataset !== own && dataset === here().dataset) chosen.dataset = own;
  if (own && dataset === own && here().dataset === own) return true; // it is asked for by its name
  return Boolean(dataset) && dataset !== chosen.dataset && (!run || Boolean(own));
}

/**
 * Look at the dataset that is chosen, unless it is that of the map on screen, and have the address say so.
 * @param {string|null} run
 * @param {Status|null} status
 * @param {string|null} dataset
 * @returns {{other: boolean, begun: boolean}} whether one is looked at, and whether that begins now
 */
export function look(run, status, dataset) {
  if (!run && chosen.run) {
    // The start page begins anew, but for what is looked at: the map was deleted meanwhile.
    if (dataset && dataset === here().dataset) Object.assign(chosen, { run: null, dataset: null });
    else setStore("chosen-dataset", null);
  }
  const own = status && status.run === run ? status.dataset : null;
  Object.assign(screen, { run, own });
  const other = isOther(run, own, dataset);
  const before = looked.at;
  looked.at = other ? dataset : null;
  overDataset(looked.at ?? own);
  const named = here().dataset;
  // What is read in another way is in place of how it was read before; what was dropped meanwhile is not.
  const arrived = storeOf("uploaded")?.dataset === dataset;
  const reading = /** @type {HTMLDetailsElement|null} */ (byId("choices"));
  if (reading && other && dataset !== before && (before === null || arrived)) reading.open = false; // that was another's
  if (other && dataset !== before && named !== dataset) go({ dataset }, { instead: before !== null && !arrived });
  if (!other && named && named === before) go({ dataset: null }, { instead: true });
  return { other, begun: other && dataset !== before };
}

/**
 * A dataset is asked for by its name: where it is that of the map on screen, it is looked at over that, as any other would be;
 * where another one is looked at, the way back leads to that.
 * @param {string} dataset
 */
export function lookAt(dataset) {
  if ((dataset === screen.own && screen.run === here().run) || looked.at !== null) go({ dataset });
}

/**
 * The settings follow the run that is opened, once, unless the address names another dataset to look at.
 * @param {Status|null} status
 * @returns {string|null} the dataset to choose; null: the one that is chosen
 */
export function choose(status) {
  if (!status || !status.dataset || status.run === opened.run) return null;
  opened.run = status.run;
  const { dataset } = here();
  if (!dataset) return status.dataset;
  Object.assign(chosen, { run: status.run, dataset: status.dataset });
  return dataset;
}

/**
 * The preview's head was drawn: what it is of.
 * @param {{props?: Record<string, any>}[]|null} head
 */
export function drawn(head) {
  const { title = "", "data-dataset": dataset = null } = head?.[0]?.props ?? {};
  Object.assign(preview, { dataset, name: title });
}

/** @returns {string} the name of what is looked at; "" for nothing, or while it is not known */
export const nameOf = () => (looked.at !== null && preview.dataset === looked.at ? preview.name : "");
