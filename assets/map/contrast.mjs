/**
 * How well a colour is seen on the ground of the map.  It chooses no colours: it makes a given one darker or lighter.
 */

const GROUND = { light: "#fcfcfe", dark: "#10141a" };
const AWAY = { light: 0, dark: 255 };
const STEPS = 20;
const LEAST = 3;

/**
 * @param {string} color such as #e69f00
 * @returns {number[]} red, green and blue, 0 … 255
 */
const partsOf = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));

/**
 * @param {string} color
 * @returns {number} its relative luminance, 0 … 1.  Source: WCAG 2.2.
 */
function luminance(color) {
  const [r, g, b] = partsOf(color).map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {number} the contrast of two colours, 1 … 21
 */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/**
 * @param {string} color such as #e69f00; what is none stays as it is
 * @param {Theme} theme
 * @returns {string} the colour, on the map's ground in a contrast of 3 : 1 at least, as a thin line needs it
 */
export function seen(color, theme) {
  if (!/^#[\da-f]{6}$/i.test(color)) return color;
  for (let step = 0; step <= STEPS; step++) {
    const share = step / STEPS;
    const parts = partsOf(color).map((part) => Math.round(part + share * (AWAY[theme] - part)));
    const mixed = `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
    if (contrast(mixed, GROUND[theme]) >= LEAST) return mixed;
  }
  return color;
}
