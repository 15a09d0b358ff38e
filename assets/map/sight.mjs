/**
 * On a narrow window the panels lie over the map: the chosen point, or the best hit, is shifted out from under the
 * inspector, once.
 */
import { byId } from "../shell/dom.mjs";
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

/** @type {ResizeObserver|null} who hears of another size of the inspector: it grows when what it shows has come */
let sized = null;

/** The inspector has another size: what lies under it now is brought out again. */
function again() {
  onMap.inSight = undefined;
  keepInSight();
}

/** Have the row that was asked for last in sight, if it was not brought there before. */
export function keepInSight() {
  watchSize();
  const { points, shown, element } = onMap;
  const row = shown && wantedOf(shown);
  const frame = camera.scale(element);
  if (!points || row === null || row === onMap.inSight || row >= points.n || !frame || !coveredBox()) return;
  onMap.inSight = row;
  const [dx, dy] = wayOut(frame, frame.px(points.x[row], points.y[row]));
  if (dx || dy) camera.pan(element, dx, dy, false);
}

function watchSize() {
  const panel = sized ? null : byId("inspector");
  if (!panel || typeof ResizeObserver === "undefined") return;
  let height = panel.offsetHeight;
  sized = new ResizeObserver(() => {
    if (panel.offsetHeight > height) again();
    height = panel.offsetHeight;
  });
  sized.observe(panel);
}

/** The inspector may come over the map when its point is drawn already. */
export function listen() {
  new MutationObserver(keepInSight).observe(document.documentElement, { attributeFilter: ["data-inspector"] });
}
