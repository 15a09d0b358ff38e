/**
 * On a narrow window the panels lie over the map: the chosen point, or the best hit, is shifted out from under the
 * inspector, once.
 */
import * as camera from "./camera.mjs";
import { coveredBox, wayOut } from "./fitting.mjs";
import { onMap } from "./state.mjs";

/**
 * @param {Shown} shown
 * @returns {number|null} the row that what was asked last is about: the chosen one, or the best hit; of others there is none
 */
function wantedOf({ place, front, hits }) {
  if (front === "row") return place && place.row;
  const best = front === "hits" && hits ? hits.hits.find(({ weak }) => !weak) : null;
  return best ? best.row : null;
}

/** Have the row that was asked for last in sight, if it was not brought there before. */
export function keepInSight() {
  const { points, shown, element } = onMap;
  const row = shown && wantedOf(shown);
  const frame = camera.scale(element);
  if (!points || row === null || row === onMap.inSight || row >= points.n || !frame || !coveredBox()) return;
  onMap.inSight = row;
  const [dx, dy] = wayOut(frame, frame.px(points.x[row], points.y[row]));
  if (dx || dy) camera.pan(element, dx, dy, false);
}

/** The inspector may come over the map when its point is drawn already. */
export function listen() {
  new MutationObserver(keepInSight).observe(document.documentElement, { attributeFilter: ["data-inspector"] });
}
