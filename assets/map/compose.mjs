/**
 * Puts the points on the map: Plotly draws the rows that detail.mjs chooses, over the picture of all rows (density.mjs)
 * where those are not all.  What they show – place, colours, light – is decided by others.
 */
import { byId, canvasById, one } from "../shell/dom.mjs";
import * as camera from "./camera.mjs";
import { groupsOf, rangeMaskOf } from "./colors.mjs";
import * as density from "./density.mjs";
import * as detail from "./detail.mjs";
import { listen as listenToLook, lookFor } from "./look.mjs";
import { asTheScreen } from "./graph.mjs";
import * as overlay from "./overlay.mjs";
import { listen as listenToEdges } from "./edges.mjs";
import { fittingOf, legendRoom, takenEdges } from "./fitting.mjs";
import { release, seatOf } from "./held.mjs";
import { holds, isBeside, stayed, whole, yielding } from "./ranges.mjs";
import { ringsOf } from "./stacks.mjs";
import { onMap, stats } from "./state.mjs";

/** How much higher or lower the map is at most for the sake of a strip above it. */
const SLIGHT_PX = 96;
/** Sizes that come no later after each other are of one drag. */
const STREAM_MS = 600;
const sizes = { at: -STREAM_MS, timer: 0 };

const nextFrame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

/**
 * @param {Points} points
 * @param {Int32Array} rows
 * @param {Marker} marker
 * @returns {object} a scattergl trace of rows in one colour
 */
function trace({ x, y }, rows, marker) {
  const [across, up] = [x, y].map((values) => Float32Array.from(rows, (row) => values[row]));
  return { type: "scattergl", mode: "markers", x: across, y: up, customdata: rows, hoverinfo: "none", marker };
}

/**
 * @param {Points} points
 * @param {{size: number, rows: Int32Array, colors: string[]}} ring
 * @param {Marker} marker
 * @returns {object} a trace of rings, which stand for no row: the dots amid them do
 */
function ringTrace(points, { size, rows, colors }, marker) {
  return { ...trace(points, rows, { ...marker, size, color: colors }), customdata: new Int32Array(0) };
}

/**
 * @param {Look} look
 * @param {{colors: string[], ink: {square: boolean}}} shades
 * @param {Mask} mask
 * @returns {(code: number) => Marker} the shape, size, colour and opacity of the lit points of a code
 */
export const markers = ({ size, opacity, set }, { colors, ink }, mask) => (code) => {
  const quiet = code === 0 && !mask;
  const clear = mask && !set ? 0.95 : opacity;
  const symbol = mask && ink.square ? "square" : "circle";
  const wide = code === 0 ? size * 0.8 : size;
  return { symbol, size: wide, color: colors[code], opacity: quiet && !set ? clear * 0.6 : clear };
};

/**
 * @param {Points} points
 * @param {Chosen} chosen
 * @param {Shades} shades
 * @param {Mask} mask
 * @param {number} perX how many pixels a map unit has
 * @returns {object[]} one trace per colour for the chosen rows.  Those out of the light come first, in one pale tint:
 *   see-through colours would add up to bright ones where points are dense; then the rings about dots that hide others.
 */
function traces(points, { rows, inView, complete }, shades, mask, perX) {
  const look = lookFor(inView, complete);
  const { codes, colors, pale } = shades;
  const lit = mask ? rows.filter((row) => mask[row]) : rows;
  const dim = mask ? rows.filter((row) => !mask[row]) : new Int32Array(0);
  const marker = markers(look, shades, mask);
  const groups = groupsOf(lit, codes, colors.length);
  const drawn = groups.flatMap((group, code) => (group.length ? [trace(points, group, marker(code))] : []));
  const rings = complete ? ringsOf(points, lit, { codes, colors, mask }, { size: look.size, perX }) : [];
  const about = rings.map((ring) => ringTrace(points, ring, { ...marker(0), opacity: look.set ? look.opacity : 1 }));
  stats.rings = about.length ? rings[rings.length - 1].rows.length : 0;
  const under = dim.length ? [trace(points, dim, { size: look.size * 0.85, color: pale, opacity: 1 })] : [];
  return [...under, ...about, ...drawn];
}

/**
 * @param {Graph} gd
 * @param {Ranges} range
 * @returns {object} the layout: nothing but points, at the place where the camera is
 */
function layoutOf(gd, range) {
  const axis = { visible: false, showgrid: false, zeroline: false, fixedrange: false };
  return {
    xaxis: { ...axis, range: range.x },
    yaxis: { ...axis, range: range.y, scaleanchor: "x", scaleratio: 1 },
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    modebar: { bgcolor: "rgba(0,0,0,0)" },
    showlegend: false,
    hovermode: false,
    dragmode: gd._fullLayout.dragmode || "pan",
    newselection: { line: { color: "#7c8cff", width: 2, dash: "solid" } },
    selections: [],
  };
}

/** @returns {number[]} the rows that are always drawn: hits, the focus, its neighbours */
function wanted() {
  const { hits, marks, place } = onMap.shown || {};
  const rows = [...(hits ? hits.hits : []), ...(marks ? [marks, ...marks.neighbors] : [])].map(({ row }) => row);
  return place && place.row !== null ? [...rows, place.row] : rows;
}

/** Paint the picture of all rows, where plotly does not draw them all. */
export function paintDensity() {
  const canvas = canvasById("map-density");
  const { gd, points, chosen, shades } = onMap;
  const seen = gd && camera.scale(gd);
  if (!points || !seen || !shades) return density.wipe(canvas);
  const size = { width: Math.round(seen.width), height: Math.round(seen.height) };
  const bright = onMap.glimpsed ? onMap.glimpse : onMap.mask;
  if (points.paint) return points.paint(canvas, shades, bright, { ...camera.view(gd), ...size });
  const complete = stats.webgl && chosen && chosen.complete;
  if (complete && !camera.isMoving() && !onMap.glimpsed) return density.wipe(canvas);
  const inView = chosen ? chosen.inView : points.n;
  const apart = complete || inView <= detail.BUDGET;
  return density.paint(canvas, points, shades.ink, {
    ...camera.view(gd),
    ...size,
    inView,
    dot: apart ? Math.round(lookFor(inView).size) : 0,
    hole: complete && !onMap.glimpsed ? camera.plate(gd) : null,
  });
}

/**
 * Show at once which rows are bright, in the picture of all rows; plotly draws when the hand rests.
 * @param {{range: number[]|null}|null} seen a range of the scale, null for all of it; nothing: as it was
 */
export function glimpse(seen) {
  const { gd, points, shades } = onMap;
  if (!points || !shades || !shades.steps) return;
  const mask = seen ? seen.range && rangeMaskOf(shades.steps, seen.range) : onMap.mask;
  Object.assign(shades.ink, { lit: density.litOf(points, mask), square: true });
  onMap.glimpse = mask;
  onMap.litName = null; // so that it is drawn anew, whatever it was before
  if (!seen) return settle(gd);
  veil(gd, true);
  return paintDensity();
}

/**
 * Hide what plotly has drawn while something else is shown, or show it again.
 * @param {Graph} gd
 * @param {boolean} hidden
 */
function veil(gd, hidden) {
  onMap.glimpsed = hidden;
  const canvases = one(gd, ".gl-container");
  if (canvases) canvases.style.visibility = hidden ? "hidden" : "";
}

/** Say how many rows are drawn one by one, and how many are shown in a cluster that were in none. */
export function tell() {
  /** @param {number} number */
  const count = (number) => number.toLocaleString("en");
  const box = byId("map-count");
  const all = stats.complete ? ", all in view" : "";
  const words = stats.webgl
    ? `${count(stats.points)} of ${count(stats.total)} drawn${all}`
    : `This browser has no WebGL: a picture of all ${count(stats.total)} rows instead of single points`;
  const some = stats.total && (!stats.webgl || stats.points < stats.total);
  const taken = stats.total && stats.taken ? `${count(stats.taken)} row${stats.taken === 1 ? "" : "s"} taken in` : "";
  const rings = stats.total && stats.rings ? "Ringed: rows of several colours at one place" : "";
  box.textContent = [some ? words : "", taken, rings].filter(Boolean).join(" · ");
  const others = some && stats.webgl ? ["The others are in the picture behind; zoom in to see each. All answer to a click."] : [];
  box.title = [...others, ...(taken ? ["Taken in: rows in no cluster, shown in the nearest (Clusters → Take in …)."] : [])].join(" ");
}

/**
 * Draw what the place, the colours and the light call for.
 * @param {Graph} gd
 */
export async function compose(gd) {
  const { points, shades, mask, range } = onMap;
  if (!points || !shades) return; // it was emptied since this was asked for
  const chosen = points.paint ? detail.all(points) : detail.choose(points, range, gd._fullLayout.xaxis._length, mask, wanted());
  onMap.chosen = chosen;
  stats.rings = 0;
  const drawn = stats.webgl && !points.paint ? traces(points, chosen, shades, mask, gd._fullLayout.xaxis._length / (range.x[1] - range.x[0])) : [];
  asTheScreen(gd);
  const done = window.Plotly.react(gd, drawn, layoutOf(gd, range));
  camera.landed(gd);
  onMap.seat = seatOf(gd);
  await done;
  veil(gd, false);
  const rows = stats.webgl ? chosen.rows.length : chosen.inView;
  Object.assign(stats, { points: rows, total: points.grid.rows.length, inView: chosen.inView });
  Object.assign(stats, { complete: chosen.complete, draws: stats.draws + 1 });
  paintDensity();
  overlay.place(gd);
  tell();
}

/**
 * The map has come to rest, or has another size.
 * @param {Graph} gd
 */
export function settle(gd) {
  if (!onMap.points || !onMap.shades) return;
  onMap.range = camera.view(gd);
  compose(gd);
}

/**
 * Sizes follow each other while a window's edge is dragged: names ride on their points, and are placed once that is over.
 * @param {Graph} gd
 */
function drag(gd) {
  const now = performance.now();
  onMap.dragged = now - sizes.at < STREAM_MS;
  sizes.at = now;
  clearTimeout(sizes.timer);
  if (!onMap.dragged) return;
  sizes.timer = window.setTimeout(() => {
    onMap.dragged = false;
    overlay.place(gd);
  }, STREAM_MS);
}

/**
 * The map has another size.  A panel that opens beside it moves nothing on screen, unless something were hidden by that, nor
 * does a legend that goes;
 * where all of the map was in view it stays so, and in another window it is laid out anew.
 * @param {Graph} gd
 */
export function resized(gd) {
  const { points, shades, range, seat, fitted } = onMap;
  release();
  if (!points || !shades) return;
  drag(gd);
  const now = seatOf(gd);
  const kept = range && seat && !points.arrangement && !camera.isMoving() && seat.window === now.window ? stayed(range, seat, now) : null;
  const smaller = seat && now.width * now.height <= seat.width * seat.height;
  const slight = seat && now.width === seat.width && Math.abs(now.height - seat.height) <= SLIGHT_PX;
  const beside = seat && isBeside(seat, now);
  const all = kept && holds(kept, now, fittingOf(points).box, takenEdges(now));
  if (kept && (!fitted || slight || ((smaller || beside) && all))) {
    // A strip that comes above the map moves nothing under the hand that had it come, even where it covers the outermost.
    Object.assign(onMap, { range: kept, fitted: (fitted || (slight && onMap.slipped)) && Boolean(all), slipped: slight && (fitted || onMap.slipped) && !all });
    void compose(gd);
  } else if (fitted) void goWhole(gd).then(() => compose(gd));
  else settle(gd);
}

/**
 * Go to the map as a whole: all rows in one picture at once, if they are many, before plotly has its share.
 * @param {Graph} gd
 * @param {Ranges} [box] what is to be seen; nearly all rows, where nothing is said
 */
export async function goWhole(gd, box = fittingOf(onMap.points).box) {
  const { xaxis, yaxis } = gd._fullLayout;
  const size = { width: xaxis._length, height: yaxis._length };
  const taken = takenEdges(size);
  const all = whole(box, size.width, size.height, taken);
  onMap.range = onMap.points.arrangement ? all : yielding(all, size, box, taken, legendRoom(size));
  camera.jump(gd, onMap.range);
  Object.assign(onMap, { fitted: box === fittingOf(onMap.points).box, slipped: false });
  if (onMap.points.n <= detail.BUDGET) return;
  paintDensity();
  overlay.place(gd);
  await nextFrame();
}

/**
 * What lies on the map has changed, such as a legend that has come: where all of the map was in view it stays clear of that.
 * @param {Graph} gd
 */
export function stayClear(gd) {
  const { points, range, fitted } = onMap;
  if (!fitted || !points || !range || points.arrangement || camera.isMoving()) return;
  const now = seatOf(gd);
  const { left, right, top, bottom } = takenEdges(now);
  const nearly = { left: left - 1, right: right - 1, top: top - 1, bottom: bottom - 1 };
  if (!holds(range, now, fittingOf(points).box, nearly)) void goWhole(gd).then(() => compose(gd));
}

/**
 * Show the whole map again.
 * @param {Graph} gd
 */
export function fit(gd) {
  if (!onMap.points) return;
  if (onMap.points.reset) onMap.points.reset();
  goWhole(gd).then(() => compose(gd));
}

/** Draw while the map moves, when it rests, and when points are to look otherwise. */
export function listen() {
  /** @param {Graph} gd */
  const follow = (gd) => {
    overlay.place(gd);
    paintDensity();
  };
  camera.watch(follow, settle);
  listenToEdges(() => void goWhole(onMap.gd, onMap.points.bounds).then(() => compose(onMap.gd)));
  listenToLook(() => onMap.element && settle(onMap.element));
}
