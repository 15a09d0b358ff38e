/**
 * What a saved picture is drawn with: its inks, its font, and lines of words that fit.
 */
import { drawn, penOf } from "../shell/dom.mjs";

export const FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'DejaVu Sans', Arial, sans-serif";
/** @type {CanvasRenderingContext2D|null} */
let pen = null;
// eslint-disable-next-line no-control-regex -- it is control characters that XML has no room for
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** @type {Record<Theme, Inks>} */
export const INKS = {
  light: { ink: "#1c2230", quiet: "#5b6475", ground: "#fcfcfe", accent: "#4154d6" },
  dark: { ink: "#e8ebf1", quiet: "#9aa4b5", ground: "#10141a", accent: "#93a1ff" },
};

/**
 * @param {string} words
 * @param {number|string} x
 * @param {number|string} y
 * @param {{size: number|string, fill: string, weight?: string, anchor?: string} & Record<string, string|number>} look
 * @returns {SVGElement} a line of text that starts at x on the base line y
 */
export function text(words, x, y, { size, fill, weight = "normal", anchor = "start", ...others }) {
  const given = { x, y, "font-size": size, "font-weight": weight, "text-anchor": anchor, fill, ...others };
  return drawn("text", given, [words.replace(NOT_XML, "").toWellFormed()]);
}

/**
 * @param {string} words
 * @param {number} size
 * @param {string} [weight]
 * @returns {number} how wide words are
 */
export function widthOf(words, size, weight = "normal") {
  pen ||= penOf();
  pen.font = `${weight} ${size}px ${FONT}`;
  return pen.measureText(words).width;
}

/**
 * @param {string} words
 * @param {number} width
 * @param {number} size
 * @param {string} [weight]
 * @returns {string} the words, shortened where they are wider than there is room
 */
export function fitting(words, width, size, weight) {
  if (widthOf(words, size, weight) <= width) return words;
  const signs = [...words];
  while (signs.length && widthOf(`${signs.join("")}…`, size, weight) > width) signs.pop();
  return signs.length ? `${signs.join("").trimEnd()}…` : "";
}
