/**
 * What the colours of the points mean: a code per row – 0 for the rest – and the colour of each code.
 * It draws nothing.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const MISSING = 255;
  const PALE = { light: "#d4d8e0", dark: "#39414e" };

  /** @returns {Uint8Array} what base64 holds */
  function bytesOf(base64) {
    return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  }

  /** @returns {{codes: Uint8Array, colors: string[]}} clusters: noise is the rest, colours repeat after their number */
  function byCluster({ label }, { colors }, theme) {
    const shades = colors[theme];
    const codes = Uint8Array.from(label, (c) => (c < 0 ? 0 : 1 + (c % shades.length)));
    return { codes, colors: [colors.noise, ...shades] };
  }

  /** @returns {{codes: Uint8Array, colors: string[]}} a column: categories, or steps from low to high */
  function byColumn({ codes, kind, colors }, theme) {
    const shades = colors[theme];
    const step = kind === "category" ? (code) => code : (code) => Math.floor((code * shades.length) / MISSING);
    const codeOf = Uint8Array.from({ length: 256 }, (_, code) => (code === MISSING ? 0 : 1 + step(code)));
    return { codes: bytesOf(codes).map((code) => codeOf[code]), colors: [colors.missing, ...shades] };
  }

  /** @returns {number[]} the codes of the categories that are picked of this column; none when they are of another */
  function pickedCodes(column, picked) {
    const same = column && picked && column.kind === "category" && picked.choice === column.choice;
    return same && picked.run === column.run ? picked.codes : [];
  }

  /** @returns {Int32Array[]} the given rows, a group for each code: a counting sort */
  function groupsOf(rows, codes, count) {
    const sizes = new Int32Array(count);
    for (let i = 0; i < rows.length; i++) sizes[codes[rows[i]]]++;
    const groups = Array.from(sizes, (size) => new Int32Array(size));
    const next = new Int32Array(count);
    for (let i = 0; i < rows.length; i++) {
      const code = codes[rows[i]];
      groups[code][next[code]++] = rows[i];
    }
    return groups;
  }

  explorer.colors = { pale: PALE, byCluster, byColumn, groupsOf, pickedCodes };
})();
