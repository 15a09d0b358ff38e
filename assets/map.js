/**
 * Draws the map: one function composes it from the stores, in the browser, from points that came once.
 * Names, lines and rings lie in a layer of their own (overlay.js): moving them costs no redraw of the points.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const clientside = (window.dash_clientside = window.dash_clientside || {});
  const MISSING = 255;
  const PALE = 0.1;
  const MARGIN = 0.06;
  const KEPT_ANSWERS = 50;
  const asked = new Map();
  const state = { sequence: 0, base: "", lit: "", groups: [], recent: [], given: {} };
  const stats = { points: 0, fetchBytes: 0, clickToPaintMs: null, draws: 0, lit: null };

  /** For tests and for the curious: what is drawn, what it cost, what is marked. */
  window.explorerMap = stats;
  explorer.map = state;

  /** @returns {Promise<HTMLElement>} plotly's element, once plotly has loaded and the empty figure stands */
  async function graph() {
    for (;;) {
      const element = document.querySelector("#map .js-plotly-plot");
      if (element && element._fullLayout && window.Plotly) return element;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  /** @returns {object} marker sizes and opacity that suit the number of points */
  function look(n) {
    const size = n < 400 ? 10 : n < 1500 ? 8 : n < 6000 ? 6 : n < 25000 ? 5 : n < 120000 ? 3.5 : 2.5;
    return { size, opacity: n < 25000 ? 0.85 : 0.65 };
  }

  /** Put rows into one group per code: a counting sort; codes out of range come first as group 0. */
  function rowsByCode(points, codeOf, count) {
    const sizes = new Int32Array(count + 1);
    const slot = (row) => {
      const code = codeOf(row);
      return code >= 0 && code < count ? code + 1 : 0;
    };
    const placed = (row) => !Number.isNaN(points.x[row]);
    for (let row = 0; row < points.n; row++) if (placed(row)) sizes[slot(row)]++;
    const groups = Array.from(sizes, (size) => new Int32Array(size));
    const next = new Int32Array(count + 1);
    for (let row = 0; row < points.n; row++) {
      if (!placed(row)) continue;
      const s = slot(row);
      groups[s][next[s]++] = row;
    }
    return groups;
  }

  /** @returns {Uint8Array} what base64 holds */
  function bytesOf(base64) {
    return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  }

  /** Say which colour each row has: a code per row, the colours of the codes, the colour of the rest. */
  function coloring(points, view, column, theme) {
    if (!column) {
      const colors = view.colors[theme];
      const codeOf = (row) => (points.label[row] < 0 ? -1 : points.label[row] % colors.length);
      return { codeOf, colors, rest: view.colors.noise, quietRest: true };
    }
    const codes = bytesOf(column.codes);
    const colors = column.colors[theme];
    const steps = colors.length;
    const ramp = (row) => (codes[row] === MISSING ? -1 : Math.floor((codes[row] * steps) / MISSING));
    const category = (row) => (codes[row] === MISSING ? -1 : codes[row]);
    const codeOf = column.kind === "category" ? category : ramp;
    return { codeOf, colors, rest: column.colors.missing, quietRest: true };
  }

  /** Gather the coordinates of each colour's rows, once per colouring. */
  function group(points, { codeOf, colors, rest }) {
    return rowsByCode(points, codeOf, colors.length).map((rows, slot) => ({
      rows,
      quiet: slot === 0,
      color: slot === 0 ? rest : colors[slot - 1],
      x: Float32Array.from(rows, (row) => points.x[row]),
      y: Float32Array.from(rows, (row) => points.y[row]),
    }));
  }

  /** @returns {number[]|undefined} places in the group that are lit; undefined when nothing is pale */
  function litPlaces(rows, mask) {
    if (!mask) return undefined;
    const places = [];
    for (let i = 0; i < rows.length; i++) if (mask[rows[i]]) places.push(i);
    return places;
  }

  /** @returns {object[]} one scattergl trace per colour; every point is always drawn, lit or pale */
  function traces(groups, n, mask) {
    const { size, opacity } = look(n);
    return groups
      .filter(({ rows }) => rows.length)
      .map(({ rows, x, y, color, quiet }) => ({
        type: "scattergl",
        mode: "markers",
        x,
        y,
        customdata: rows,
        hoverinfo: "none",
        marker: { size: quiet ? size * 0.8 : size, color, opacity: quiet ? opacity * 0.6 : opacity },
        selectedpoints: litPlaces(rows, mask),
        selected: { marker: { opacity: 0.95 } },
        unselected: { marker: { opacity: PALE } },
      }));
  }

  /** @returns {number[]} a range with some air around it */
  function airy([low, high]) {
    const air = (high - low || 1) * MARGIN;
    return [low - air, high + air];
  }

  /** @returns {object} the layout: nothing but points, the same place after every recolour */
  function layoutOf(gd, run, points) {
    const axis = { visible: false, showgrid: false, zeroline: false, fixedrange: false };
    return {
      xaxis: { ...axis, range: airy(points.bounds.x) },
      yaxis: { ...axis, range: airy(points.bounds.y), scaleanchor: "x", scaleratio: 1 },
      margin: { l: 0, r: 0, t: 0, b: 0 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      modebar: { bgcolor: "rgba(0,0,0,0)" },
      showlegend: false,
      hovermode: "closest",
      dragmode: gd._fullLayout.dragmode || "pan",
      newselection: { line: { color: "#7c8cff", width: 2, dash: "solid" } },
      selections: [],
      uirevision: run,
    };
  }

  /** Remember which of the three lights was switched last; it wins, the others come back when it goes. */
  function lightsInOrder(given) {
    state.recent = state.recent.filter((name) => given[name] != null);
    for (const name of ["cluster", "selection", "hits"]) {
      if (given[name] == null || given[name] === state.given[name]) continue;
      state.recent = [name, ...state.recent.filter((other) => other !== name)];
    }
    state.given = given;
    return state.recent[0];
  }

  /** @returns {{key: string, mask: Uint8Array|null}} which rows are lit */
  function light(points, given) {
    const name = lightsInOrder(given);
    if (!name) return { key: "", mask: null, name };
    const mask = name === "selection" ? explorer.rowsInside(points, given.selection.shape) : new Uint8Array(points.n);
    if (name === "hits") given.hits.hits.forEach((hit) => (mask[hit.row] = 1));
    if (name === "cluster") points.label.forEach((label, row) => (mask[row] = label === given.cluster ? 1 : 0));
    return { key: `${name} ${state.sequence}`, mask, name, value: given[name] };
  }

  /** Redraw the points, if what they show has changed. */
  async function redraw(gd, points, { view, column, theme }, lit) {
    const taken = points.taken ? points.taken.length : 0;
    const base = [view.run, column ? column.column : "", theme, taken].join("|");
    const same = base === state.base && lit.value === state.litValue && lit.name === state.litName;
    if (same && gd === state.gd) return;
    if (base !== state.base) state.groups = group(points, coloring(points, view, column, theme));
    Object.assign(state, { base, litValue: lit.value, litName: lit.name, gd });
    await window.Plotly.react(gd, traces(state.groups, points.n, lit.mask), layoutOf(gd, view.run, points));
    stats.draws++;
    stats.points = gd.data.reduce((sum, trace) => sum + trace.x.length, 0);
    stats.taken = taken;
    stats.lit = lit.mask ? lit.mask.reduce((sum, one) => sum + one, 0) : null;
  }

  /** Empty the map. */
  async function clear(gd) {
    Object.assign(state, { base: "", points: null, view: null, litValue: undefined, litName: undefined, recent: [] });
    stats.points = 0;
    explorer.overlay.show(null);
    explorer.legend(null);
    explorer.hidePreview();
    if (gd.data && gd.data.length) await window.Plotly.react(gd, [], gd.layout);
  }

  /** Leave out what belongs to another run. */
  const ofRun = (run, thing) => (thing && thing.run === run ? thing : null);

  /** The one function that composes the map; called whenever a store changes. */
  async function draw(view, column, marks, hits, cluster, selection, theme, place) {
    const sequence = ++state.sequence;
    const gd = await graph();
    if (!view) {
      if (sequence === state.sequence) await clear(gd);
      return null;
    }
    const points = await explorer.shownPoints(view.run, place).catch((error) => explorer.notify(error.message));
    if (!points || sequence !== state.sequence) return clientside.no_update;
    explorer.bindMap(gd);
    stats.fetchBytes = points.bytes;
    Object.assign(state, { points, view });
    const given = { hits: ofRun(view.run, hits), cluster, selection: ofRun(view.run, selection) };
    const current = ofRun(view.run, marks);
    const near = current && place && current.row === place.row ? current : null;
    const shades = { view, column: ofRun(view.run, column), theme: theme || "light" };
    const lit = light(points, given);
    await redraw(gd, points, shades, lit);
    explorer.overlay.show({ ...given, ...shades, points, marks: near, place, dimmed: Boolean(lit.mask) });
    explorer.legend(shades.column, shades.theme);
    explorer.markFocus(cluster);
    explorer.painted(near);
    return view.run;
  }

  /** @returns {Promise<object>} the rows nearest to a place's row, kept for the last places */
  explorer.askNeighbors = async function ({ run, row, k, metric }) {
    const url = explorer.runUrl(run, `neighbors/${row}?k=${k}&metric=${metric}`);
    if (!asked.has(url)) {
      const coming = explorer.fetched(url).then((answer) => answer.json());
      coming.catch(() => asked.delete(url));
      asked.set(url, coming);
      if (asked.size > KEPT_ANSWERS) asked.delete(asked.keys().next().value);
    }
    // What does not exist is said by the inspector; the map then marks nothing.
    const answer = await asked.get(url).catch(() => null);
    return answer && { run, row, neighbors: answer.neighbors.map((n) => ({ row: n.row, similarity: n.similarity })) };
  };

  /** The place's neighbours, for the store that the map draws from. */
  async function neighbors(place, view) {
    if (!place || !view || place.run !== view.run || place.row === null) return null;
    const points = await explorer.loadPoints(place.run).catch(() => null);
    return points && place.row < points.n ? explorer.askNeighbors(place) : null;
  }

  /** Note the time from the last click to its neighbours on screen. */
  explorer.painted = function (marks) {
    stats.focus = marks ? marks.row : null;
    stats.neighbors = marks ? marks.neighbors.map((near) => near.row) : [];
    if (!state.clickedAt || !marks || !marks.neighbors.length || marks.row !== state.clickedRow) return;
    const since = state.clickedAt;
    state.clickedAt = null;
    requestAnimationFrame(() => (stats.clickToPaintMs = performance.now() - since));
  };

  /** Show the whole map again. */
  function fit(gd) {
    if (!state.points) return;
    const { x, y } = state.points.bounds;
    window.Plotly.relayout(gd, { "xaxis.range": airy(x), "yaxis.range": airy(y) });
  }

  /** Zoom about the middle; factor < 1 goes nearer. */
  function zoom(gd, factor) {
    const about = ([low, high]) => {
      const middle = (low + high) / 2;
      return [middle + (low - middle) * factor, middle + (high - middle) * factor];
    };
    const { xaxis, yaxis } = gd._fullLayout;
    window.Plotly.relayout(gd, { "xaxis.range": about(xaxis.range), "yaxis.range": about(yaxis.range) });
  }

  /** The labelled buttons: what dragging does, nearer, farther, all. */
  async function control(mode) {
    const button = clientside.callback_context.triggered_id; // gone after the first await
    const gd = await graph();
    if (button === "map-mode" && gd._fullLayout.dragmode !== mode) window.Plotly.relayout(gd, { dragmode: mode });
    if (button === "map-zoom-in") zoom(gd, 0.6);
    if (button === "map-zoom-out") zoom(gd, 1 / 0.6);
    if (button === "map-fit") fit(gd);
  }

  explorer.fitMap = fit;
  clientside.explorer_map = { draw, control, neighbors };
})();
