/**
 * A picture of the map as it is seen, at any size, as SVG that needs nothing else: points, marks, names, legend, title.
 * It offers nothing to press (dialog.mjs does) and says what colours mean elsewhere (legend.mjs).
 */
import * as camera from "../map/camera.mjs";
import * as overlay from "../map/overlay.mjs";
import { shadesFor } from "../map/shades.mjs";
import { onMap } from "../map/state.mjs";
import { forFrame } from "../pictures/saved.mjs";
import { within as withPictures } from "../pictures/shown.mjs";
import { drawn, penOf } from "../shell/dom.mjs";
import { API, fetched } from "../shell/server.mjs";
import { MOST_CIRCLES, dotted, painted, pictured } from "./dots.mjs";
import { FONT, INKS, fitting, text } from "./drawing.mjs";
import { factsOf } from "./facts.mjs";
import { EDGE, FOOT, TITLE, boxes, frameOf, measures, rowsIn } from "./frame.mjs";
import { legend as legendOf } from "./legend.mjs";
import { marksLook, named, plain } from "./marks.mjs";

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {Scene} scene
 * @param {Int32Array} rows
 * @param {WideFrame} frame
 * @param {Scaled} size
 * @returns {{dots: SVGElement[], under: SVGElement[], over: SVGElement[]}} the points and the marks over them
 */
function mapParts(scene, rows, frame, size) {
  const { points, gd } = onMap;
  const onScreen = camera.scale(gd);
  const zoom = Math.min(1.6, Math.max(0.6, onScreen ? frame.perX / onScreen.perX : 1));
  const many = rows.length > MOST_CIRCLES || points.paint;
  const looks = marksLook(scene.inks);
  const { under, over } = overlay.shapes(frame);
  return {
    dots: many ? painted(points, rows, scene, frame, size) : dotted(points, rows, scene, frame, zoom),
    under: under.map((one) => plain(one, looks)),
    over: over.map((one) => plain(one, looks)),
  };
}

/**
 * Have the marks coloured for a theme while something is made.
 * @template T
 * @param {Shades} shades
 * @param {() => T} make
 */
function withShades(shades, make) {
  const kept = onMap.shades;
  onMap.shades = shades;
  try {
    return make();
  } finally {
    onMap.shades = kept;
  }
}

/**
 * @param {Size} size
 * @param {Saving} wish
 * @param {Inks} inks
 * @param {string} facts
 * @returns {SVGElement[]} the picture's ground, title and line of facts
 */
function around(size, wish, inks, facts) {
  const width = size.width - 2 * EDGE;
  const ground = wish.background === "transparent" ? [] : [drawn("rect", { ...size, fill: inks.ground })];
  ground.forEach((one) => one.removeAttribute("scale"));
  const title = wish.title ? fitting(wish.title, width, TITLE, "bold") : "";
  const head = text(title, EDGE, EDGE + TITLE * 0.8, { size: TITLE, weight: "bold", fill: inks.ink });
  const foot = text(fitting(facts, width, FOOT), EDGE, size.height - EDGE * 0.8, { size: FOOT, fill: inks.quiet });
  return [...ground, ...(title ? [head] : []), foot];
}

/**
 * @param {Saving} wish width and height in pixels, title, legend, names (booleans), theme, background ("transparent" for none)
 * @returns {Promise<SVGElement>} the picture
 */
async function compose(wish) {
  const { points, view, mask, shown, gd } = onMap;
  const inks = INKS[wish.theme];
  const scene = { points, view, mask, shown, inks, shades: shadesFor(wish.theme) };
  const [size, seen] = [measures(wish), camera.view(gd)];
  const { map: box, legend } = boxes(size, wish, scene, seen);
  const frame = frameOf(seen, box);
  const rows = rowsIn(points, frame);
  const pictures = await forFrame(shown, frame, size.scale);
  /** @type {<T>(make: () => T) => T} */
  const within = (make) => withShades(scene.shades, () => withPictures(pictures, make));
  const parts = within(() => mapParts(scene, rows, frame, size));
  const painting = within(() => pictured(pictures, frame, size, inks));
  const names = wish.names ? within(() => named(shown, frame, wish.theme, inks)) : [];
  overlay.place(gd); // what is on screen wants other pictures
  const status = await fetched(`${API}/runs/${encodeURIComponent(view.run)}`).then((answer) => answer.json());
  const clip = drawn("clipPath", { id: "map" }, [drawn("rect", { width: box.width, height: box.height })]);
  const about = { transform: `translate(${box.x} ${box.y})` };
  const layers = [
    drawn("g", { id: "points" }, parts.dots),
    drawn("g", { id: "pictures" }, painting),
    drawn("g", { id: "marks-under" }, parts.under),
    drawn("g", { id: "names" }, names),
    drawn("g", { id: "marks" }, parts.over),
  ];
  const viewBox = `0 0 ${size.width.toFixed(2)} ${size.height.toFixed(2)}`;
  const svg = drawn("svg", { xmlns: SVG, width: wish.width, height: wish.height, viewBox, "font-family": FONT });
  svg.append(
    drawn("defs", {}, [clip]),
    ...around(size, wish, inks, factsOf(scene, rows.length, status)),
    drawn("g", about, [drawn("g", { "clip-path": "url(#map)" }, layers)]),
  );
  if (legend) svg.append(legendOf(scene, legend));
  return svg;
}

/**
 * @param {Saving} wish
 * @returns {Promise<Blob>} the picture as SVG
 */
export async function toSvg(wish) {
  const words = new XMLSerializer().serializeToString(await compose(wish));
  return new Blob(['<?xml version="1.0" encoding="UTF-8"?>\n', words], { type: "image/svg+xml" });
}

/**
 * @param {Saving} wish
 * @returns {Promise<Blob>} the picture as PNG: the SVG, painted
 */
export async function toPng(wish) {
  const address = URL.createObjectURL(await toSvg(wish));
  const picture = new Image(wish.width, wish.height);
  try {
    picture.src = address;
    await picture.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: wish.width, height: wish.height });
    penOf(canvas).drawImage(picture, 0, 0, wish.width, wish.height);
    /** @type {Blob|null} */
    const made = await new Promise((done) => canvas.toBlob(done, "image/png"));
    if (!made) throw new Error(`this browser cannot paint ${wish.width} × ${wish.height} pixels; choose a smaller size.`);
    return made;
  } finally {
    URL.revokeObjectURL(address);
  }
}
