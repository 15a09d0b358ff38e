/**
 * The pictures on the map: a canvas over the points, under the names.  Each is about its own point, framed in its colour.
 * While the map moves, what is painted is shifted; when it rests, portraits.js chooses anew and sprites.js fetches what is missing.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const KEPT = "explorer-pictures";
  const PALE = 0.3;
  const WAITING = 0.25;
  const SHARPEST = 2;
  const FRAME_SHARE = 0.04;
  const SAVE_MS = 8000;
  const SAVE_PIXELS = 12_000_000;
  const ARRANGED = [undefined, null, "grid"];
  let saved = null;
  const state = { on: remembered(), run: null, worth: null, points: null, key: "", items: [], byRow: new Map(), frame: 0 };

  /** @returns {boolean} whether pictures are wanted: yes, unless this browser was told otherwise */
  function remembered() {
    try {
      return window.localStorage.getItem(KEPT) !== "off";
    } catch {
      return true; // no storage
    }
  }

  const canvasOf = () => document.getElementById("map-pictures");
  const hasPictures = (view) => Boolean(view) && (view.modalities || []).includes("image");

  /** Show pictures, or only points, and keep that. */
  function toggle() {
    state.on = !state.on;
    try {
      window.localStorage.setItem(KEPT, state.on ? "on" : "off");
    } catch {
      // It holds for this page then.
    }
    explorer.overlay.place(explorer.map.element);
  }

  document.addEventListener("click", ({ target }) => target.closest && target.closest("#map-pictures-toggle") && toggle());

  /** Offer the switch where there is something to switch, and the size where it shows. */
  function offer(shown) {
    const offered = Boolean(shown) && hasPictures(shown.view) && ARRANGED.includes(shown.points.arrangement);
    const button = document.getElementById("map-pictures-toggle");
    if (button) button.hidden = !offered;
    if (button) button.setAttribute("aria-pressed", String(state.on));
    const slider = document.querySelector("#map-look-body label:has([name=pictures])");
    if (slider) slider.hidden = !(offered && state.on);
    document.getElementById("map-layer").classList.toggle("over-pictures", offered && state.on);
    return offered && state.on;
  }

  /** Fetch which rows have pictures, once a run. */
  function prepare(run) {
    if (state.run === run) return;
    Object.assign(state, { run, worth: null });
    explorer.sprites.worth(run).then(
      (worth) => {
        if (state.run !== run) return;
        state.worth = worth;
        explorer.overlay.place(explorer.map.element);
      },
      (error) => explorer.notify(error.message),
    );
  }

  /** @returns {number[]} the rows whose pictures come first: the focus, its neighbours, what a search found */
  function wantedOf({ marks, place, hits }) {
    const near = marks ? [marks.row, ...marks.neighbors.map(({ row }) => row)] : [];
    const focus = place && place.row !== null ? [place.row] : [];
    return [...new Set([...focus, ...near, ...(hits ? hits.hits : []).map(({ row }) => row)])];
  }

  /** @returns {object} what decides, beside the view, which rows are shown as pictures, and how large */
  function wishOf(shown) {
    const { mask, points } = explorer.map;
    const wanted = wantedOf(shown).filter((row) => row < points.n);
    return { points, worth: state.worth, mask, wanted, larger: explorer.pictureSize() };
  }

  /** Choose what is shown for the view at rest, unless nothing has changed since the last time. */
  function choose(gd, shown, frame) {
    const wish = wishOf(shown);
    const { points, mask, wanted, larger } = wish;
    const view = explorer.camera.view(gd);
    const key = [view.x, view.y, frame.width, frame.height, larger, wanted].join();
    if (key === state.key && mask === state.mask && points === state.points) return;
    const { items, px } = explorer.choosePortraits({ ...wish, view, perX: frame.perX });
    Object.assign(state, { key, mask, points, items, byRow: new Map(items.map((item) => [item.row, item])) });
    const side = explorer.sprites.sideFor(px * sharpness());
    explorer.sprites.want(shown.view.run, items.map(({ row }) => row), side, repaint);
  }

  const sharpness = () => Math.min(SHARPEST, window.devicePixelRatio || 1);

  /** Lay out once, in the next frame: the marks go around pictures that have come. */
  function repaint() {
    cancelAnimationFrame(state.frame);
    state.frame = requestAnimationFrame(() => explorer.overlay.place(explorer.map.element));
  }

  /** @returns {{left, top, side}} where a picture is on screen now */
  function boxOn({ x, y, side }, frame) {
    const [left, top] = frame.px(x - side / 2, y + side / 2);
    return { left, top, side: side * frame.perX };
  }

  /** Draw one picture: framed in its colour or, out of the light, pale and without. @returns {boolean} whether it is there */
  function draw(pen, { row }, { left, top, side }, ground) {
    const sprite = explorer.sprites.of(state.run, row);
    if (!sprite && !state.points.cell) return false;
    const dim = state.mask && !state.mask[row];
    const edge = Math.max(1, Math.min(3, Math.round(side * FRAME_SHARE)));
    pen.globalAlpha = sprite ? 1 : WAITING;
    pen.fillStyle = dim ? ground : explorer.colorOf(row);
    pen.beginPath();
    pen.roundRect(left, top, side, side, edge + 1);
    pen.fill();
    if (!sprite) return false;
    const inner = side - 2 * edge;
    pen.globalAlpha = dim ? PALE : 1;
    pen.drawImage(sprite.image, sprite.left, sprite.top, sprite.side, sprite.side, left + edge, top + edge, inner, inner);
    return true;
  }

  /** @returns {CanvasRenderingContext2D} a pen that draws in memory: without a graphics processor ten times as fast */
  const penOf = (canvas) => canvas.getContext("2d", { willReadFrequently: true });

  /** Shift and scale what is painted to where the map is now; nothing is painted while it moves. */
  function follow(frame) {
    const canvas = canvasOf();
    if (!state.painted) return;
    const [left, top] = frame.px(state.painted.x[0], state.painted.y[1]);
    canvas.style.transform = `translate(${left}px, ${top}px) scale(${frame.perX / state.painted.perX})`;
  }

  /** Draw the pictures where the map is now. */
  function paint(gd, frame) {
    const canvas = canvasOf();
    if (!canvas || !state.items.length) return wipe();
    const sharp = sharpness();
    const [width, height] = [frame.width, frame.height].map((length) => Math.round(length * sharp));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const pen = penOf(canvas);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    const ground = getComputedStyle(canvas).getPropertyValue("--map-ground");
    state.items.forEach((item) => {
      const box = boxOn(item, frame);
      const inView = box.left + box.side > 0 && box.top + box.side > 0 && box.left < frame.width && box.top < frame.height;
      item.there = inView && draw(pen, item, box, ground);
    });
    canvas.style.transform = "";
    state.painted = { ...explorer.camera.view(gd), perX: frame.perX };
    return tell();
  }

  /** For tests and for the curious. */
  function tell() {
    const there = state.items.filter((item) => item.there);
    const told = { pictures: there.length, picturesWanted: state.items.length, sprites: explorer.sprites.stats };
    Object.assign(window.explorerMap, told, { pictureSide: side() });
  }

  function wipe() {
    const canvas = canvasOf();
    Object.assign(state, { items: [], byRow: new Map(), key: "", points: null, painted: null });
    if (window.explorerMap) Object.assign(window.explorerMap, { pictures: 0, picturesWanted: 0 });
    if (canvas) penOf(canvas).clearRect(0, 0, canvas.width, canvas.height);
  }

  /** Lay the pictures out for the axes as they are; null for *shown* leaves nothing. */
  function place(gd, shown) {
    const current = shown && shown.points === explorer.map.points;
    const frame = current && gd ? explorer.camera.scale(gd) : null;
    if (!offer(shown) || !frame) {
      explorer.sprites.rest();
      return wipe();
    }
    prepare(shown.view.run);
    if (state.points && state.points !== shown.points) wipe();
    if (!state.worth) return undefined;
    if (explorer.camera.isMoving()) return follow(frame);
    choose(gd, shown, frame);
    return paint(gd, frame);
  }

  /** @returns {object} which pictures are asked about, and the frame that they lie in: those on screen, or in what is saved */
  function current() {
    if (saved) return saved;
    const frame = state.items.length ? explorer.camera.scale(explorer.map.element) : null;
    return { items: frame ? state.items : [], byRow: state.byRow, frame };
  }

  /** @returns {number} the row whose picture lies at a place of the map, in pixels; -1 for none */
  function at(x, y) {
    const { items, frame } = current();
    const under = items.find((item) => {
      const { left, top, side } = boxOn(item, frame);
      return item.there && x >= left && x <= left + side && y >= top && y <= top + side;
    });
    return under ? under.row : -1;
  }

  /** @returns {{left, top, side}|null} where a row's picture is on screen, if it has one there */
  function boxOf(row) {
    const { byRow, frame } = current();
    const item = byRow.get(row);
    return item && item.there && frame ? boxOn(item, frame) : null;
  }

  /** @returns {number} how wide pictures are on screen now; 0 where there are none */
  function side() {
    const { items, frame } = current();
    return items.length ? items[0].side * frame.perX : 0;
  }

  /** @returns {object[]} where pictures are on screen now, for those who keep clear of them; none where they fill a grid */
  function boxes() {
    const { items, frame } = current();
    if (!items.length || explorer.map.points.cell) return [];
    return items.map((item) => {
      const { left, top, side: width } = boxOn(item, frame);
      return { left, top, right: left + width, bottom: top + width };
    });
  }

  /** @returns {object[]} row, left, top and side of all that are shown */
  const all = () => state.items.filter((item) => item.there).map(({ row }) => ({ row, ...boxOf(row) }));

  /** Wait until the pictures of rows have come, or will not. */
  async function fetched(rows, side) {
    const end = performance.now() + SAVE_MS;
    const { run } = state;
    await new Promise((done) => {
      const look = () => {
        const missing = rows.some((row) => !explorer.sprites.of(run, row));
        if (!missing || !explorer.sprites.isWaiting() || performance.now() > end) done();
      };
      explorer.sprites.want(run, rows, side, look);
      look();
    });
  }

  /** @returns {Promise<object>} the pictures of another frame, chosen anew and fetched: for what is saved of the map */
  async function forFrame(shown, frame, scale) {
    const none = { items: [], byRow: new Map(), frame };
    if (!offer(shown) || !state.worth || shown.points !== explorer.map.points) return none;
    const { items, px } = explorer.choosePortraits({ ...wishOf(shown), view: { x: frame.x, y: frame.y }, perX: frame.perX });
    await fetched(items.map(({ row }) => row), explorer.sprites.sideFor(px * scale));
    const there = items.map((item) => ({ ...item, there: Boolean(explorer.sprites.of(state.run, item.row)) }));
    return { items: there, byRow: new Map(there.map((item) => [item.row, item])), frame };
  }

  /** Answer for the pictures of another frame while something is made of them. */
  function within(chosen, make) {
    saved = chosen;
    try {
      return make();
    } finally {
      saved = null;
    }
  }

  /** @returns {HTMLCanvasElement|null} the pictures of another frame, painted at *scale* pixels a unit or less */
  function painting({ items, frame }, scale, ground) {
    if (!items.length) return null;
    const sharp = Math.min(scale, Math.sqrt(SAVE_PIXELS / (frame.width * frame.height)));
    const [width, height] = [frame.width, frame.height].map((length) => Math.max(1, Math.round(length * sharp)));
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const pen = canvas.getContext("2d");
    pen.scale(sharp, sharp);
    items.forEach((item) => draw(pen, item, boxOn(item, frame), ground));
    return canvas;
  }

  explorer.pictures = { place, at, boxOf, boxes, side, all, forFrame, within, painting };
})();
