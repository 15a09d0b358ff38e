/**
 * Where the tab is: the address becomes a place, links and buttons change it, panels follow.
 * It asks the server nothing.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const clientside = (window.dash_clientside = window.dash_clientside || {});
  const DEFAULTS = { run: null, row: null, k: 10, metric: "cosine", take_in: null, color: null, arrangement: null, picked: null };
  const COLORS = /^(column|computed):/;
  const PICKED = /^\d{1,3}(-\d{1,3}|(\.\d{1,3}){0,29})$/;
  const ARRANGEMENTS = ["3d", "grid"];
  const BY_CLUSTER = "cluster";
  const METRICS = ["cosine", "euclidean"];
  const MOST = 100;
  const TITLE = "Embedding Explorer";
  const tabs = { row: null };
  const left = new Map(); // what was picked of the colours that were chosen before
  let chosenFor = null;
  let focus = [];
  let folded = "data,library";

  /** Put a value into a store. */
  explorer.set = (id, data) => clientside.set_props(id, { data });

  /** Show an error, or with kind "info" a message. */
  explorer.notify = (text, kind = "error") => explorer.set("notice", { kind, text });

  const share = (text) => (Number(text) > 0 && Number(text) <= 1 ? Number(text) : null);
  const whole = (text) => (/^\d+$/.test(text || "") ? Number(text) : null);

  /** @returns {object} the place that an address names */
  function parse(search) {
    const given = new URLSearchParams(search || "");
    const k = whole(given.get("k"));
    const metric = given.get("metric");
    const color = COLORS.test(given.get("color") || "") ? given.get("color") : null;
    return {
      run: given.get("run"),
      row: whole(given.get("row")),
      k: k === null ? DEFAULTS.k : Math.min(Math.max(k, 1), MOST),
      metric: METRICS.includes(metric) ? metric : DEFAULTS.metric,
      take_in: share(given.get("take_in")),
      color,
      arrangement: ARRANGEMENTS.includes(given.get("arrangement")) ? given.get("arrangement") : null,
      picked: color && PICKED.test(given.get("picked") || "") ? given.get("picked") : null,
    };
  }

  /** @returns {string} the query part that names a place */
  function searchOf(place) {
    const given = new URLSearchParams();
    Object.entries(place).forEach(([name, value]) => {
      if (value !== null && value !== undefined && value !== DEFAULTS[name]) given.set(name, value);
    });
    return given.size ? `?${given}` : "";
  }

  /** Go somewhere: change parts of the address. */
  explorer.go = function (changes) {
    const here = parse(window.location.search);
    const next = searchOf({ ...here, ...changes });
    if (next !== searchOf(here)) clientside.set_props("url", { search: next });
  };

  /** @returns {object} the place that the address names now */
  explorer.here = () => parse(window.location.search);

  /** @returns {string} where a link leads: to its row in the view of this moment, which may have changed since it was made */
  function searchBy(link) {
    const [there, here] = [new URL(link.href).search, window.location.search].map(parse);
    const { take_in, color, arrangement, picked } = here;
    const same = there.run === here.run && there.row !== null;
    return searchOf(same ? { ...there, take_in, color, arrangement, picked } : there);
  }

  /** @returns {object|null} what a place picks of its colours: codes of categories, or a range of codes */
  function pickedOf({ run, color, picked }) {
    if (!picked) return null;
    const range = picked.split("-").map(Number).sort((a, b) => a - b);
    return { run, choice: color, ...(range.length > 1 ? { range } : { codes: picked.split(".").map(Number) }) };
  }

  /** Show only what has these codes, or is in this range of codes, bright; nothing: all. */
  explorer.pick = function ({ codes = [], range = null } = {}) {
    explorer.go({ picked: (range ? range.join("-") : codes.join(".")) || null });
  };

  /** Address → what is picked. */
  function showPicked(where, before) {
    const wanted = pickedOf(where);
    return JSON.stringify(wanted) === JSON.stringify(before || null) ? clientside.no_update : wanted;
  }

  /** Focus a cluster, or several that have a name together, or leave them when they are in focus. */
  explorer.focusClusters = function (labels, name = null) {
    explorer.set("cluster-focus", labels.join() === focus.join() ? null : { labels, name });
  };

  /** Mark the focused clusters' rows in the list. */
  explorer.markFocus = function (labels) {
    focus = labels;
    document.querySelectorAll(".cluster-row").forEach((row) => {
      row.setAttribute("aria-pressed", String(focus.includes(Number(row.dataset.cluster))));
    });
  };

  /** Links and buttons that come and go: one listener for all of them. */
  function followClick(event) {
    const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    const at = (selector) => (event.target.closest ? event.target.closest(selector) : null);
    const link = at("a[data-place]");
    if (link && plain) {
      event.preventDefault();
      clientside.set_props("url", { search: searchBy(link) });
    }
    const cluster = at("button[data-cluster]");
    if (cluster) explorer.focusClusters([Number(cluster.dataset.cluster)]);
    if (at("[data-leave-focus]")) explorer.set("cluster-focus", null);
    if (at("[data-clear-selection]")) explorer.set("selection", null);
    const rejected = at("[data-rejected]");
    if (rejected) explorer.set("rejected-open", { dataset: rejected.dataset.rejected, n: Date.now() });
  }

  /** Escape leaves the selection, the focused clusters, the search and the picked categories. */
  function followKey(event) {
    if (event.key !== "Escape" || event.target.closest("input, textarea, [role=dialog]")) return;
    ["selection", "cluster-focus", "hits"].forEach((id) => explorer.set(id, null));
    explorer.pick();
  }

  document.addEventListener("click", followClick);
  document.addEventListener("keydown", followKey);

  /** Address → place; the run's key changes only with the run. */
  function place(search, run) {
    const next = parse(search);
    return [next, next.run === (run || null) ? clientside.no_update : next.run];
  }

  /** Open the tab that shows what was just done; an answer that comes late opens none. */
  function tab(where, cluster, selection, searches, current) {
    const by = clientside.callback_context.triggered_id;
    const row = where ? where.row : null;
    const moved = row !== null && row !== tabs.row;
    tabs.row = row;
    if (by === "search-box" && searches) return "search";
    if (by === "cluster-focus" && cluster) return "clusters";
    if (by === "selection" && selection) return "selection";
    return by === "place" && moved ? "point" : current;
  }

  /** What the page shows, as a class: start, busy or done, and which buttons make sense. */
  function state(run, status, view, dataset) {
    const shown = status && status.run === run ? status.name : "";
    document.title = shown ? `${shown} – ${TITLE}` : TITLE;
    if (!run) return `shell is-start${dataset ? " has-dataset" : ""}`;
    const name = status && status.run === run ? status.state : "loading";
    const done = view && view.run === run && name === "done";
    const moving = ["queued", "running"].includes(name) ? " can-cancel" : "";
    const resumable = ["failed", "cancelled", "interrupted"].includes(name) ? " can-resume" : "";
    return `shell ${done ? "is-done" : "is-busy"}${moving}${resumable} run-${name}`;
  }

  /** Which parts of the side are open: what the next step needs. */
  function openFolds(run, dataset, status) {
    const shown = status && status.run === run ? status.dataset : null;
    if (run && (!dataset || !shown || dataset === shown)) return ["settings", "library"];
    return dataset ? ["data", "settings"] : ["data", "library"];
  }

  /** Open them when the step changes, and leave alone what the user folds in between. */
  function folds(run, dataset, status) {
    const open = openFolds(run, dataset, status);
    if (open.join() === folded) return clientside.no_update;
    folded = open.join();
    return open;
  }

  /** Put a region's text, which the server has escaped, into its element. */
  function fill(markup, id) {
    const region = document.getElementById(id);
    if (region && region.innerHTML !== markup) region.innerHTML = markup || "";
    if (region && id === "clusters") explorer.markFocus(focus);
  }

  /** Another run: what was searched, focused and selected before does not belong to it. */
  const forget = () => [null, null, null];

  /** The settings follow the run that is opened, once. */
  function chooseDataset(status) {
    if (!status || !status.dataset || status.run === chosenFor) return clientside.no_update;
    chosenFor = status.run;
    return status.dataset;
  }

  /** The fields' number and metric → address. */
  function neighborsBy(k, metric) {
    if (parse(window.location.search).row === null) return;
    const wanted = Number.isInteger(k) && k >= 1 ? { k: Math.min(k, MOST), metric } : { metric };
    explorer.go(wanted);
  }

  /** Address → the fields' number and metric. */
  function showNeighborsBy(where, k, metric) {
    const same = clientside.no_update;
    return [where.k === k ? same : where.k, where.metric === metric ? same : where.metric];
  }

  /** The choice of colours → address, for the run that is on the map. */
  function colorBy(choice) {
    const { view } = explorer.map;
    if (!view || view.run !== explorer.here().run) return;
    const here = explorer.here();
    const color = choice && choice !== BY_CLUSTER ? choice : null;
    if (color === here.color) return;
    left.set([here.run, here.color].join("|"), here.picked);
    explorer.go({ color, picked: left.get([here.run, color].join("|")) || null });
  }

  /** Address → the choice of colours; what this run does not offer is its clusters. */
  function showColorBy(where, choices, current) {
    const offered = (choices || []).flatMap(({ items }) => items || []).some(({ value }) => value === where.color);
    const wanted = offered ? where.color : BY_CLUSTER;
    return wanted === current ? clientside.no_update : wanted;
  }

  /** Back and forward in the browser's own history. */
  function walk(back, forward) {
    if (!back && !forward) return;
    if (clientside.callback_context.triggered_id === "point-back") window.history.back();
    else window.history.forward();
  }

  /** Show the fields that the choices call for. */
  function settingsClass(encoder, seeded) {
    return `form${encoder === "other" ? " with-other" : ""}${seeded ? "" : " without-seed"}`;
  }

  /** Notice → notification. */
  function notice(given) {
    if (!given || !given.text) return clientside.no_update;
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

  clientside.explorer_shell = {
    ...clientside.explorer_shell,
    place,
    tab,
    state,
    shown: (view) => (view ? view.run : null),
    folds,
    fill,
    forget,
    chooseDataset,
    neighborsBy,
    showNeighborsBy,
    colorBy,
    showColorBy,
    showPicked,
    walk,
    settingsClass,
    notice,
  };
})();
