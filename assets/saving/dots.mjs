/**
 * The points and the pictures of a saved picture: as circles or, where they are many, as one painting.
 */
import { groupsOf } from "../map/colors.mjs";
import { markers } from "../map/compose.mjs";
import * as density from "../map/density.mjs";
import { lookFor } from "../map/look.mjs";
import { ringsOf } from "../map/stacks.mjs";
import { painting } from "../pictures/saved.mjs";
import { drawn } from "../shell/dom.mjs";

const XLINK = "http://www.w3.org/1999/xlink";
export const MOST_CIRCLES = 20_000;
const MOST_PIXELS = 12_000_000;

/**
 * @param {Points} points
 * @param {Int32Array} rows
 * @param {Marker} marker
 * @param {Frame} frame
 * @param {number} zoom
 * @returns {SVGElement} the given rows as circles, or squares, of one look
 */
function circles(points, rows, { size, color, opacity, symbol }, frame, zoom) {
  const r = (size / 2) * zoom;
  const side = (2 * r).toFixed(2);
  const dots = Array.from(rows, (row) => {
    const at = frame.px(points.x[row], points.y[row]);
    const [cx, cy] = at.map((value) => value.toFixed(2));
    const [x, y] = at.map((value) => (value - r).toFixed(2));
    return symbol === "square" ? drawn("rect", { x, y, width: side, height: side }) : drawn("circle", { cx, cy, r: r.toFixed(2) });
  });
  if (typeof color !== "string") dots.forEach((dot, i) => dot.setAttribute("fill", color[i]));
  return drawn("g", { ...(typeof color === "string" ? { fill: color } : {}), "fill-opacity": opacity.toFixed(2) }, dots);
}

/**
 * @param {Points} points
 * @param {Int32Array} rows
 * @param {Scene} scene
 * @param {Frame} frame
 * @param {number} zoom
 * @returns {SVGElement[]} the rows in view as circles, a group a colour; those out of the light first and pale
 */
export function dotted(points, rows, { shades, mask }, frame, zoom) {
  const look = lookFor(rows.length);
  const marker = markers(look, shades, mask);
  const lit = mask ? rows.filter((row) => mask[row]) : rows;
  const dim = mask ? rows.filter((row) => !mask[row]) : new Int32Array(0);
  const groups = groupsOf(lit, shades.codes, shades.colors.length);
  const bright = groups.flatMap((group, code) => (group.length ? [circles(points, group, marker(code), frame, zoom)] : []));
  const pale = { size: look.size * 0.85, color: shades.pale, opacity: 1 };
  const rings = ringsOf(points, lit, { ...shades, mask }, { size: look.size, perX: frame.perX });
  const about = rings.map((ring) => circles(points, ring.rows, { ...marker(0), size: ring.size, color: ring.colors, opacity: 1 }, frame, zoom));
  return [...(dim.length ? [circles(points, dim, pale, frame, zoom)] : []), ...about, ...bright];
}

/**
 * @param {Points} points
 * @param {Int32Array} rows
 * @param {Scene} scene
 * @param {WideFrame} frame
 * @param {Scaled} size
 * @returns {SVGElement[]} the rows in view as one painting, each of them in it: they are too many for circles
 */
export function painted(points, rows, { shades, mask, inks }, frame, { scale }) {
  const sharp = Math.min(scale, Math.sqrt(MOST_PIXELS / (frame.width * frame.height)));
  const canvas = document.createElement("canvas");
  const [width, height] = [frame.width, frame.height].map((length) => Math.max(1, Math.round(length * sharp)));
  const dot = Math.max(1, Math.round(density.diameter(rows.length) * sharp));
  const view = { x: frame.x, y: frame.y, width, height };
  if (points.paint) points.paint(canvas, shades, mask, { ...view, scale: sharp, ground: inks.ground });
  else density.paint(canvas, points, shades.ink, { ...view, dot, pale: 1 });
  const made = drawn("image", { x: 0, y: 0, width: frame.width, height: frame.height, "data-rows": rows.length });
  made.setAttributeNS(XLINK, "xlink:href", canvas.toDataURL("image/png"));
  return [made];
}

/**
 * @param {Portraits} pictures
 * @param {Frame} frame
 * @param {Scaled} size
 * @param {Inks} inks
 * @returns {SVGElement[]} the pictures at their points, as one painting
 */
export function pictured(pictures, frame, { scale }, { ground }) {
  const canvas = painting(pictures, scale, ground);
  if (!canvas) return [];
  const shown = pictures.items.filter((item) => item.there).length;
  const made = drawn("image", { x: 0, y: 0, width: frame.width, height: frame.height, "data-pictures": shown });
  made.setAttributeNS(XLINK, "xlink:href", canvas.toDataURL("image/png"));
  return [made];
}
