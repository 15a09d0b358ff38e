/**
 * What is done on one of two maps is seen on both: a row is chosen, something is searched for, rows are selected, colours
 * change.  Maps draw themselves (pane.mjs, marks.mjs), words are written in panel.mjs.
 */
import { PALE } from "../map/colors.mjs";
import { byId, make } from "../shell/dom.mjs";
import { runUrl, sentenceOf } from "../shell/server.mjs";
import { BY_FIRST, BY_SECOND, COLUMN, coloringOf, legendOf } from "./coloring.mjs";
import { jsonOf } from "./given.mjs";
import { mark, middlesOf } from "./marks.mjs";
import { frame, paint } from "./pane.mjs";
import { hitSection, rowSection, selectionSection, waitSection, wordsOf } from "./panel.mjs";

const [HITS, ASIDE, MOST_CLUSTERS] = [20, 14, 4];

/** @returns {Theme} */
const themeNow = () => (document.documentElement.dataset.mantineColorScheme === "dark" ? "dark" : "light");

/**
 * Draw both maps anew before the next picture.
 * @param {BesidePage} page
 */
export function redraw(page) {
  cancelAnimationFrame(page.frame);
  page.frame = requestAnimationFrame(() => {
    const { panes, coloring, mask, shown } = page;
    panes.forEach((pane, side) => {
      paint(pane, coloring, mask, PALE[themeNow()]);
      mark(pane, shown, side);
    });
  });
}

/**
 * Write what is chosen into the address, so that it can be sent and loaded again.
 * @param {BesidePage} page
 */
function keep({ choice, shown, query }) {
  const given = new URLSearchParams();
  if (choice !== BY_FIRST) given.set("color", choice);
  if (shown.focus >= 0) given.set("row", String(shown.focus));
  if (query) given.set("q", query);
  window.history.replaceState(null, "", given.size ? `?${given}` : window.location.pathname);
}

/**
 * @param {BesidePage} page
 * @returns {BesideShown["names"]} the names of the clusters that colour the maps, where these are on each; else the first's
 */
function namesOn({ both, choice }) {
  const side = choice === BY_SECOND ? 1 : 0;
  const { clusters } = both.clusters[side];
  return both.points.map((points) =>
    middlesOf(points, both.labels[side], clusters.length).map(({ label, x, y }) => ({ words: clusters[label].name, x, y })),
  );
}

/**
 * Show what the colours mean.
 * @param {BesidePage} page
 */
function showLegend({ both, given, choice, column }) {
  const { ramp, ends, names, more } = legendOf(both, given, { choice, column, theme: themeNow() });
  const parts = names.map(({ words, color }) => {
    const line = make("li", "");
    const dot = make("span", "beside-dot");
    dot.style.background = color;
    line.append(dot, words);
    return line;
  });
  const bar = make("li", "beside-ramp");
  const scale = make("span", "beside-scale");
  scale.style.background = `linear-gradient(to right, ${ramp.join(",")})`;
  bar.append(ends[0] || "", scale, ends[1] || "");
  byId("beside-legend").replaceChildren(...(ramp.length ? [bar] : parts), ...(more ? [make("li", "note", `and ${more} more`)] : []));
}

/**
 * Colour both maps by something.
 * @param {BesidePage} page
 * @param {string} choice
 */
export async function recolor(page, choice) {
  const { given } = page;
  const name = choice.startsWith(COLUMN) ? choice.slice(COLUMN.length) : null;
  const url = `/compare/${encodeURIComponent(given.a)}/${encodeURIComponent(given.b)}/column?name=${encodeURIComponent(name || "")}`;
  const column = name === null ? null : await jsonOf(url).catch((error) => fault(error));
  if (name !== null && !column) return;
  Object.assign(page, { choice, column });
  page.coloring = coloringOf(page.both, given, { choice, column, theme: themeNow() });
  page.shown.names = namesOn(page);
  showLegend(page);
  keep(page);
  redraw(page);
}

/**
 * Say what went wrong.
 * @param {unknown} error
 */
export function fault(error) {
  const box = byId("beside-fault");
  box.textContent = sentenceOf(error);
  box.hidden = false;
  return null;
}

/**
 * Show what was asked before what is said of the whole, the last first; null: it is let go.
 * @param {BesidePage} page
 * @param {string} what
 * @param {HTMLElement|null} section
 */
function tell({ asked }, what, section) {
  asked.delete(what);
  if (section) asked.set(what, section);
  byId("beside-asked").replaceChildren(...[...asked.values()].reverse());
  if (section) byId("beside-panel").scrollTop = 0;
}

/**
 * Choose a row: its neighbours by each map, on either and in words; -1: none.
 * @param {BesidePage} page
 * @param {number} row
 */
export async function choose(page, row) {
  Object.assign(page.shown, { focus: row, near: null });
  page.panes.forEach((pane) => (pane.cursor = row));
  keep(page);
  redraw(page);
  if (row < 0) return tell(page, "row", null);
  const { a, b } = page.given;
  const told = await jsonOf(runUrl(a, `compare/${encodeURIComponent(b)}/items/${row}`)).catch((error) => fault(error));
  if (page.shown.focus !== row || !told) return undefined;
  byId("beside-fault").hidden = true;
  page.shown.near = [told.near_a, told.near_b];
  const go = (/** @type {number} */ other) => void choose(page, other);
  tell(page, "row", rowSection(told, page.both.told, go, () => go(-1)));
  return redraw(page);
}

/**
 * Search by each map's own encoder, and mark what each finds on both.
 * @param {BesidePage} page
 * @param {string} query
 */
export async function search(page, query) {
  page.query = query.trim();
  keep(page);
  if (!page.query) {
    page.shown.hits = null;
    tell(page, "found", null);
    return redraw(page);
  }
  /** @type {string[]} */
  const faults = ["", ""];
  const asked = page.query;
  tell(page, "found", waitSection(asked));
  const found = [page.given.a, page.given.b].map((run, side) =>
    jsonOf(runUrl(run, `search?k=${HITS}&q=${encodeURIComponent(asked)}`)).catch((error) => {
      faults[side] = `This map was not searched. ${sentenceOf(error)}`;
      return { hits: [] };
    }),
  );
  const [mine, theirs] = (await Promise.all(found)).map(({ hits }) => /** @type {BesideCard[]} */ (hits));
  if (asked !== page.query) return undefined;
  const back = theirs.map((hit) => ({ ...hit, row: page.both.back[hit.row] }));
  const hits = [mine, back].map((own, side) => own.map((hit) => ({ ...hit, shared: [back, mine][side].some(({ row }) => row === hit.row) })));
  page.shown.hits = hits.map((own) => own.map(({ row }) => row));
  tell(page, "found", hitSection(asked, hits, faults, page.both.told, (other) => void choose(page, other)));
  return redraw(page);
}

/**
 * @param {BesidePage} page
 * @param {Uint8Array} mask
 * @returns {string[][]} the clusters of either map that have the most of some rows
 */
function clustersOf({ both }, mask) {
  return both.labels.map((labels, side) => {
    /** @type {Map<number, number>} */
    const counts = new Map();
    mask.forEach((is, row) => is && labels[row] >= 0 && counts.set(labels[row], (counts.get(labels[row]) || 0) + 1));
    const most = [...counts].sort((x, y) => y[1] - x[1]).slice(0, MOST_CLUSTERS);
    return most.map(([label, rows]) => `${both.clusters[side].clusters[label].name} (${rows})`);
  });
}

/**
 * Have these rows bright on both maps; null: all.
 * @param {BesidePage} page
 * @param {Uint8Array|null} mask
 */
export function select(page, mask) {
  const count = mask ? mask.reduce((sum, is) => sum + is, 0) : 0;
  page.mask = mask && count ? mask : null;
  page.shown.outline = null;
  const leave = () => select(page, null);
  tell(page, "selected", page.mask ? selectionSection(count, clustersOf(page, page.mask), page.both.told, leave) : null);
  redraw(page);
}

/**
 * Show what a row says beside the hand; -1: nothing.
 * @param {BesidePage} page
 * @param {Pane} pane
 * @param {number} row
 */
export async function hover(page, pane, row) {
  if (row === page.shown.hovered) return;
  page.shown.hovered = row;
  redraw(page);
  const box = byId("beside-preview");
  box.hidden = true;
  if (row < 0) return;
  const item = page.known.get(row) || (await jsonOf(runUrl(page.given.a, `items/${row}`)).catch(() => null));
  if (!item) return;
  page.known.set(row, item);
  if (page.shown.hovered !== row) return;
  const picture = item.thumbnail ? [Object.assign(make("img", "thumb"), { src: item.thumbnail, alt: "" })] : [];
  const kept = page.both.overlap[row];
  box.replaceChildren(...picture, Object.assign(make("span", "", wordsOf(item)), { dir: "auto" }), make("span", "note", kept > 100 ? "" : `${kept} % of its neighbours kept`));
  box.hidden = false;
  const { left, top, width } = pane.root.getBoundingClientRect();
  const { x, y } = pane.points;
  const [cx, cy] = frame(pane).px(x[row], y[row]);
  const beyond = left + cx + ASIDE + box.offsetWidth > Math.min(window.innerWidth, left + width);
  box.style.left = `${Math.max(4, left + cx + (beyond ? -ASIDE - box.offsetWidth : ASIDE))}px`;
  box.style.top = `${Math.max(4, Math.min(top + cy + ASIDE, window.innerHeight - box.offsetHeight - 4))}px`;
}
