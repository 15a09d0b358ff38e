/**
 * The arrangement "grid": every picture in a cell of its own, like beside like.
 * It knows no pictures: they fill the cells when there are any (layer.mjs).
 */
import * as arrangements from "../map/arrangements.mjs";
import { byId, one } from "../shell/dom.mjs";
import { gridded } from "./cells.mjs";

const BARE = 0.04; // of the map's height, above what is shown whole (camera.js)

/**
 * @param {View} view
 * @param {Points} points
 * @returns {{aspect: number, above: number}} the map's place on screen, under its buttons – all that will be there
 */
function placeOf(view, points) {
  arrangements.offer(view, points);
  byId("map-pictures-toggle").hidden = false;
  const { clientWidth: width, clientHeight: height } = byId("map-holder");
  const { offsetTop, offsetHeight } = one(document, ".map-controls");
  const buttons = Math.max(0, offsetTop + offsetHeight - BARE * height);
  return { aspect: width / (height - buttons) || 1, above: buttons / (height - buttons) || 0 };
}

/** @param {View} view */
const hasPictures = (view) => Boolean(view.pictures);

/** Offer the arrangement. */
export const offer = () =>
  arrangements.register({
    name: "grid",
    title: "Grid",
    hint: "Every picture in a cell of its own, like beside like",
    offered: hasPictures,
    arrange: async (points, view) => gridded(points, placeOf(view, points)),
  });
