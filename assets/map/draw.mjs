/**
 * Draws the map: one function composes it from the stores, in the browser, from points that came once.
 * Names, lines and rings lie in a layer of their own (overlay.mjs): moving them costs no redraw of the points.
 */
import { noUpdate, notify, setProps } from "../shell/dash.mjs";
import { byId } from "../shell/dom.mjs";
import { setColors } from "../shell/dots.mjs";
import { markFocus } from "../shell/focus.mjs";
import { stamp } from "../shell/whose.mjs";
import * as arrangements from "./arrangements.mjs";
import * as camera from "./camera.mjs";
import { pickedCodes, pickedRange } from "./colors.mjs";
import { compose, goWhole, paintDensity, stayClear, tell } from "./compose.mjs";
import { shownCut } from "./cuts.mjs";
import * as density from "./density.mjs";
import { bindMap } from "./events.mjs";
import { graph, hasWebgl } from "./graph.mjs";
import { tellHere } from "./here.mjs";
import { showClusters, showLegend } from "./legend.mjs";
import { brightOf, isOfPicked, isPale, light } from "./light.mjs";
import { fillLook } from "./look.mjs";
import { painted } from "./marks.mjs";
import * as overlay from "./overlay.mjs";
import { inColors } from "./palettes.mjs";
import { hidePreview } from "./preview.mjs";
import { colored } from "./shades.mjs";
import { keepInSight } from "./sight.mjs";
import { onMap, stats } from "./state.mjs";
import { shownPoints } from "./taken.mjs";

const MOVES = "pan";

/**
 * Redraw the points, if what they show has changed.
 * @param {Graph} gd
 * @param {Points} points
 * @param {View} view
 * @param {string} base
 * @param {Light} lit
 */
async function redraw(gd, points, view, base, lit) {
  const same = base === onMap.base && lit.value === onMap.litValue && lit.name === onMap.litName;
  if (same && gd === onMap.drawnOn) return;
  const map = view.map || view.run;
  const ground = [map, points.arrangement || ""].join("|");
  if (map !== onMap.map && gd._fullLayout.dragmode !== MOVES) setProps("map-mode", { value: MOVES }); // a lasso was for the map before
  if (map !== onMap.map) Object.assign(onMap, { map, inSight: undefined });
  if (ground !== onMap.ground) Object.assign(onMap, { range: null, chosen: null, ground });
  Object.assign(onMap.shades.ink, { lit: density.litOf(points, lit.mask), square: isOfPicked(lit.name) });
  Object.assign(onMap, { base, litValue: lit.value, litName: lit.name, mask: lit.mask, drawnOn: gd });
  stats.taken = points.taken ? points.taken.length : 0;
  if (onMap.range === null) await goWhole(gd);
  else onMap.range = camera.view(gd);
  await compose(gd);
  stats.lit = lit.mask ? lit.mask.reduce((sum, one) => sum + one, 0) : null; // once it is seen
}

/**
 * Empty the map.
 * @param {Graph} gd
 */
async function clear(gd) {
  Object.assign(onMap, { base: "", points: null, view: null, litValue: undefined, litName: undefined, recent: [] });
  Object.assign(onMap, { shades: null, colored: "", chosen: null, range: null, ground: null, mask: null, shown: null });
  Object.assign(stats, { points: 0, total: 0 });
  paintDensity();
  tell();
  setColors([], null);
  stamp(byId("map-holder"), null);
  overlay.show(null);
  arrangements.offer(null, null);
  arrangements.tell(null, null);
  showLegend(null, null);
  hidePreview();
  if (gd.data && gd.data.length) await window.Plotly.react(gd, [], gd.layout);
}

/**
 * Leave out what belongs to another run.
 * @template {{run: string|null}} T
 * @param {string} run
 * @param {T|null|undefined} thing
 * @returns {T|null}
 */
const ofRun = (run, thing) => (thing && thing.run === run ? thing : null);

/**
 * @param {View} given
 * @param {Place} place
 * @param {Recut|null} recut
 * @returns {Promise<[View, Points, Points]>} a run as it is to be seen, its rows on the map and as they are arranged
 */
async function arranged(given, place, recut) {
  const [view, flat] = await shownCut(given, await shownPoints(given.run, place), recut);
  return [view, flat, await arrangements.arranged(flat, view, place)];
}

/**
 * The one function that composes the map; called whenever a store changes.
 * @param {View|null} given the run on the map
 * @param {Column|null} column
 * @param {Marks|null} marks
 * @param {Hits|null} hits
 * @param {{labels: number[]}|null} cluster
 * @param {Selected|null} selection
 * @param {Theme|null} theme
 * @param {Place} place
 * @param {Picked|null} picked
 * @param {Recut|null} recut
 */
export async function draw(given, column, marks, hits, cluster, selection, theme, place, picked, recut) {
  const sequence = ++onMap.sequence;
  const gd = await graph();
  if (!given || (place && !place.run)) {
    // At once where the address has none: else all of it were drawn in another size while the server is asked.
    if (sequence === onMap.sequence) await clear(gd);
    return null;
  }
  /** @type {[View, Points, Points]|void} */
  const found = await arranged(given, place, recut).catch((error) => notify(error.message));
  if (!found || sequence !== onMap.sequence) return noUpdate();
  const [view, flat, points] = found;
  if (!onMap.points || !stats.webgl) stats.webgl = hasWebgl(); // it may come back: a graphics process that ended is started again
  bindMap(gd);
  fillLook();
  stats.fetchBytes = points.bytes;
  Object.assign(onMap, { points, flat, view, gd });
  const focus = cluster ? cluster.labels : [];
  const shades = { view, column: inColors(ofRun(view.run, column), place), theme: theme || /** @type {Theme} */ ("light") };
  const [codes, range] = [pickedCodes(shades.column, picked), pickedRange(shades.column, picked)];
  /** @type {Given} */
  const lights = {
    hits: place.q || (hits && hits.picture) ? ofRun(view.run, hits) : null,
    cluster: focus.join() || null,
    selection: ofRun(view.run, selection),
    focus,
    codes,
    range,
    row: place ? place.row : null,
    picked: (range ? range.join("-") : codes.join()) || null,
  };
  const current = ofRun(view.run, marks);
  const near = current && place && current.row === place.row ? current : null;
  const base = colored(points, shades);
  const lit = light(points, lights, place);
  const bright = brightOf(points, lit, focus);
  onMap.shown = { ...lights, ...shades, points, marks: near, place, front: lit.front, dimmed: Boolean(lit.mask), bright };
  arrangements.offer(view, points); // before the names, which keep clear of its buttons
  await redraw(gd, points, view, base, lit);
  if (sequence !== onMap.sequence) return noUpdate(); // something else is drawn, or nothing is there any more
  stamp(byId("map-holder"), view.run);
  overlay.show(onMap.shown);
  tellHere();
  keepInSight();
  arrangements.tell(points, view.run);
  if (points.arrangement === "grid" && !shades.column) showClusters(view, shades.theme);
  else showLegend(shades.column, shades.theme, codes, range, { ...lit, pale: isPale(points, lit, bright) });
  stayClear(gd);
  markFocus(focus);
  painted(near);
  return view.run;
}
