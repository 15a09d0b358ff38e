/**
 * The layer over the points: cluster names, the ring of the focus, lines to its neighbours, hits, the lasso's outline.
 * It is SVG that follows the map's axes; it keeps no state but what it shows.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const SVG = "http://www.w3.org/2000/svg";
  let shown = null;
  let names = [];

  /** @returns {SVGElement} a new element with attributes */
  function element(kind, attributes, text) {
    const made = document.createElementNS(SVG, kind);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /** @returns {{px: function, width, height}|null} how map units become pixels now */
  function scale(gd) {
    const { xaxis, yaxis } = gd._fullLayout;
    if (!xaxis || !xaxis._length) return null;
    const perX = xaxis._length / (xaxis.range[1] - xaxis.range[0]);
    const perY = yaxis._length / (yaxis.range[1] - yaxis.range[0]);
    const px = (x, y) => [xaxis._offset + (x - xaxis.range[0]) * perX, yaxis._offset + (yaxis.range[1] - y) * perY];
    return { px, perY, width: xaxis._length, height: yaxis._length };
  }

  /** @returns {string} the colour of a row's cluster in the theme on screen */
  function colorOf(row) {
    const { points, view, theme } = shown;
    const label = points.label[row];
    const colors = view.colors[theme];
    return label < 0 ? view.colors.noise : colors[label % colors.length];
  }

  /** Draw lines from the focus to its neighbours, their marks, and the ring. */
  function focusShapes(at) {
    const { marks, place } = shown;
    const row = marks ? marks.row : place && place.row;
    if (row === null || row === undefined || row >= shown.points.n || Number.isNaN(shown.points.x[row])) return [];
    const [x, y] = at(row);
    const near = (marks ? marks.neighbors : []).filter((n) => !Number.isNaN(shown.points.x[n.row]));
    const lines = near.map((n) => {
      const [nx, ny] = at(n.row);
      return element("line", { x1: x, y1: y, x2: nx, y2: ny, class: "neighbor-line" });
    });
    const dots = near.map((n) => {
      const [cx, cy] = at(n.row);
      return element("circle", { cx, cy, r: 5.5, fill: colorOf(n.row), class: "neighbor-mark", "data-row": n.row });
    });
    const core = element("circle", { cx: x, cy: y, r: 5.5, fill: colorOf(row), class: "focus-core" });
    const ring = element("circle", { cx: x, cy: y, r: 12, class: "focus-ring", "data-row": row });
    return [...lines, ...dots, core, ring];
  }

  function hitShapes(at) {
    if (!shown.hits) return [];
    return shown.hits.hits
      .filter((hit) => !Number.isNaN(shown.points.x[hit.row]))
      .map((hit) => {
        const [cx, cy] = at(hit.row);
        return element("circle", { cx, cy, r: 6.5, fill: colorOf(hit.row), class: "hit-mark", "data-row": hit.row });
      });
  }

  function outline(px) {
    if (!shown.selection) return [];
    const { path, box } = shown.selection.shape;
    const corners = path || [
      [box[0], box[1]],
      [box[2], box[1]],
      [box[2], box[3]],
      [box[0], box[3]],
    ];
    const points = corners.map(([x, y]) => px(x, y).join(",")).join(" ");
    return [element("polygon", { points, class: "selection-outline" })];
  }

  function nameShapes(frame) {
    names = explorer.settleNames(shown, frame);
    return names.map(({ words, size, x, y, cluster, clusters }) => {
      const others = shown.dimmed && !clusters.includes(shown.cluster);
      const attributes = {
        x,
        y,
        "font-size": size,
        class: `cluster-name${others ? " pale" : ""}`,
        "data-cluster": cluster.cluster === null ? "" : cluster.cluster,
      };
      return element("text", attributes, words);
    });
  }

  /** Lay everything out for the axes as they are. */
  function place(gd) {
    const layer = document.getElementById("map-layer");
    const frame = shown && gd ? scale(gd) : null;
    if (!layer) return;
    if (!frame) {
      names = [];
      layer.replaceChildren();
      return;
    }
    const at = (row) => frame.px(shown.points.x[row], shown.points.y[row]);
    const svg = element("svg", { width: "100%", height: "100%" });
    svg.append(...explorer.takenRings(shown, frame), ...outline(frame.px), ...nameShapes(frame), ...hitShapes(at), ...focusShapes(at));
    layer.replaceChildren(svg);
  }

  /** Show something else; null shows nothing. */
  function show(next) {
    shown = next;
    place(explorer.map.element);
  }

  /** Mark a row and its neighbours at once, before the stores have said so. */
  function mark(marks) {
    if (!marks || !shown || marks.run !== shown.view.run) return;
    show({ ...shown, marks, place: { ...shown.place, row: marks.row } });
    explorer.painted(marks);
  }

  /** @returns {number|null} the cluster whose name is under a pointer */
  function clusterAt(event) {
    const layer = document.getElementById("map-layer").getBoundingClientRect();
    const x = event.clientX - layer.left;
    const y = event.clientY - layer.top;
    const name = names.find((n) => x >= n.left && x <= n.right && y >= n.top && y <= n.bottom);
    return name ? name.cluster.cluster : null;
  }

  explorer.overlay = { show, mark, place, clusterAt };
})();
