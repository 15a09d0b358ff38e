/**
 * The legend of what colours the map: categories, or a scale with its ticks, what it means and what lies beyond it.
 * It colours nothing.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const DIGITS = 4;
  const LETTER_PX = 6.6;
  const GAP_PX = 8;
  const RAMP_PX = 208;

  const count = (number) => number.toLocaleString("en");
  const rows = (number) => `${count(number)} row${number === 1 ? "" : "s"}`;

  /** @returns {HTMLElement} an element with a class and plain text */
  function make(kind, className, text) {
    const made = document.createElement(kind);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /** @returns {string} a number without needless digits, or a date without its time */
  function readable(value) {
    if (typeof value === "number") return value.toLocaleString("en", { maximumSignificantDigits: DIGITS });
    return String(value === null || value === undefined ? "" : value).replace(/T00:00:00.*$/, "");
  }

  /** @returns {HTMLElement} a colour with its name */
  function entry(color, name) {
    const line = make("div", "legend-entry");
    const dot = make("span", "dot");
    dot.style.background = color;
    line.title = name;
    line.append(dot, make("span", "chip-name", name));
    return line;
  }

  /** @returns {{at, value}[]} the ticks of a scale, or its ends where it has too few */
  function marksOf({ ticks, low, high }) {
    if (ticks.length > 1 || low === high) return ticks;
    return [
      { at: 0, value: low },
      { at: 1, value: high },
    ];
  }

  /** @returns {HTMLElement} a bar from low to high with ticks; words that would touch those before them are left out */
  function scale(column, colors) {
    const ramp = make("div", "legend-ramp");
    ramp.style.background = `linear-gradient(to right, ${colors.join(",")})`;
    const ticks = make("div", "legend-ticks");
    let free = -Infinity;
    marksOf(column).forEach(({ at, value }) => {
      const words = readable(value);
      const half = (words.length * LETTER_PX) / 2;
      const middle = Math.min(Math.max(at * RAMP_PX, half), RAMP_PX - half);
      const tick = make("i", "legend-tick");
      tick.style.left = `${at * 100}%`;
      ticks.append(tick);
      if (middle - half < free) return;
      free = middle + half + GAP_PX;
      const label = make("span", "legend-label", words);
      label.style.left = `${(middle / RAMP_PX) * 100}%`;
      ticks.append(label);
    });
    const whole = make("div", "legend-scale");
    whole.append(ramp, ticks);
    return whole;
  }

  /** @returns {string} what lies beyond the ends of a scale; nothing when all is on it */
  function beyond({ low, high, min, max, below, above }) {
    const parts = [];
    if (below) parts.push(`${rows(below)} below ${readable(low)} (down to ${readable(min)})`);
    if (above) parts.push(`${rows(above)} above ${readable(high)} (up to ${readable(max)})`);
    if (!parts.length) return "";
    const ends = below && above ? "the first and the last colour" : below ? "the first colour" : "the last colour";
    return `${parts.join(" and ")} ${below + above === 1 ? "has" : "have"} ${ends}.`;
  }

  /** @returns {HTMLElement[]} what is said below the title */
  function lines(column, colors) {
    if (column.kind === "unknown") return [make("p", "legend-note", column.meaning)];
    if (column.kind === "category") return (column.values || []).map((name, i) => entry(colors[i], name));
    const said = [column.meaning, beyond(column)].filter(Boolean).map((words) => make("p", "legend-note", words));
    return column.low === null ? said : [scale(column, colors), ...said];
  }

  /** Say what the colours of a column mean; null for clusters, whose names are on the map. */
  explorer.legend = function (column, theme) {
    const box = document.getElementById("map-legend");
    box.classList.toggle("shown", Boolean(column));
    if (!column) return box.replaceChildren();
    const missing = column.missing ? [entry(column.colors.missing, `${column.missing_is || "no value"} (${count(column.missing)})`)] : [];
    const said = lines(column, column.colors ? column.colors[theme] : []);
    return box.replaceChildren(make("div", "legend-title", column.title || column.column), ...said, ...missing);
  };
})();
