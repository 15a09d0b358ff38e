/**
 * What the colours of the points mean: a code per row – 0 for the rest – and the colour of each code.
 * It draws nothing.
 */

const MISSING = 255;
export const PALE = { light: "#d4d8e0", dark: "#39414e" };

/**
 * @param {string} base64
 * @returns {Uint8Array} what base64 holds
 */
function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

/**
 * @param {{label: Int32Array}} points
 * @param {Pick<View, "colors">} view
 * @param {Theme} theme
 * @returns {{codes: Uint8Array, colors: string[]}} clusters: noise is the rest, clusters of one colour have one code
 */
export function byCluster({ label }, { colors }, theme) {
  const shades = colors[theme];
  const distinct = [...new Set(shades)];
  const codeOf = Uint8Array.from(shades, (color) => 1 + distinct.indexOf(color));
  const codes = Uint8Array.from(label, (c) => (c < 0 ? 0 : codeOf[c]));
  return { codes, colors: [colors.noise, ...distinct] };
}

/**
 * @param {Pick<Column, "codes"|"kind"|"colors">} column
 * @param {Theme} theme
 * @returns {{codes: Uint8Array, steps: Uint8Array, colors: string[]}} a column: categories, or steps from low to high
 */
export function byColumn({ codes, kind, colors }, theme) {
  const shades = colors[theme];
  /** @param {number} code */
  const step = (code) => (kind === "category" ? code : Math.floor((code * shades.length) / MISSING));
  const codeOf = Uint8Array.from({ length: 256 }, (_, code) => (code === MISSING ? 0 : 1 + step(code)));
  const steps = bytesOf(codes);
  return { codes: steps.map((code) => codeOf[code]), steps, colors: [colors.missing, ...shades] };
}

/**
 * @param {Column} column
 * @param {Picked} picked
 */
const isOf = (column, picked) => picked.choice === column.choice && picked.run === column.run;

/**
 * @param {Column|null} column
 * @param {Picked|null} picked
 * @returns {number[]} the codes of the categories that are picked of this column; none when they are of another
 */
export function pickedCodes(column, picked) {
  if (!column || !picked || !isOf(column, picked) || column.kind !== "category" || !picked.codes) return [];
  return picked.codes.filter((code) => code <= column.values.length);
}

/**
 * @param {Column|null} column
 * @param {Picked|null} picked
 * @returns {number[]|null} the least and the greatest code that are picked on this column's scale; null: all of it
 */
export function pickedRange(column, picked) {
  if (!column || !picked || !isOf(column, picked) || !picked.range) return null;
  if (!["number", "date"].includes(column.kind) || column.low === null) return null;
  const [low, high] = picked.range.map((code) => Math.min(code, MISSING - 1));
  return low === 0 && high === MISSING - 1 ? null : [low, high];
}

/**
 * @param {Uint8Array} steps
 * @param {number[]} pair
 * @returns {Uint8Array} 1 for the rows whose code on a scale is in a range; those without a value are in none
 */
export function rangeMaskOf(steps, [low, high]) {
  const mask = new Uint8Array(steps.length);
  for (let row = 0; row < steps.length; row++) mask[row] = steps[row] >= low && steps[row] <= high ? 1 : 0;
  return mask;
}

/**
 * @param {Int32Array} rows
 * @param {Uint8Array} codes
 * @param {number} count
 * @returns {Int32Array[]} the given rows, a group for each code: a counting sort
 */
export function groupsOf(rows, codes, count) {
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
