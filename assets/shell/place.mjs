/**
 * Where the tab is: the address becomes a place, links and buttons change it, panels follow.
 * It asks the server nothing.
 */
import { MOST, go, goTo, here, parse, placeBy, searchOf } from "./address.mjs";
import * as changes from "./changes.mjs";
import { noUpdate, setStore, triggeredBy } from "./dash.mjs";
import { byId, closest, enable } from "./dom.mjs";
import { paintDots } from "./dots.mjs";
import { focusClusters, leaveFocus, markAgain } from "./focus.mjs";
import { tellAbove } from "./found.mjs";
import { PART_OF, inOrder, lampOf, tabOf } from "./lights.mjs";
import { addressed, choose, drawn, look, lookedAt, nameOf } from "./looking.mjs";
import { follow, refolded, reveal, toTop, uncover } from "./panels.mjs";
import { follows } from "./recut.mjs";
import { byKeyboard, redrawn } from "./refocus.mjs";
import { begin, ways } from "./steps.mjs";
import { isOthers, judgeAll, runOf, stamp } from "./whose.mjs";

const TITLE = "Embedding Explorer";
/** Where the tab was when its panel was chosen last. */
let before = parse("");
/** What the tab is called while nothing is looked at. */
let title = TITLE;
let folded = "data,library";
/** Whether the page has had no other place yet than the one that names nothing. */
let opens = true;
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
    goTo(placeBy(/** @type {HTMLAnchorElement} */ (link), isInList() ? tabOf(here()) : null));
  }
  const cluster = at("button[data-cluster]");
  if (cluster) focusClusters([Number(cluster.dataset.cluster)]);
  if (at("[data-leave-focus]")) leaveFocus();
  if (at("[data-clear-selection]")) go({ selected: null });
  if (at("[data-leave-preview]")) go({ dataset: null });
  const rejected = at("[data-rejected]");
  if (rejected) setStore("rejected-open", { dataset: rejected.dataset.rejected, n: Date.now() });
}

/**
 * Address → place; the run's key changes only with the run.
 * @param {string} search
 * @param {string|null} run
 */
export function place(search, run) {
  const next = parse(search);
  begin(next.run);
  judgeAll();
  addressed(next);
  if (opens && searchOf(next) === "") return [noUpdate(), noUpdate()]; // the page has it so
  opens = false;
  if (next.run === (run || null)) return [next, noUpdate()];
  entitle(TITLE);
  return [next, next.run];
}

/** @returns {boolean} whether somebody goes through a list by keyboard, which is to stay open then */
const isInList = () => byKeyboard() && document.activeElement !== null && document.activeElement.matches("#inspector a.card");

/**
 * Address → the tab that is open; what is asked brings the inspector over the map on a narrow window.
 * @param {Place|null} where
 * @param {string} current
 */
export function tab(where, current) {
  const at = where || parse("");
  const [front] = inOrder(at);
  const asked = front && (at.run !== before.run || at[PART_OF[front]] !== before[PART_OF[front]]);
  before = at;
  if (asked && !isInList()) reveal();
  const wanted = tabOf(at);
  return wanted === current ? noUpdate() : wanted;
}

/**
 * A tab is opened: the address says so, and what it tells of comes to the front.
 * @param {string} opened
 */
export function front(opened) {
  const at = here();
  const lamp = lampOf(opened);
  if (!at.run || opened === tabOf(at)) return;
  go({ tab: opened }, { asked: lamp && inOrder(at).includes(lamp) ? [lamp] : [], instead: true });
}

/** Signs that turn round what stands behind them in a line, see explorer/types/signs.py. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * @param {string} usual what the tab is called, unless something is looked at
 */
function entitle(usual) {
  title = usual;
  document.title = nameOf() ? `${nameOf().replace(TURNS, "\ufffd")} – ${TITLE}` : title;
}

/**
 * The preview's head was drawn: the tab is called after it.
 * @param {{props?: Record<string, any>}[]|null} head
 */
export function previewed(head) {
  drawn(head);
  entitle(title);
}

/**
 * What the page shows, as a class: start, busy or done, and which buttons make sense; and the dataset that is looked at.
 * @param {string|null} run
 * @param {Status|null} status
 * @param {View|null} view
 * @param {string|null} dataset
 * @param {string|null} [before] the dataset that was looked at
 * @returns {[string, unknown]}
 */
export function state(run, status, view, dataset, before = null) {
  const shown = shellOf(run, status, view, dataset);
  return [shown, lookedAt() === before ? noUpdate() : lookedAt()];
}

/**
 * @param {string|null} run
 * @param {Status|null} status
 * @param {View|null} view
 * @param {string|null} dataset
 * @returns {string} the class of the page
 */
function shellOf(run, status, view, dataset) {
  const { other: looks, begun } = look(run, status, dataset);
  const known = status && status.run === run ? status : null;
  const shown = known ? [known.name, known.title].filter(Boolean).join(" – ") : "";
  entitle(shown ? `${shown} – ${TITLE}` : TITLE);
  const other = looks ? " has-dataset" : "";
  if (begun) uncover();
  changes.follow({ run, dataset: looks || !known ? null : known.dataset, file: known ? known.file || known.name : "" });
  const name = status && status.run === run ? status.state : "loading";
  const same = view && (view.run === run || follows(view.run, run));
  const done = same && (name === "done" || (name === "loading" && view.run !== run));
  follow(run ? (done ? "done" : "busy") : "start", run || "");
  if (!run) return `shell is-start${other}`;
  const moving = ["queued", "running"].includes(name) ? " can-cancel" : "";
  const resumable = ["failed", "cancelled", "interrupted"].includes(name) ? " can-resume" : "";
  const whole = known && known.noise === 0 ? " is-all-in" : "";
  return `shell ${done ? "is-done" : "is-busy"}${moving}${resumable}${whole}${other} run-${name}`;
}

/** @returns {boolean} whether the list of what could not be read is open: no longer, since another dataset is chosen */
export const leaveRejected = () => false;

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
  refolded(open);
  toTop();
  return open;
}

/**
 * Put a region's text, which the server has escaped, into its element; what was made for another run than the one that the
 * address names by now takes nothing away.
 * @param {string|null} markup
 * @param {string} id
 */
export function fill(markup, id) {
  const region = byId(id);
  const of = runOf(markup);
  if (region && isOthers(of, here().run) && region.dataset.loading === undefined) return;
  if (region) stamp(region, of);
  const changed = region && region.innerHTML !== markup;
  if (changed) redrawn(region, () => (region.innerHTML = markup || ""));
  if (region && id === "clusters") markAgain();
  if (region) paintDots(region);
  if (region && changed && id === "cluster-detail") tellAbove(region);
  if (region && id === "point") showBeginning(region);
  if (!region || id !== "point") return;
  changes.markPoint();
  region.dispatchEvent(new Event("filled", { bubbles: true }));
}

/**
 * Have the beginning of another row in sight, with the buttons above it: whoever came by a card far below, or had a part of
 * the row before in the middle, would see the middle of the new row only.
 * @param {HTMLElement} region
 */
function showBeginning(region) {
  const { row } = parse(window.location.search);
  if (row === told) return;
  told = row;
  region.closest(".tab-body")?.scrollTo(0, 0);
}

/**
 * The settings follow the run that is opened, once.
 * @param {Status|null} status
 */
export function chooseDataset(status) {
  return choose(status) ?? noUpdate();
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

/** Offer the way back and the way forward where they lead to the same map, and not out of it. */
function offerWays() {
  const { back, forward } = ways(here().run);
  Object.entries({ "point-back": back, "point-forward": forward }).forEach(([id, there]) => {
    const button = byId(id);
    if (button) enable(button, there);
  });
}

/**
 * Back and forward in the browser's own history.
 * @param {number|null} back
 * @param {number|null} forward
 */
export function walk(back, forward) {
  if (!back && !forward) return;
  const there = ways(here().run);
  const way = triggeredBy() === "point-back" ? "back" : "forward";
  if (there[way]) window.history[way]();
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
 * The run that is on the map, of its view.
 * @param {View|null} view
 */
export const shown = (view) => (view ? view.run : null);

/** Follow links and buttons that come and go: one listener for all of them. */
export function listen() {
  document.addEventListener("click", followClick);
  window.addEventListener("popstate", offerWays);
  document.addEventListener("filled", offerWays);
}
