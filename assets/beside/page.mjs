/**
 * The one module that the page of two maps loads: it fetches what there is of both, draws them, and listens.
 */
import { rowsInside } from "../map/grid.mjs";
import { byId, fieldById, one } from "../shell/dom.mjs";
import { BY_FIRST, BY_OVERLAP, BY_SECOND, COLUMN } from "./coloring.mjs";
import { choose, fault, hover, recolor, redraw, search, select } from "./doing.mjs";
import { load } from "./given.mjs";
import { walk } from "./keys.mjs";
import { fit, listen, makePane, resized, sizeOf, zoom } from "./pane.mjs";
import { namesOf, wholeSections } from "./panel.mjs";

const NEARER = 1 / 1.4;

/**
 * @param {TwoMaps} given
 * @param {Both} both
 * @returns {BesidePage}
 */
function pageOf(given, both) {
  const panes = both.points.map((points, side) => makePane(byId(`beside-${side}`), points));
  const shown = { focus: -1, near: null, hovered: -1, hits: null, names: [[], []], outline: null };
  const asked = new Map();
  const coloring = { codes: new Uint8Array(both.points[0].n), colors: ["#888888"] };
  const rest = { choice: BY_FIRST, column: null, mask: null, query: "", known: new Map(), frame: 0 };
  return { given, both, panes, coloring, shown, asked, ...rest };
}

/**
 * Offer what may colour the maps.
 * @param {BesidePage} page
 */
function offerColors({ both, given }) {
  const select = /** @type {HTMLSelectElement} */ (byId("beside-color"));
  const [first, second] = namesOf(both.told);
  const choices = [
    [BY_FIRST, `Clusters by ${first}`],
    [BY_SECOND, `Clusters by ${second}`],
    [BY_OVERLAP, "How many neighbours are the same"],
    ...given.columns.map((name) => [COLUMN + name, name]),
  ];
  select.replaceChildren(...choices.map(([value, words]) => new Option(words, value)));
}

/**
 * Write what the maps are called.
 * @param {BesidePage} page
 */
function title({ both }) {
  const { told } = both;
  namesOf(told).forEach((name, side) => {
    const of = side ? told.b : told.a;
    const link = /** @type {HTMLAnchorElement} */ (byId(`beside-name-${side}`));
    link.textContent = name;
    link.title = `Open this map: ${of.name}`;
    one(byId(`beside-figure-${side}`), ".note").textContent = `${of.clusters} clusters`;
    byId(`beside-${side}`).setAttribute("aria-label", `Map by ${name}`);
  });
  document.title = `${namesOf(told).join(" and ")} – two maps`;
  byId("beside-title").textContent = `${told.a.name}: ${namesOf(told).join(" and ")}`;
}

/**
 * @param {BesidePage} page
 * @returns {Hand}
 */
const handOf = (page) => ({
  hover: (row, pane) => void hover(page, pane, row),
  choose: (row) => void choose(page, row),
  draws: (event) => event.shiftKey || byId("beside-lasso").getAttribute("aria-pressed") === "true",
  moved: (pane, path) => {
    page.shown.outline = path.length > 2 ? { pane, path } : null;
    redraw(page);
  },
  drawn: (pane, path) => select(page, rowsInside(pane.points, { path })),
});

/**
 * Do what a key on a map asks for.
 * @param {BesidePage} page
 * @param {Pane} pane
 * @param {KeyboardEvent} event
 */
function press(page, pane, event) {
  const to = walk(pane, event.key);
  if (to !== null) void hover(page, pane, to);
  else if (event.key === "Enter") void choose(page, pane.cursor);
  else if (event.key === "+") zoom(pane, NEARER);
  else if (event.key === "-") zoom(pane, 1 / NEARER);
  else if (event.key === "0") fit(pane);
  else return;
  event.preventDefault();
  redraw(page);
}

/**
 * @param {BesidePage} page
 * @param {KeyboardEvent} event
 */
function anywhere(page, event) {
  const field = fieldById("beside-query");
  if (event.key === "/" && document.activeElement !== field) {
    event.preventDefault();
    field.focus();
  } else if (event.key === "Escape" && page.shown.focus >= 0) void choose(page, -1);
  else if (event.key === "Escape" && page.mask) select(page, null);
}

/**
 * Listen to the hands, the keys and the fields.
 * @param {BesidePage} page
 */
function listenTo(page) {
  page.panes.forEach((pane, side) => {
    let before = sizeOf(pane);
    listen(pane, handOf(page));
    pane.root.addEventListener("keydown", (event) => press(page, pane, event));
    pane.root.addEventListener("blur", () => void hover(page, pane, -1));
    byId(`beside-fit-${side}`).addEventListener("click", () => {
      fit(pane);
      redraw(page);
    });
    new ResizeObserver(() => {
      resized(pane, before);
      before = sizeOf(pane);
      redraw(page);
    }).observe(pane.root);
  });
  document.addEventListener("keydown", (event) => anywhere(page, event));
  const lasso = byId("beside-lasso");
  lasso.addEventListener("click", () => lasso.setAttribute("aria-pressed", String(lasso.getAttribute("aria-pressed") !== "true")));
  const color = /** @type {HTMLSelectElement} */ (byId("beside-color"));
  color.addEventListener("change", () => void recolor(page, color.value));
  byId("beside-search").addEventListener("submit", (event) => {
    event.preventDefault();
    void search(page, fieldById("beside-query").value);
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ({ matches }) => {
    if (window.localStorage.getItem("theme-choice")) return;
    document.documentElement.setAttribute("data-mantine-color-scheme", matches ? "dark" : "light");
    void recolor(page, page.choice);
  });
}

/**
 * Show what the address says was chosen.
 * @param {BesidePage} page
 */
async function open(page) {
  const given = new URLSearchParams(window.location.search);
  const select = /** @type {HTMLSelectElement} */ (byId("beside-color"));
  const wanted = given.get("color");
  if (wanted && [...select.options].some(({ value }) => value === wanted)) select.value = wanted;
  const [row, query] = [given.get("row"), given.get("q") || ""];
  await recolor(page, select.value);
  fieldById("beside-query").value = query;
  if (query) await search(page, query);
  if (row && /^\d+$/.test(row) && Number(row) < page.both.points[0].n) await choose(page, Number(row));
}

/** Begin. */
async function start() {
  const given = /** @type {TwoMaps} */ (JSON.parse(byId("beside-given").textContent || "{}"));
  const both = await load(given);
  const page = pageOf(given, both);
  title(page);
  offerColors(page);
  byId("beside-whole").replaceChildren(...wholeSections(both.told, (row) => void choose(page, row)));
  byId("beside").removeAttribute("aria-busy");
  listenTo(page);
  await open(page);
  Object.assign(window, { forTests: { page } });
}

start().catch(fault);
