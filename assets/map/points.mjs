/**
 * The points of a run: fetched once, decoded into typed arrays.
 * It draws nothing and knows no element of the page.
 */
import { columnsOf } from "../shell/server.mjs";
import { placed } from "./grid.mjs";

const HEADER = 40;
const STEPS = 65534;
const NOWHERE = 65535;

/**
 * Turn quantised numbers into coordinates; NaN for rows without a place.
 * @param {Uint16Array} quantised
 * @param {number} low
 * @param {number} high
 */
export function coordinates(quantised, low, high) {
  const values = new Float32Array(quantised.length);
  const step = (high - low) / STEPS;
  for (let i = 0; i < quantised.length; i++) {
    values[i] = quantised[i] === NOWHERE ? NaN : low + quantised[i] * step;
  }
  return values;
}

/**
 * Read the binary layout that GET /runs/{key}/points documents.
 * @param {ArrayBuffer} buffer
 * @returns {Points}
 */
export function decode(buffer) {
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  if (magic !== "EEP1") throw new Error("the points have an unknown layout; reload the page.");
  const n = new Uint32Array(buffer, 4, 1)[0];
  const [xLow, xHigh, yLow, yHigh] = new Float32Array(buffer, 16, 4);
  const label = new Int32Array(buffer, HEADER, n);
  const x = coordinates(new Uint16Array(buffer, HEADER + 4 * n, n), xLow, xHigh);
  const y = coordinates(new Uint16Array(buffer, HEADER + 6 * n, n), yLow, yHigh);
  return placed({ n, label, bytes: buffer.byteLength }, { x, y, bounds: { x: [xLow, xHigh], y: [yLow, yHigh] } });
}

/** @returns {Promise<object>} a run's points */
export const loadPoints = columnsOf("points", decode);
