/**
 * The range on a legend's scale: a histogram of the values above it, two handles below it, and in words what is bright.
 * Rows have a step of 255 on the scale, so a range is of steps; the values said are those that rows in it truly have.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const SVG = "http://www.w3.org/2000/svg";
  const LAST = 254;
  const HIGH = 100;
  const BIN = 5;
  const REST_MS = 250;
  const PLAY_MS = 120;
  const PLAY_STEP = 2;
  const DIGITS = 6;
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const state = { column: null, counts: null, box: null, range: [0, LAST], held: false, frame: 0, timer: 0, playing: 0 };

  const count = (number) => number.toLocaleString("en");

  /** @returns {Uint32Array} how many rows have each step; the last is those without a value */
  function countsOf({ codes }) {
    const counts = new Uint32Array(LAST + 2);
    const bytes = atob(codes);
    for (let row = 0; row < bytes.length; row++) counts[bytes.charCodeAt(row)]++;
    return counts;
  }

  /** @returns {string} a value as it is written: a number, or a day such as 3 Mar 2025, with its time where it has one */
  function written(value) {
    if (typeof value === "number") return value.toLocaleString("en", { maximumSignificantDigits: DIGITS });
    const parts = /^(-?\d+)-(\d\d)-(\d\d)(?:T(\d\d:\d\d)(:\d\d)?)?/.exec(value);
    if (!parts) return String(value);
    const [, year, month, day, time, seconds] = parts;
    const clock = time ? ` ${time}${seconds && seconds !== ":00" ? seconds : ""}` : "";
    return `${Number(day)} ${MONTHS[month - 1]} ${year}${clock}`;
  }

  /** @returns {{first, last, rows}} the least and the greatest value of the rows in a range of steps, and how many */
  function within({ firsts, lasts }, counts, [low, high]) {
    const told = { first: null, last: null, rows: 0 };
    for (let code = low; code <= high; code++) {
      if (!counts[code]) continue;
      if (told.first === null) told.first = firsts[code];
      told.last = lasts[code];
      told.rows += counts[code];
    }
    return told;
  }

  /** @returns {string} what a range holds: from which value to which, and how many rows of all */
  function sentence(column, counts, range) {
    const { first, last, rows } = within(column, counts, range);
    const all = counts.reduce((sum, number) => sum + number, 0);
    const share = `${count(rows)} of ${count(all)} row${all === 1 ? "" : "s"}`;
    if (!rows) return `No row between these: ${share}`;
    return first === last ? `${written(first)}: ${share}` : `${written(first)} – ${written(last)}: ${share}`;
  }

  /** @returns {string} a path of a column for every few steps, as high as the rows that have them */
  function outline(counts) {
    const bins = new Uint32Array((LAST + 1) / BIN);
    for (let code = 0; code <= LAST; code++) bins[Math.floor(code / BIN)] += counts[code];
    const most = bins.reduce((high, number) => Math.max(high, number), 1);
    const columns = Array.from(bins, (number, at) => {
      const y = number ? Math.min(HIGH - 4, HIGH - (HIGH * number) / most) : HIGH;
      return `V${y.toFixed(1)}H${(at + 1) * BIN}`;
    });
    return `M0 ${HIGH}${columns.join("")}V${HIGH}Z`;
  }

  /** @returns {SVGElement} how many rows lie where on the scale; what is outside of the range is pale */
  function histogram(counts) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "legend-histogram");
    svg.setAttribute("viewBox", `0 0 ${LAST + 1} ${HIGH}`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    ["all", "in"].forEach((name) => {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", outline(counts));
      path.setAttribute("class", name);
      svg.append(path);
    });
    return svg;
  }

  /** @returns {HTMLInputElement} a handle; both lie over each other, and only their thumbs take the pointer */
  function handle(name, title, at) {
    const input = document.createElement("input");
    Object.assign(input, { type: "range", min: 0, max: LAST, step: 1, value: at, className: "legend-handle" });
    input.dataset.end = name;
    input.setAttribute("aria-label", title);
    return input;
  }

  /** @returns {{above: Element[], below: Element[]}} what stands above the ramp of a scale, and the handles below it */
  function parts(column) {
    cancel();
    Object.assign(state, { column, counts: countsOf(column), range: [0, LAST] });
    const span = document.createElement("div");
    span.className = "legend-handles";
    const title = column.title || column.column;
    span.append(handle("low", `${title}: from`, 0), handle("high", `${title}: up to`, LAST));
    return { above: [histogram(state.counts)], below: column.low === column.high ? [] : [span] };
  }

  /** @returns {HTMLElement} a quiet button */
  function button(words, name, hint) {
    const made = document.createElement("button");
    Object.assign(made, { className: "ghost", textContent: words, title: hint });
    made.dataset[name] = "1";
    return made;
  }

  /** @returns {HTMLElement[]} where it is said what is bright, the way back and, for dates, the walk through time */
  function words(column) {
    if (column.low === column.high) return [];
    const box = document.createElement("div");
    box.className = "legend-range";
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    const play = column.kind === "date" ? [button("Play", "play", "Move this span along the scale")] : [];
    box.append(said, ...play, button("Show all", "rangeAll", "Show all rows bright"));
    return [box];
  }

  /** Show a range in the handles, the histogram and the words. */
  function mark(range) {
    const box = document.getElementById("map-legend");
    const handles = [...box.querySelectorAll(".legend-handle")];
    state.range = range;
    if (!handles.length) return;
    handles.forEach((input, end) => {
      const value = within(state.column, state.counts, range)[end ? "last" : "first"];
      input.value = range[end];
      input.setAttribute("aria-valuetext", value === null ? "no row" : written(value));
      input.classList.toggle("on-top", end === 0 && range[0] > LAST / 2);
    });
    const [left, right] = [(100 * range[0]) / (LAST + 1), 100 - (100 * (range[1] + 1)) / (LAST + 1)];
    box.querySelector(".legend-histogram .in").style.clipPath = `inset(0 ${right}% 0 ${left}%)`;
    box.querySelector(".legend-range p").textContent = sentence(state.column, state.counts, range);
    box.querySelectorAll(".legend-range button").forEach((one) => (one.disabled = isWhole(range)));
  }

  /** Show what the address says, unless a hand is on a handle. */
  function show(range) {
    if (!state.held && !state.playing) mark(range || [0, LAST]);
  }

  const isWhole = ([low, high]) => low === 0 && high === LAST;

  /** Keep the range in the address; where it is there already, have the map drawn as it was. */
  function keep() {
    cancel();
    const range = isWhole(state.range) ? null : state.range;
    if ((explorer.here().picked || "") === (range || []).join("-")) explorer.glimpse(null);
    else explorer.pick({ range });
  }

  /** Show a range at once, a frame at most, and keep it when the hand rests. */
  function move(range) {
    mark(range);
    if (!state.frame) {
      state.frame = requestAnimationFrame(() => {
        state.frame = 0;
        explorer.glimpse({ range: isWhole(state.range) ? null : state.range });
      });
    }
    clearTimeout(state.timer);
    if (!state.held && !state.playing) state.timer = setTimeout(keep, REST_MS);
  }

  /** Leave what is under way. */
  function cancel() {
    clearTimeout(state.timer);
    clearInterval(state.playing);
    cancelAnimationFrame(state.frame);
    Object.assign(state, { held: false, frame: 0, playing: 0 });
    document.querySelectorAll("#map-legend [data-play]").forEach((one) => (one.textContent = "Play"));
  }

  /** A handle moves; it pushes the other one rather than pass it. */
  function slide({ dataset, value }) {
    const at = Number(value);
    const [low, high] = state.range;
    move(dataset.end === "low" ? [at, Math.max(at, high)] : [Math.min(at, low), at]);
  }

  /** Move the span along the scale, and from its end back to its beginning. */
  function advance() {
    const [low, high] = state.range;
    const by = high === LAST ? -low : Math.min(PLAY_STEP, LAST - high);
    move([low + by, high + by]);
  }

  /** Start or stop the walk of the span along the scale. */
  function play(pressed) {
    if (state.playing) return keep();
    Object.assign(state, { playing: setInterval(advance, PLAY_MS) });
    pressed.textContent = "Stop";
    return null;
  }

  /** Show all rows bright. */
  function leave() {
    mark([0, LAST]);
    keep();
  }

  const on = (event, selector) => (event.target.closest ? event.target.closest(`#map-legend ${selector}`) : null);

  document.addEventListener("input", (event) => on(event, ".legend-handle") && slide(event.target));
  document.addEventListener("pointerdown", (event) => {
    if (!on(event, ".legend-handle")) return;
    cancel();
    state.held = true;
  });
  ["pointerup", "pointercancel"].forEach((kind) =>
    document.addEventListener(kind, () => {
      if (state.held) keep();
    }),
  );
  document.addEventListener("keydown", (event) => event.key === "Escape" && on(event, ".legend-handle") && leave());
  document.addEventListener("click", (event) => {
    if (on(event, "[data-range-all]")) leave();
    if (on(event, "[data-play]")) play(on(event, "[data-play]"));
  });

  explorer.range = { parts, words, show, sentence: (column, range) => sentence(column, countsOf(column), range) };
})();
