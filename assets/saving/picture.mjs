/**
 * A picture of the map as it is seen, at any size, as SVG that needs nothing else: points, marks, names, legend, title.
 * It offers nothing to press (saving_dialog.js does) and says what colours mean elsewhere (saving_legend.js).
 * Sizes are in units, as large as a screen's pixels look: a picture of UNITS has about as much text as a window.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  explorer.saving = explorer.saving || {};
  const SVG = "http://www.w3.org/2000/svg";
  const XLINK = "http://www.w3.org/1999/xlink";
  const FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'DejaVu Sans', Arial, sans-serif";
  const UNITS = 1200 * 750;
  const MOST_CIRCLES = 20_000;
  const MOST_PIXELS = 12_000_000;
  const EDGE = 16;
  const TITLE = 20;
  const FOOT = 11.5;
  const LEGEND = { width: 230, most: 0.34 };
  const METHODS = { umap: "UMAP", pca: "principal components", disc: "all rows the same" };
  const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
  const INKS = {
    light: { ink: "#1c2230", quiet: "#5b6475", ground: "#fcfcfe", accent: "#4154d6" },
    dark: { ink: "#e8ebf1", quiet: "#9aa4b5", ground: "#10141a", accent: "#93a1ff" },
  };
  const pen = document.createElement("canvas").getContext("2d");

  /** @returns {SVGElement} a new element with attributes */
  function element(kind, attributes = {}, children = []) {
    const made = document.createElementNS(SVG, kind);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...children);
    return made;
  }

  /** @returns {SVGElement} a line of text that starts at x on the base line y */
  function text(words, x, y, { size, fill, weight = "normal", anchor = "start", ...others }) {
    const given = { x, y, "font-size": size, "font-weight": weight, "text-anchor": anchor, fill, ...others };
    return element("text", given, [words.replace(NOT_XML, "").toWellFormed()]);
  }

  /** @returns {number} how wide words are */
  function widthOf(words, size, weight = "normal") {
    pen.font = `${weight} ${size}px ${FONT}`;
    return pen.measureText(words).width;
  }

  /** @returns {string} the words, shortened where they are wider than there is room */
  function fitting(words, width, size, weight) {
    if (widthOf(words, size, weight) <= width) return words;
    const signs = [...words];
    while (signs.length && widthOf(`${signs.join("")}…`, size, weight) > width) signs.pop();
    return signs.length ? `${signs.join("").trimEnd()}…` : "";
  }

  /** @returns {{scale, width, height}} how many pixels a unit is, and how many units a picture has */
  function measures({ width, height }) {
    const scale = Math.max(1, Math.sqrt((width * height) / UNITS));
    return { scale, width: width / scale, height: height / scale };
  }

  /** @returns {{map, legend}} the boxes of the map and of the legend, beside it or below it: where the map becomes larger */
  function boxes(size, wish, scene, seen) {
    const top = wish.title ? EDGE + TITLE + 12 : EDGE;
    const whole = { x: EDGE, y: top, width: size.width - 2 * EDGE, height: size.height - top - FOOT - 1.5 * EDGE };
    if (!wish.legend) return { map: whole, legend: null };
    const low = Math.min(LEGEND.most * whole.height, explorer.saving.legendHeight(scene, whole.width));
    const upper = { ...whole, height: whole.height - low - EDGE };
    const below = { map: upper, legend: { ...whole, y: upper.y + upper.height + EDGE, height: low } };
    const left = { ...whole, width: whole.width - LEGEND.width - EDGE };
    const beside = { map: left, legend: { ...whole, x: left.x + left.width + EDGE, width: LEGEND.width } };
    if (left.width < LEGEND.width) return below;
    return frameOf(seen, left).perX >= frameOf(seen, upper).perX ? beside : below;
  }

  /** @returns {object} how map units become units of the picture: the view on screen, widened to the shape of a box */
  function frameOf(seen, { width, height }) {
    const unit = Math.max((seen.x[1] - seen.x[0]) / width, (seen.y[1] - seen.y[0]) / height);
    const about = ([low, high], length) => [(low + high - unit * length) / 2, (low + high + unit * length) / 2];
    const [x, y] = [about(seen.x, width), about(seen.y, height)];
    const px = (a, b) => [(a - x[0]) / unit, (y[1] - b) / unit];
    const map = (left, top) => [x[0] + left * unit, y[1] - top * unit];
    return { x, y, px, map, perX: 1 / unit, perY: 1 / unit, width, height };
  }

  /** @returns {Int32Array} the rows whose middle is in a frame, of any arrangement */
  function rowsIn(points, { x, y }) {
    const rows = new Int32Array(points.n);
    let found = 0;
    for (let row = 0; row < points.n; row++) {
      const [across, up] = [points.x[row], points.y[row]];
      if (across >= x[0] && across <= x[1] && up >= y[0] && up <= y[1]) rows[found++] = row;
    }
    return rows.subarray(0, found);
  }

  /** @returns {SVGElement} the given rows as circles of one look */
  function circles(points, rows, { size, color, opacity }, frame, zoom) {
    const r = ((size / 2) * zoom).toFixed(2);
    const dots = Array.from(rows, (row) => {
      const [cx, cy] = frame.px(points.x[row], points.y[row]).map((value) => value.toFixed(2));
      return element("circle", { cx, cy, r });
    });
    return element("g", { fill: color, "fill-opacity": opacity.toFixed(2) }, dots);
  }

  /** @returns {SVGElement[]} the rows in view as circles, a group a colour; those out of the light first and pale */
  function dotted(points, rows, { shades, mask }, frame, zoom) {
    const look = explorer.look(rows.length);
    const marker = explorer.markers(look, shades, mask);
    const lit = mask ? rows.filter((row) => mask[row]) : rows;
    const dim = mask ? rows.filter((row) => !mask[row]) : [];
    const groups = explorer.colors.groupsOf(lit, shades.codes, shades.colors.length);
    const bright = groups.map((group, code) => group.length && circles(points, group, marker(code), frame, zoom));
    const pale = { size: look.size * 0.85, color: shades.pale, opacity: 1 };
    return [...(dim.length ? [circles(points, dim, pale, frame, zoom)] : []), ...bright.filter(Boolean)];
  }

  /** @returns {SVGElement[]} the rows in view as one painting, each of them in it: they are too many for circles */
  function painted(points, rows, { shades, mask, inks }, frame, { scale }) {
    const sharp = Math.min(scale, Math.sqrt(MOST_PIXELS / (frame.width * frame.height)));
    const canvas = document.createElement("canvas");
    const [width, height] = [frame.width, frame.height].map((length) => Math.max(1, Math.round(length * sharp)));
    const dot = Math.max(1, Math.round(explorer.density.diameter(rows.length) * sharp));
    const view = { x: frame.x, y: frame.y, width, height };
    if (points.paint) points.paint(canvas, shades, mask, { ...view, scale: sharp, ground: inks.ground });
    else explorer.density.paint(canvas, points, shades.ink, { ...view, dot, pale: 1 });
    const made = element("image", { x: 0, y: 0, width: frame.width, height: frame.height, "data-rows": rows.length });
    made.setAttributeNS(XLINK, "xlink:href", canvas.toDataURL("image/png"));
    return [made];
  }

  /** @returns {SVGElement[]} the pictures at their points, as one painting */
  function pictured(pictures, frame, { scale }, { ground }) {
    const canvas = explorer.pictures.painting(pictures, scale, ground);
    if (!canvas) return [];
    const shown = pictures.items.filter((item) => item.there).length;
    const made = element("image", { x: 0, y: 0, width: frame.width, height: frame.height, "data-pictures": shown });
    made.setAttributeNS(XLINK, "xlink:href", canvas.toDataURL("image/png"));
    return [made];
  }

  /** @returns {SVGElement[]} the names, laid out anew for the frame */
  function named(shown, frame, { ink, ground }) {
    const { names, nameLevel } = window.explorerMap;
    const placed = explorer.settleNames(shown, frame);
    Object.assign(window.explorerMap, { names, nameLevel }); // those on screen are still the others
    return placed.map(({ words, size, x, y, clusters }) => {
      const others = shown.dimmed && shown.focus.length && !clusters.some((label) => shown.focus.includes(label));
      const halo = { stroke: ground, "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke" };
      const look = { size: size.toFixed(2), fill: ink, weight: "bold", anchor: "middle", ...halo };
      return text(words, x.toFixed(2), (y + 0.35 * size).toFixed(2), { ...look, ...(others ? { opacity: 0.35 } : {}) });
    });
  }

  /** @returns {object} attributes of the marks on screen, which have theirs from a style sheet */
  const marksLook = ({ ink, ground, accent }) => ({
    "taken-rings": { fill: "none", stroke: ink, opacity: 0.5 },
    "neighbor-line": { stroke: ink },
    far: { "stroke-dasharray": "6 5" },
    "neighbor-mark": { stroke: ink },
    "stranger-mark": { fill: "none", stroke: ink, "stroke-width": 1.3, "stroke-dasharray": "1.5 2.5", opacity: 0.8 },
    "focus-core": { stroke: ground, "stroke-width": 1.5 },
    "focus-ring": { fill: "none", stroke: ink, "stroke-width": 3 },
    "hit-mark": { stroke: ink, "stroke-width": 2 },
    "selection-outline": { fill: accent, "fill-opacity": 0.08, stroke: accent, "stroke-width": 1.8, "stroke-dasharray": "6 4" },
  });

  /** @returns {SVGElement} a mark, and what is in it, with plain attributes instead of classes */
  function plain(made, looks) {
    [made, ...made.querySelectorAll("*")].forEach((one) => {
      one.classList.forEach((name) =>
        Object.entries(looks[name] || {}).forEach(([attribute, value]) => one.setAttribute(attribute, value)),
      );
      ["class", "data-row", "data-clusters"].forEach((name) => one.removeAttribute(name));
    });
    return made;
  }

  /** @returns {string[]} how the map was made and how far to trust it; of another arrangement, which it is */
  function madeOf({ arrangement }, { projection, trustworthiness: trust }) {
    if (arrangement) return [explorer.arrangements.titleOf(arrangement)];
    return [METHODS[projection] || projection, trust === null ? "" : `trustworthiness ${trust.toFixed(3)}`];
  }

  /** @returns {string} what the picture shows, in a line: rows, clusters, how the map was made and how far to trust it */
  function factsOf({ points, view, mask }, inView, status) {
    const count = (number, one) => `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;
    const noise = points.label.reduce((sum, label) => sum + (label < 0 ? 1 : 0), 0);
    const lit = mask ? mask.reduce((sum, one) => sum + one, 0) : 0;
    const all = points.grid.rows.length;
    return [
      inView < all ? `${inView.toLocaleString("en")} of ${count(all, "row")} in view` : count(all, "row"),
      mask ? `${lit.toLocaleString("en")} bright` : "",
      count(view.clusters.length, "cluster"),
      noise ? `${((100 * noise) / points.n).toPrecision(2)} % noise` : "",
      ...madeOf(points, status),
    ]
      .filter(Boolean)
      .join(" · ");
  }

  /** @returns {SVGElement[]} the points and the marks over them */
  function mapParts(scene, rows, frame, size) {
    const { points, gd } = explorer.map;
    const onScreen = explorer.camera.scale(gd);
    const zoom = Math.min(1.6, Math.max(0.6, frame.perX / onScreen.perX));
    const many = rows.length > MOST_CIRCLES || points.paint;
    const looks = marksLook(scene.inks);
    const { under, over } = explorer.overlay.shapes(frame);
    return {
      dots: many ? painted(points, rows, scene, frame, size) : dotted(points, rows, scene, frame, zoom),
      under: under.map((one) => plain(one, looks)),
      over: over.map((one) => plain(one, looks)),
    };
  }

  /** Have the marks coloured for a theme while something is made. */
  function withShades(shades, make) {
    const kept = explorer.map.shades;
    explorer.map.shades = shades;
    try {
      return make();
    } finally {
      explorer.map.shades = kept;
    }
  }

  /** @returns {SVGElement} the picture's ground, title and line of facts */
  function around(size, wish, inks, facts) {
    const width = size.width - 2 * EDGE;
    const ground = wish.background === "transparent" ? [] : [element("rect", { ...size, fill: inks.ground })];
    ground.forEach((one) => one.removeAttribute("scale"));
    const title = wish.title ? fitting(wish.title, width, TITLE, "bold") : "";
    const head = text(title, EDGE, EDGE + TITLE * 0.8, { size: TITLE, weight: "bold", fill: inks.ink });
    const foot = text(fitting(facts, width, FOOT), EDGE, size.height - EDGE * 0.8, { size: FOOT, fill: inks.quiet });
    return [...ground, ...(title ? [head] : []), foot];
  }

  /**
   * @param {object} wish width and height in pixels, title, legend, names (booleans), theme, background ("transparent" for none)
   * @returns {Promise<SVGElement>} the picture
   */
  async function compose(wish) {
    const { points, view, mask, shown, gd } = explorer.map;
    const inks = INKS[wish.theme];
    const scene = { points, view, mask, shown, inks, shades: explorer.shadesFor(wish.theme) };
    const [size, seen] = [measures(wish), explorer.camera.view(gd)];
    const { map: box, legend } = boxes(size, wish, scene, seen);
    const frame = frameOf(seen, box);
    const rows = rowsIn(points, frame);
    const themed = { ...size, theme: wish.theme };
    const pictures = await explorer.pictures.forFrame(shown, frame, size.scale);
    const within = (make) => withShades(scene.shades, () => explorer.pictures.within(pictures, make));
    const parts = within(() => mapParts(scene, rows, frame, themed));
    const painting = within(() => pictured(pictures, frame, themed, inks));
    const names = wish.names ? within(() => named(shown, frame, inks)) : [];
    explorer.overlay.place(gd); // what is on screen wants other pictures
    const status = await explorer.fetched(`${explorer.api}/runs/${encodeURIComponent(view.run)}`).then((answer) => answer.json());
    const clip = element("clipPath", { id: "map" }, [element("rect", { width: box.width, height: box.height })]);
    const about = { transform: `translate(${box.x} ${box.y})` };
    const drawn = [
      element("g", { id: "points" }, parts.dots),
      element("g", { id: "pictures" }, painting),
      element("g", { id: "marks-under" }, parts.under),
      element("g", { id: "names" }, names),
      element("g", { id: "marks" }, parts.over),
    ];
    const svg = element("svg", {
      xmlns: SVG,
      width: wish.width,
      height: wish.height,
      viewBox: `0 0 ${size.width.toFixed(2)} ${size.height.toFixed(2)}`,
      "font-family": FONT,
    });
    svg.append(
      element("defs", {}, [clip]),
      ...around(size, wish, inks, factsOf(scene, rows.length, status)),
      element("g", about, [element("g", { "clip-path": "url(#map)" }, drawn)]),
    );
    if (legend) svg.append(explorer.saving.legend(scene, legend));
    return svg;
  }

  /** @returns {Promise<Blob>} the picture as SVG */
  async function toSvg(wish) {
    const words = new XMLSerializer().serializeToString(await compose(wish));
    return new Blob(['<?xml version="1.0" encoding="UTF-8"?>\n', words], { type: "image/svg+xml" });
  }

  /** @returns {Promise<Blob>} the picture as PNG: the SVG, painted */
  async function toPng(wish) {
    const address = URL.createObjectURL(await toSvg(wish));
    const picture = new Image(wish.width, wish.height);
    try {
      picture.src = address;
      await picture.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: wish.width, height: wish.height });
      canvas.getContext("2d").drawImage(picture, 0, 0, wish.width, wish.height);
      const made = await new Promise((done) => canvas.toBlob(done, "image/png"));
      if (!made) throw new Error(`this browser cannot paint ${wish.width} × ${wish.height} pixels; choose a smaller size.`);
      return made;
    } finally {
      URL.revokeObjectURL(address);
    }
  }

  Object.assign(explorer.saving, { compose, toSvg, toPng, element, text, fitting, widthOf });
})();
