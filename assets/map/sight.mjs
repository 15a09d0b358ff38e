/**
 * On a narrow window the panels lie over the map: the chosen point is shifted out from under the inspector, once.
 */
import * as camera from "./camera.mjs";
import { coveredBox, wayOut } from "./fitting.mjs";
import { onMap } from "./state.mjs";

/** Have the chosen point in sight, if it is what was asked last and was not brought there before. */
export function keepInSight() {
  const { points, shown, element } = onMap;
  const row = shown && shown.place && shown.front === "row" ? shown.place.row : null;
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
