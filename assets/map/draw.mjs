/**
 * Draws the map: one function composes it from the stores, in the browser, from points that came once.
 * Plotly draws the rows that detail.js chooses, over the picture of all rows (density.js) where those are not all.
 * Names, lines and rings lie in a layer of their own (overlay.js): moving them costs no redraw of the points.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const clientside = (window.dash_clientside = window.dash_clientside || {});
  const KEPT_ANSWERS = 50;
  const asked = new Map();
  const state = { sequence: 0, base: "", recent: [], given: {}, chosen: null, range: null };
  const stats = { points: 0, total: 0, inView: 0, complete: true, webgl: true, fetchBytes: 0 };
  Object.assign(stats, { clickToPaintMs: null, draws: 0, lit: null });

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

  const nextFrame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

  /** @returns {boolean} whether this browser draws with WebGL, without which plotly's points do not show */
  function hasWebgl() {
    const pen = document.createElement("canvas").getContext("webgl");
    if (pen && pen.getExtension("WEBGL_lose_context")) pen.getExtension("WEBGL_lose_context").loseContext();
    return Boolean(pen);
  }

  /** @returns {object} a scattergl trace of rows in one colour */
  function trace({ x, y }, rows, marker) {
    const place = (of) => (row) => of[row];
    const [across, up] = [x, y].map((values) => Float32Array.from(rows, place(values)));
    return { type: "scattergl", mode: "markers", x: across, y: up, customdata: rows, hoverinfo: "none", marker };
  }

  /** @returns {function} the size, colour and opacity of the lit points of a code */
  explorer.markers = ({ size, opacity, set }, { colors }, mask) => (code) => {
    const quiet = code === 0 && !mask;
    const clear = mask && !set ? 0.95 : opacity;
    return { size: code === 0 ? size * 0.8 : size, color: colors[code], opacity: quiet && !set ? clear * 0.6 : clear };
  };

  /**
   * @returns {object[]} one trace per colour for the chosen rows.  Those out of the light come first, in one pale tint:
   *   see-through colours would add up to bright ones where points are dense.
   */
  function traces(points, { rows, inView, complete }, shades, mask) {
    const look = explorer.look(inView, complete);
    const { codes, colors, pale } = shades;
    const lit = mask ? rows.filter((row) => mask[row]) : rows;
    const dim = mask ? rows.filter((row) => !mask[row]) : [];
    const marker = explorer.markers(look, shades, mask);
    const groups = explorer.colors.groupsOf(lit, codes, colors.length);
    const drawn = groups.map((group, code) => group.length && trace(points, group, marker(code))).filter(Boolean);
    return dim.length ? [trace(points, dim, { size: look.size * 0.85, color: pale, opacity: 1 }), ...drawn] : drawn;
  }

  /** @returns {object} the layout: nothing but points, at the place where the camera is */
  function layoutOf(gd, range) {
    const axis = { visible: false, showgrid: false, zeroline: false, fixedrange: false };
    return {
      xaxis: { ...axis, range: range.x },
      yaxis: { ...axis, range: range.y, scaleanchor: "x", scaleratio: 1 },
      margin: { l: 0, r: 0, t: 0, b: 0 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      modebar: { bgcolor: "rgba(0,0,0,0)" },
      showlegend: false,
      hovermode: false,
      dragmode: gd._fullLayout.dragmode || "pan",
      newselection: { line: { color: "#7c8cff", width: 2, dash: "solid" } },
      selections: [],
    };
  }

  /** Remember which of the lights was switched last; it wins, the others come back when it goes. */
  function lightsInOrder(given) {
    state.recent = state.recent.filter((name) => given[name] != null);
    for (const name of ["cluster", "selection", "hits", "picked"]) {
      if (given[name] == null || given[name] === state.given[name]) continue;
      state.recent = [name, ...state.recent.filter((other) => other !== name)];
    }
    state.given = given;
    return state.recent[0];
  }

  /** @returns {Uint8Array} the mask of a light that is known at once, or an empty one */
  function wholeMask(points, name, { selection, range }) {
    if (name === "selection") return explorer.selected.maskOf(state.flat, selection.shape);
    return name === "picked" && range ? explorer.colors.maskOf(state.shades.steps, range) : new Uint8Array(points.n);
  }

  /** @returns {{key: string, mask: Uint8Array|null}} which rows are lit */
  function light(points, given) {
    const name = lightsInOrder(given);
    if (!name) return { key: "", mask: null, name };
    const mask = wholeMask(points, name, given);
    if (name === "hits") given.hits.hits.forEach((hit) => (mask[hit.row] = 1));
    if (name === "picked" && !given.range) state.shades.codes.forEach((code, row) => (mask[row] = given.codes.includes(code) ? 1 : 0));
    if (name === "cluster") points.label.forEach((label, row) => (mask[row] = given.focus.includes(label) ? 1 : 0));
    return { key: `${name} ${state.sequence}`, mask, name, value: given[name] };
  }

  /** @returns {string} the colour of a row, as the map shows it; a cluster's when it shows clusters */
  explorer.colorOf = (row) => state.shades.colors[state.shades.codes[row]];

  /** @returns {object} the colouring of a run, and its ink for the picture of all rows */
  function shadesOf(points, { view, column, theme }) {
    const known = column && column.codes;
    const shades = known ? explorer.colors.byColumn(column, theme) : explorer.colors.byCluster(points, view, theme);
    const pale = explorer.colors.pale[theme];
    return { ...shades, pale, ink: explorer.density.inkOf(points, shades.codes, [...shades.colors, pale]) };
  }

  /** @returns {object} the colouring on screen, as it is in a theme */
  explorer.shadesFor = function (theme) {
    if (theme === state.shown.theme) return state.shades;
    const shades = shadesOf(state.points, { ...state.shown, view: state.view, theme });
    shades.ink.lit = state.shades.ink.lit;
    return shades;
  };

  /** @returns {number[]} the rows that are always drawn: hits, the focus, its neighbours */
  function wanted() {
    const { hits, marks, place } = state.shown || {};
    const rows = [...(hits ? hits.hits : []), ...(marks ? [marks, ...marks.neighbors] : [])].map(({ row }) => row);
    return place && place.row !== null ? [...rows, place.row] : rows;
  }

  /** Paint the picture of all rows, where plotly does not draw them all. */
  explorer.paintDensity = function () {
    const canvas = document.getElementById("map-density");
    const { gd, points, chosen, shades } = state;
    const seen = gd && explorer.camera.scale(gd);
    if (!points || !seen || !shades) return explorer.density.wipe(canvas);
    const size = { width: Math.round(seen.width), height: Math.round(seen.height) };
    const bright = state.glimpsed ? state.glimpse : state.mask;
    if (points.paint) return points.paint(canvas, shades, bright, { ...explorer.camera.view(gd), ...size });
    const complete = stats.webgl && chosen && chosen.complete;
    if (complete && !explorer.camera.isMoving() && !state.glimpsed) return explorer.density.wipe(canvas);
    const inView = chosen ? chosen.inView : points.n;
    const apart = complete || inView <= explorer.detail.budget;
    return explorer.density.paint(canvas, points, shades.ink, {
      ...explorer.camera.view(gd),
      ...size,
      inView,
      dot: apart ? Math.round(explorer.look(inView).size) : 0,
      hole: complete && !state.glimpsed ? explorer.camera.plate(gd) : null,
    });
  };

  /**
   * Show at once which rows are bright, in the picture of all rows; plotly draws when the hand rests.
   * @param {{range: number[]|null}|null} seen a range of the scale, null for all of it; nothing: as it was
   */
  explorer.glimpse = function (seen) {
    const { gd, points, shades } = state;
    if (!points || !shades || !shades.steps) return;
    const mask = seen ? seen.range && explorer.colors.maskOf(shades.steps, seen.range) : state.mask;
    shades.ink.lit = explorer.density.litOf(points, mask);
    state.glimpse = mask;
    state.litName = null; // so that it is drawn anew, whatever it was before
    if (!seen) return explorer.settle(gd);
    veil(gd, true);
    return explorer.paintDensity();
  };

  /** Hide what plotly has drawn while something else is shown, or show it again. */
  function veil(gd, hidden) {
    state.glimpsed = hidden;
    const canvases = gd.querySelector(".gl-container");
    if (canvases) canvases.style.visibility = hidden ? "hidden" : "";
  }

  /** Say how many rows are drawn one by one. */
  function tell() {
    const count = (number) => number.toLocaleString("en");
    const box = document.getElementById("map-count");
    const all = stats.complete ? ", all in view" : "";
    const words = stats.webgl
      ? `${count(stats.points)} of ${count(stats.total)} drawn${all}`
      : `This browser has no WebGL: a picture of all ${count(stats.total)} rows instead of single points`;
    box.textContent = stats.total && (!stats.webgl || stats.points < stats.total) ? words : "";
    box.title = stats.webgl ? "The others are in the picture behind; zoom in to see each. All answer to a click." : "";
  }

  /** Draw what the place, the colours and the light call for. */
  async function compose(gd) {
    const { points, shades, mask, range } = state;
    const { choose, all } = explorer.detail;
    const chosen = points.paint ? all(points) : choose(points, range, gd._fullLayout.xaxis._length, mask, wanted());
    state.chosen = chosen;
    const drawn = stats.webgl && !points.paint ? traces(points, chosen, shades, mask) : [];
    const done = window.Plotly.react(gd, drawn, layoutOf(gd, range));
    explorer.camera.landed(gd);
    await done;
    veil(gd, false);
    const rows = stats.webgl ? chosen.rows.length : chosen.inView;
    Object.assign(stats, { points: rows, total: points.grid.rows.length, inView: chosen.inView });
    Object.assign(stats, { complete: chosen.complete, draws: stats.draws + 1 });
    explorer.paintDensity();
    explorer.overlay.place(gd);
    tell();
  }

  /** The map has come to rest, or has another size. */
  explorer.settle = function (gd) {
    if (!state.points || !state.shades) return;
    state.range = explorer.camera.view(gd);
    compose(gd);
  };

  /** See to it that the colours are those of what is to be shown, and say which picture that is. */
  function colored(points, { view, column, theme }) {
    const taken = points.taken ? points.taken.length : 0;
    const base = [view.run, column ? column.choice : "", theme, taken, points.arrangement || ""].join("|");
    if (base !== state.colored) Object.assign(state, { colored: base, shades: shadesOf(points, { view, column, theme }) });
    return base;
  }

  /** Redraw the points, if what they show has changed. */
  async function redraw(gd, points, view, base, lit) {
    const same = base === state.base && lit.value === state.litValue && lit.name === state.litName;
    if (same && gd === state.drawnOn) return;
    const ground = [view.run, points.arrangement || ""].join("|");
    if (ground !== state.ground) Object.assign(state, { range: null, chosen: null, ground });
    state.shades.ink.lit = explorer.density.litOf(points, lit.mask);
    Object.assign(state, { base, litValue: lit.value, litName: lit.name, mask: lit.mask, drawnOn: gd });
    stats.taken = points.taken ? points.taken.length : 0;
    stats.lit = lit.mask ? lit.mask.reduce((sum, one) => sum + one, 0) : null;
    if (state.range === null) await goWhole(gd);
    else state.range = explorer.camera.view(gd);
    await compose(gd);
  }

  /** Go to the whole map: all rows in one picture at once, if they are many, before plotly has its share. */
  async function goWhole(gd) {
    const { xaxis, yaxis } = gd._fullLayout;
    state.range = explorer.camera.whole(state.points.bounds, xaxis._length, yaxis._length);
    explorer.camera.jump(gd, state.range);
    if (state.points.n <= explorer.detail.budget) return;
    explorer.paintDensity();
    explorer.overlay.place(gd);
    await nextFrame();
  }

  /** Empty the map. */
  async function clear(gd) {
    Object.assign(state, { base: "", points: null, view: null, litValue: undefined, litName: undefined, recent: [] });
    Object.assign(state, { shades: null, colored: "", chosen: null, range: null, ground: null, mask: null, shown: null });
    Object.assign(stats, { points: 0, total: 0 });
    explorer.paintDensity();
    tell();
    explorer.overlay.show(null);
    explorer.arrangements.offer(null);
    explorer.tellSpace(null);
    explorer.legend(null);
    explorer.hidePreview();
    if (gd.data && gd.data.length) await window.Plotly.react(gd, [], gd.layout);
  }

  /** Leave out what belongs to another run. */
  const ofRun = (run, thing) => (thing && thing.run === run ? thing : null);

  /** The one function that composes the map; called whenever a store changes. */
  async function draw(view, column, marks, hits, cluster, selection, theme, place, picked) {
    const sequence = ++state.sequence;
    const gd = await graph();
    if (!view) {
      if (sequence === state.sequence) await clear(gd);
      return null;
    }
    let flat = null;
    const points = await explorer
      .shownPoints(view.run, place)
      .then((all) => explorer.arrangements.arranged((flat = all), view, place))
      .catch((error) => explorer.notify(error.message));
    if (!points || sequence !== state.sequence) return clientside.no_update;
    if (!state.points) stats.webgl = hasWebgl();
    explorer.bindMap(gd);
    explorer.fillLook();
    stats.fetchBytes = points.bytes;
    Object.assign(state, { points, flat, view, gd });
    const focus = cluster ? cluster.labels : [];
    const given = { hits: ofRun(view.run, hits), cluster: focus.join() || null, selection: ofRun(view.run, selection) };
    const shades = { view, column: ofRun(view.run, column), theme: theme || "light" };
    const [codes, range] = [explorer.colors.pickedCodes, explorer.colors.pickedRange].map((of) => of(shades.column, picked));
    Object.assign(given, { focus, codes, range, picked: (range ? range.join("-") : codes.join()) || null });
    const current = ofRun(view.run, marks);
    const near = current && place && current.row === place.row ? current : null;
    const base = colored(points, shades);
    const lit = light(points, given);
    state.shown = { ...given, ...shades, points, marks: near, place, dimmed: Boolean(lit.mask) };
    await redraw(gd, points, view, base, lit);
    explorer.overlay.show(state.shown);
    explorer.arrangements.offer(view, points);
    explorer.tellSpace(points, view.run);
    explorer.legend(shades.column, shades.theme, codes, range);
    explorer.markFocus(focus);
    explorer.painted(near);
    return view.run;
  }

  /** @returns {object} what the map marks of an answer: true neighbours, which are far on it, and who is near on it alone */
  function marksOf(run, { row, neighbors: found, only_on_map: strangers }) {
    const near = found.map((n) => ({ row: n.row, similarity: n.similarity, far: n.far_on_map }));
    return { run, row, neighbors: near, strangers: strangers.map((n) => n.row) };
  }

  /** @returns {Promise<object>} the rows nearest to a place's row, kept for the last places */
  explorer.askNeighbors = async function ({ run, row, k, metric, arrangement }) {
    const dims = arrangement === "3d" ? 3 : 2;
    const url = explorer.runUrl(run, `neighbors/${row}?k=${k}&metric=${metric}${dims === 3 ? "&dims=3" : ""}`);
    if (!asked.has(url)) {
      const coming = explorer.fetched(url).then((answer) => answer.json());
      coming.catch(() => asked.delete(url));
      asked.set(url, coming);
      if (asked.size > KEPT_ANSWERS) asked.delete(asked.keys().next().value);
    }
    // What does not exist is said by the inspector; the map then marks nothing.
    const answer = await asked.get(url).catch(() => null);
    if (answer && answer.map_dims !== dims) asked.delete(url); // the 3-D map is not there yet
    return answer && marksOf(run, answer);
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
    stats.far = marks ? marks.neighbors.filter((near) => near.far).map((near) => near.row) : [];
    if (!state.clickedAt || !marks || !marks.neighbors.length || marks.row !== state.clickedRow) return;
    const since = state.clickedAt;
    state.clickedAt = null;
    requestAnimationFrame(() => (stats.clickToPaintMs = performance.now() - since));
  };

  /** Show the whole map again. */
  function fit(gd) {
    if (!state.points) return;
    if (state.points.reset) state.points.reset();
    goWhole(gd).then(() => compose(gd));
  }

  /** @returns {number[]|null} on screen, what is nearest to the middle where the middle *share* of the view is empty */
  function offMiddle(gd, share) {
    const { points } = state;
    if (!points || points.pick) return null;
    const { grid } = points;
    const { x, y } = explorer.camera.view(gd);
    let [least, at] = [1, -1];
    explorer.linesWithin(points, { x, y }, (from, to) => {
      for (let i = from; i < to; i++) {
        const across = Math.abs(2 * grid.x[i] - x[0] - x[1]) / (x[1] - x[0]);
        const up = Math.abs(2 * grid.y[i] - y[0] - y[1]) / (y[1] - y[0]);
        if (Math.max(across, up) < least) [least, at] = [Math.max(across, up), i];
      }
    });
    return at < 0 || least < share ? null : explorer.camera.scale(gd).px(grid.x[at], grid.y[at]);
  }

  /** Zoom about the middle; factor < 1 goes nearer, and never to where nothing is while there is something on screen. */
  function zoom(gd, factor) {
    const seen = explorer.camera.scale(gd);
    if (!seen) return;
    const about = (factor < 1 && offMiddle(gd, factor)) || [seen.width / 2, seen.height / 2];
    explorer.camera.zoom(gd, factor, ...about);
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
