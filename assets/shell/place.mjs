/**
 * Where the tab is: the address becomes a place, links and buttons change it, panels follow.
 * It asks the server nothing.
 */
import { MOST, go, parse, pickBright, searchBy } from "./address.mjs";
import { noUpdate, setProps, setStore, triggeredBy } from "./dash.mjs";
import { byId, closest } from "./dom.mjs";
import { focusClusters, markAgain } from "./focus.mjs";
import { follows } from "./recut.mjs";

const TITLE = "Embedding Explorer";
/** @type {{row: number|null}} */
const tabs = { row: null };
/** @type {string|null} the run whose dataset was chosen */
let chosenFor = null;
let folded = "data,library";
/** @type {number|null} the row whose text the page shows */
let told = null;

/**
 * Links and buttons that come and go: one listener for all of them.
 * @param {MouseEvent} event
 */
function followClick(event) {
  const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  /** @param {string} selector */
  const at = (selector) => closest(event, selector);
  const link = at("a[data-place]");
  if (link && plain) {
    event.preventDefault();
    setProps("url", { search: searchBy(/** @type {HTMLAnchorElement} */ (link)) });
  }
  const cluster = at("button[data-cluster]");
  if (cluster) focusClusters([Number(cluster.dataset.cluster)]);
  if (at("[data-leave-focus]")) setStore("cluster-focus", null);
  if (at("[data-clear-selection]")) setStore("selection", null);
  const rejected = at("[data-rejected]");
  if (rejected) setStore("rejected-open", { dataset: rejected.dataset.rejected, n: Date.now() });
}

/**
 * Escape leaves the selection, the focused clusters, the search and the picked categories.
 * @param {KeyboardEvent} event
 */
function followKey(event) {
  if (event.key !== "Escape" || closest(event, "input, textarea, [role=dialog]")) return;
  ["selection", "cluster-focus", "hits"].forEach((id) => setStore(id, null));
  pickBright();
}

/**
 * Address → place; the run's key changes only with the run.
 * @param {string} search
 * @param {string|null} run
 */
export function place(search, run) {
  const next = parse(search);
  return [next, next.run === (run || null) ? noUpdate() : next.run];
}

/**
 * Open the tab that shows what was just done; an answer that comes late opens none.
 * @param {Place|null} where
 * @param {unknown} cluster
 * @param {unknown} selection
 * @param {number|null} searches
 * @param {string} current
 */
export function tab(where, cluster, selection, searches, current) {
  const by = triggeredBy();
  const row = where ? where.row : null;
  const moved = row !== null && row !== tabs.row;
  tabs.row = row;
  if (by === "search-box" && searches) return "search";
  if (by === "cluster-focus" && cluster) return "clusters";
  if (by === "selection" && selection) return "selection";
  return by === "place" && moved ? "point" : current;
}

/**
 * What the page shows, as a class: start, busy or done, and which buttons make sense.
 * @param {string|null} run
 * @param {Status|null} status
 * @param {View|null} view
 * @param {string|null} dataset
 */
export function state(run, status, view, dataset) {
  const shown = status && status.run === run ? status.name : "";
  document.title = shown ? `${shown} – ${TITLE}` : TITLE;
  if (!run) return `shell is-start${dataset ? " has-dataset" : ""}`;
  const name = status && status.run === run ? status.state : "loading";
  const same = view && (view.run === run || follows(view.run, run));
  const done = same && (name === "done" || (name === "loading" && view.run !== run));
  const moving = ["queued", "running"].includes(name) ? " can-cancel" : "";
  const resumable = ["failed", "cancelled", "interrupted"].includes(name) ? " can-resume" : "";
  return `shell ${done ? "is-done" : "is-busy"}${moving}${resumable} run-${name}`;
}

/**
 * Which parts of the side are open: what the next step needs.
 * @param {string|null} run
 * @param {string|null} dataset
 * @param {Status|null} status
 */
function openFolds(run, dataset, status) {
  const shown = status && status.run === run ? status.dataset : null;
  if (run && (!dataset || !shown || dataset === shown)) return ["settings", "library"];
  return dataset ? ["data", "settings"] : ["data", "library"];
}

/**
 * Open them when the step changes, and leave alone what the user folds in between.
 * @param {string|null} run
 * @param {string|null} dataset
 * @param {Status|null} status
 */
export function folds(run, dataset, status) {
  const open = openFolds(run, dataset, status);
  if (open.join() === folded) return noUpdate();
  folded = open.join();
  return open;
}

/**
 * Put a region's text, which the server has escaped, into its element.
 * @param {string|null} markup
 * @param {string} id
 */
export function fill(markup, id) {
  const region = byId(id);
  if (region && region.innerHTML !== markup) region.innerHTML = markup || "";
  if (region && id === "clusters") markAgain();
  if (region && id === "point") showBeginning(region);
}

/**
 * Have another row's text in sight: whoever came by a card far below it would see the cards of the new row only.
 * @param {HTMLElement} region
 */
function showBeginning(region) {
  const { row } = parse(window.location.search);
  if (row === told) return;
  told = row;
  const body = region.closest(".tab-body");
  const above = Math.max(0, body ? body.getBoundingClientRect().top : 0);
  if (region.getBoundingClientRect().top < above) region.scrollIntoView({ block: "start" });
}

/**
 * Another run: what was searched, focused and selected before does not belong to it.
 * @param {string|null} run
 * @param {View|null} view
 */
export const forget = (run, view) => (follows(view && view.run, run) ? [noUpdate(), null, null] : [null, null, null]);

/**
 * The settings follow the run that is opened, once.
 * @param {Status|null} status
 */
export function chooseDataset(status) {
  if (!status || !status.dataset || status.run === chosenFor) return noUpdate();
  chosenFor = status.run;
  return status.dataset;
}

/**
 * The fields' number and metric → address.
 * @param {number|string|null} k
 * @param {string} metric
 */
export function neighborsBy(k, metric) {
  if (parse(window.location.search).row === null) return;
  const wanted = typeof k === "number" && Number.isInteger(k) && k >= 1 ? { k: Math.min(k, MOST), metric } : { metric };
  go(wanted);
}

/**
 * Address → the fields' number and metric.
 * @param {Place} where
 * @param {unknown} k
 * @param {string} metric
 */
export function showNeighborsBy(where, k, metric) {
  const same = noUpdate();
  return [where.k === k ? same : where.k, where.metric === metric ? same : where.metric];
}

/**
 * Back and forward in the browser's own history.
 * @param {number|null} back
 * @param {number|null} forward
 */
export function walk(back, forward) {
  if (!back && !forward) return;
  if (triggeredBy() === "point-back") window.history.back();
  else window.history.forward();
}

/**
 * Show the fields that the choices call for.
 * @param {string} encoder
 * @param {boolean} seeded
 * @param {string} method how clusters are found
 */
export function settingsClass(encoder, seeded, method) {
  return `form${encoder === "other" ? " with-other" : ""}${seeded ? "" : " without-seed"} by-${method}`;
}

/**
 * Notice → notification.
 * @param {{text: string, kind: string}|null} given
 */
export function notice(given) {
  if (!given || !given.text) return noUpdate();
  const error = given.kind === "error";
  return [
    {
      action: "show",
      id: `notice-${Date.now()}`,
      message: given.text,
      title: error ? "That did not work" : undefined,
      color: error ? "red" : "indigo",
      withBorder: true,
    },
  ];
}

/**
 * The run that is on the map, of its view.
 * @param {View|null} view
 */
export const shown = (view) => (view ? view.run : null);

/** Follow links and buttons that come and go: one listener for all of them. */
export function listen() {
  document.addEventListener("click", followClick);
  document.addEventListener("keydown", followKey);
}
