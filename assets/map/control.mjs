/**
 * The labelled buttons on the map: what dragging does, nearer, farther, all.
 */
import { triggeredBy } from "../shell/dash.mjs";
import * as camera from "./camera.mjs";
import { fit } from "./compose.mjs";
import { graph } from "./graph.mjs";
import { linesWithin } from "./grid.mjs";
import { onMap } from "./state.mjs";

/**
 * @param {Graph} gd
 * @param {number} share
 * @returns {number[]|null} on screen, what is nearest to the middle where the middle *share* of the view is empty
 */
function offMiddle(gd, share) {
  const { points } = onMap;
  const seen = camera.scale(gd);
  if (!points || !seen || points.pick) return null;
  const { grid } = points;
  const { x, y } = camera.view(gd);
  let [least, at] = [1, -1];
  linesWithin(points, { x, y }, (from, to) => {
    for (let i = from; i < to; i++) {
      const across = Math.abs(2 * grid.x[i] - x[0] - x[1]) / (x[1] - x[0]);
      const up = Math.abs(2 * grid.y[i] - y[0] - y[1]) / (y[1] - y[0]);
      if (Math.max(across, up) < least) [least, at] = [Math.max(across, up), i];
    }
  });
  return at < 0 || least < share ? null : seen.px(grid.x[at], grid.y[at]);
}

/**
 * Zoom about the middle; factor < 1 goes nearer, and never to where nothing is while there is something on screen.
 * @param {Graph} gd
 * @param {number} factor
 */
function zoom(gd, factor) {
  const seen = camera.scale(gd);
  if (!seen) return;
  const [left, top] = (factor < 1 && offMiddle(gd, factor)) || [seen.width / 2, seen.height / 2];
  camera.zoom(gd, factor, left, top);
}

/**
 * The labelled buttons: what dragging does, nearer, farther, all.
 * @param {string} mode
 */
export async function control(mode) {
  const button = triggeredBy(); // gone after the first await
  const gd = await graph();
  if (button === "map-mode" && gd._fullLayout.dragmode !== mode) window.Plotly.relayout(gd, { dragmode: mode });
  if (button === "map-zoom-in") zoom(gd, 0.6);
  if (button === "map-zoom-out") zoom(gd, 1 / 0.6);
  if (button === "map-fit") fit(gd);
}
