/**
 * What a hand does on the map: hover, click, tap, lasso and box become addresses, previews and shapes.
 * Rows are found on the decoded points, so a click never depends on plotly's throttled hover.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const REACH = { mouse: 9, pen: 12, touch: 18 };
  const DASHS_EVENTS = [
    "plotly_selected",
    "plotly_selecting",
    "plotly_relayout",
    "plotly_relayouting",
    "plotly_hover",
    "plotly_unhover",
    "plotly_click",
  ];
  const STILL_PX = 5;
  const TAP_MS = 700;
  const PATIENCE_MS = 80;
  const FRAME_MS = 50;
  const bound = new WeakSet();
  let pressed = null;

  /** @returns {{x, y, unit}} a pointer's place in map units, and the units of a pixel */
  function placeOf(gd, event) {
    const box = gd.getBoundingClientRect();
    const { xaxis, yaxis } = gd._fullLayout;
    const unit = (xaxis.range[1] - xaxis.range[0]) / xaxis._length;
    const x = xaxis.range[0] + (event.clientX - box.left - xaxis._offset) * unit;
    const y =
      yaxis.range[1] - ((event.clientY - box.top - yaxis._offset) * (yaxis.range[1] - yaxis.range[0])) / yaxis._length;
    return { x, y, unit };
  }

  /** @returns {number} the row under a pointer, or -1 */
  function rowUnder(gd, event) {
    const { points } = explorer.map;
    if (!points) return -1;
    const { x, y, unit } = placeOf(gd, event);
    return explorer.nearestRow(points, x, y, unit * (REACH[event.pointerType] || REACH.mouse));
  }

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const nextFrame = () => Promise.race([painted(), pause(FRAME_MS)]);

  /** Go to a row, and start the clock. */
  function choose(row) {
    Object.assign(explorer.map, { clickedAt: performance.now(), clickedRow: row });
    window.explorerMap.clickToPaintMs = null;
    const place = { ...explorer.here(), row };
    explorer.overlay.mark({ run: place.run, row, neighbors: [] });
    const answered = explorer.askNeighbors(place).then((marks) => {
      if (row === explorer.map.clickedRow) explorer.overlay.mark(marks);
    });
    // The page's own work on a new address takes longer than the picture: let the picture be painted first.
    Promise.race([answered, pause(PATIENCE_MS)])
      .then(nextFrame)
      .then(() => {
        if (row === explorer.map.clickedRow) explorer.go({ row });
      });
  }

  /** @returns {boolean} whether an event is on the plot itself, not on its buttons */
  const onPlot = (event) =>
    Boolean(event.target.closest && event.target.closest(".nsewdrag, .draglayer, .gl-container"));

  function press(event) {
    const still = event.isPrimary && event.button === 0 && onPlot(event);
    pressed = still ? { x: event.clientX, y: event.clientY, at: performance.now() } : null;
    explorer.hidePreview();
  }

  /** A press that stayed where it was is a click on the point, or on the cluster's name, below it. */
  function release(gd, event) {
    const start = pressed;
    pressed = null;
    if (!start || performance.now() - start.at > TAP_MS) return;
    if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > STILL_PX) return;
    const row = rowUnder(gd, event);
    const label = row < 0 ? explorer.overlay.clusterAt(event) : null;
    if (row >= 0) choose(row);
    else if (label !== null) explorer.toggleCluster(label);
  }

  function hover(gd, event) {
    if (pressed || event.pointerType === "touch" || !onPlot(event)) return;
    explorer.preview(rowUnder(gd, event), event);
  }

  /** @returns {object|null} the shape of plotly's lasso or box, in map units */
  function shapeOf(selected) {
    if (!selected) return null;
    if (selected.lassoPoints) {
      const { x, y } = selected.lassoPoints;
      return x.length < 3 ? null : { path: Array.from(x, (value, i) => [value, y[i]]) };
    }
    if (!selected.range) return null;
    const { x, y } = selected.range;
    return { box: [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)] };
  }

  /** Keep the shape, not the rows; plotly's own outline goes, ours stays. */
  function select(gd, selected) {
    const shape = shapeOf(selected);
    if (!shape) return;
    window.Plotly.relayout(gd, { selections: [] });
    explorer.map.litName = undefined;
    explorer.set("selection", { run: explorer.map.view.run, shape });
  }

  /** Follow plotly's own buttons with ours. */
  function relayout(gd, change) {
    if (change && change.dragmode) window.dash_clientside.set_props("map-mode", { value: change.dragmode });
    explorer.overlay.place(gd);
  }

  /** Listen to a map's element; once for each. */
  explorer.bindMap = function (gd) {
    explorer.map.element = gd;
    if (bound.has(gd)) return;
    bound.add(gd);
    // Dash's own listeners would copy every selected point into its store – seconds at 100,000 points – and, after a
    // zoom, draw its own figure again, which is empty.
    DASHS_EVENTS.forEach((name) => gd.removeAllListeners(name));
    gd.on("plotly_selected", (selected) => select(gd, selected));
    gd.on("plotly_relayout", (change) => relayout(gd, change));
    gd.on("plotly_relayouting", () => explorer.overlay.place(gd));
    gd.on("plotly_afterplot", () => explorer.overlay.place(gd));
    gd.on("plotly_doubleclick", () => explorer.fitMap(gd));
    // Only events made by a program: a real click has been handled by then, with its own search.
    gd.on("plotly_click", (made) => made.event || choose(rowOf(gd, made.points[0])));
    gd.addEventListener("pointerdown", press, true);
    window.addEventListener("pointerup", (event) => release(gd, event), true);
    gd.addEventListener("pointermove", (event) => hover(gd, event));
    gd.addEventListener("pointerleave", () => explorer.hidePreview());
  };

  function rowOf(gd, point) {
    return point.customdata === undefined ? gd.data[point.curveNumber].customdata[point.pointNumber] : point.customdata;
  }
})();
