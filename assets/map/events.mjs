/**
 * What a hand does on the map: hover, click, tap, lasso and box become addresses, previews and shapes.
 * Rows are found on the decoded points, so a click never depends on plotly's throttled hover.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const REACH = { mouse: 9, pen: 12, touch: 18 };
  const DOT_PX = 4;
  const FEW_DOTS = 50_000;
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
  const fingers = new Map();
  let pressed = null;

  /**
   * @returns {{row: number, name: object|null}} the row under a pointer – that of the picture there, if any, else of the
   *   nearest dot –, or -1, and the name.  On a name only the dot
   *   itself counts, and none where dots are many and small: else a name that lies on its points could not be hit.
   */
  function under(gd, event) {
    const { points } = explorer.map;
    const seen = explorer.camera.scale(gd);
    if (!points || !seen) return { row: -1, name: null };
    const name = explorer.overlay.nameAt(event);
    const reach = !name ? REACH[event.pointerType] || REACH.mouse : window.explorerMap.inView <= FEW_DOTS ? DOT_PX : 0;
    const pictured = name ? -1 : explorer.pictures.at(...within(gd, event));
    if (pictured >= 0) return { row: pictured, name: null };
    const [x, y] = seen.map(...within(gd, event));
    const row = reach ? explorer.nearestRow(points, x, y, reach / seen.perX) : -1;
    return { row, name: row < 0 ? name : null };
  }

  /** @returns {number[]} a pointer's place in pixels of the map */
  function within(gd, { clientX, clientY }) {
    const box = gd.getBoundingClientRect();
    return [clientX - box.left, clientY - box.top];
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

  /** @returns {boolean} whether dragging moves the map; otherwise plotly draws a lasso or a box */
  const pans = (gd) => gd._fullLayout.dragmode === "pan";

  function press(gd, event) {
    explorer.hidePreview();
    explorer.overlay.hover(-1);
    if (!onPlot(event) || event.button !== 0) return;
    fingers.set(event.pointerId, within(gd, event));
    const first = event.isPrimary && fingers.size === 1;
    pressed = first ? { x: event.clientX, y: event.clientY, at: event.timeStamp } : null;
    if (!pans(gd)) explorer.camera.rest(gd);
  }

  /** A press that stayed where it was is a click on the point, or on the name of one or several clusters, below it. */
  function release(gd, event) {
    const start = pressed;
    const dragged = fingers.delete(event.pointerId) && explorer.camera.isMoving();
    pressed = null;
    if (dragged && fingers.size === 0) explorer.camera.pan(gd, 0, 0, false);
    if (!start || event.timeStamp - start.at > TAP_MS || event.type === "pointercancel") return;
    if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > STILL_PX) return;
    const { row, name } = under(gd, event);
    if (row >= 0) choose(row);
    else if (name) explorer.focusClusters(name.clusters, name.name);
  }

  /** One finger, or the mouse, shifts the map; two also zoom it. */
  function drag(gd, event) {
    if (!fingers.has(event.pointerId) || !pans(gd)) return;
    const still = pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) <= STILL_PX;
    if (still && !explorer.camera.isMoving()) return;
    const before = spanOf([...fingers.values()]);
    fingers.set(event.pointerId, within(gd, event));
    const after = spanOf([...fingers.values()]);
    const { points } = explorer.map;
    const [dx, dy] = [after.x - before.x, after.y - before.y];
    if (points && points.turn && fingers.size === 1 && !event.shiftKey) return points.turn(gd, dx, dy);
    explorer.camera.pan(gd, dx, dy, true);
    if (fingers.size > 1) explorer.camera.zoom(gd, before.width / after.width, after.x, after.y, true);
  }

  /** @returns {{x, y, width}} the middle of some fingers and how far apart the first two are */
  function spanOf(places) {
    const middle = (axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length;
    const [first, second = first] = places;
    return { x: middle(0), y: middle(1), width: Math.hypot(first[0] - second[0], first[1] - second[1]) || 1 };
  }

  function wheel(gd, event) {
    if (!onPlot(event)) return;
    event.preventDefault();
    event.stopPropagation();
    explorer.hidePreview();
    explorer.overlay.hover(-1);
    explorer.camera.zoom(gd, explorer.camera.turn(event), ...within(gd, event));
  }

  /** Keep plotly from dragging what the camera moves. */
  function keep(gd, event) {
    if (pans(gd) && onPlot(event)) event.stopPropagation();
  }

  function hover(gd, event) {
    if (fingers.size || event.pointerType === "touch" || !onPlot(event)) return;
    const { row, name } = under(gd, event);
    gd.classList.toggle("over-name", name !== null);
    const coming = explorer.preview(row, event);
    if (row < 0) explorer.overlay.hover(-1);
    if (coming) coming.then((now) => now === row && explorer.overlay.hover(row));
  }

  function leave() {
    explorer.overlay.hover(-1);
    explorer.hidePreview();
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

  /** Keep what is selected; plotly's own outline goes, ours stays. */
  function select(gd, selected) {
    const drawn = shapeOf(selected);
    if (!drawn) return;
    const shape = explorer.selected.kept(explorer.map.points, drawn);
    window.Plotly.relayout(gd, { selections: [] });
    explorer.map.litName = undefined;
    explorer.set("selection", { run: explorer.map.view.run, shape });
  }

  /** Follow plotly's own buttons with ours. */
  function relayout(gd, change) {
    if (change && change.dragmode) window.dash_clientside.set_props("map-mode", { value: change.dragmode });
    if (change && change.autosize) explorer.settle(gd);
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
    gd.on("plotly_afterplot", () => explorer.overlay.place(gd));
    gd.on("plotly_doubleclick", () => explorer.fitMap(gd));
    gd.addEventListener("dblclick", (event) => pans(gd) && onPlot(event) && explorer.fitMap(gd));
    // Only events made by a program: a real click has been handled by then, with its own search.
    gd.on("plotly_click", (made) => made.event || choose(rowOf(gd, made.points[0])));
    gd.addEventListener("pointerdown", (event) => press(gd, event), true);
    ["mousedown", "touchstart"].forEach((kind) => gd.addEventListener(kind, (event) => keep(gd, event), true));
    gd.addEventListener("wheel", (event) => wheel(gd, event), { capture: true, passive: false });
    window.addEventListener("pointermove", (event) => drag(gd, event), true);
    ["pointerup", "pointercancel"].forEach((kind) => window.addEventListener(kind, (event) => release(gd, event), true));
    gd.addEventListener("pointermove", (event) => hover(gd, event));
    gd.addEventListener("pointerleave", leave);
  };

  function rowOf(gd, point) {
    return point.customdata === undefined ? gd.data[point.curveNumber].customdata[point.pointNumber] : point.customdata;
  }
})();
