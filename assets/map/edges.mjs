/**
 * Arrows at the map's edge: how many rows lie far outside of what *Fit* shows, and which way.
 */
import { byId, closest, make } from "../shell/dom.mjs";
import { fittingOf } from "./fitting.mjs";

const ARROWS = { left: "←", right: "→", top: "↑", bottom: "↓" };
const SLACK_PX = 3;
const KEPT_PX = 70;
let shown = "";
/** @typedef {keyof typeof ARROWS} Side */

/**
 * @param {Frame} frame
 * @param {Pair} at
 * @returns {Side|null} the side of the frame beyond which a place is the farthest; null inside
 */
function sideOf({ width, height }, [x, y]) {
  const beyond = { left: -x, right: x - width, top: -y, bottom: y - height };
  const sides = /** @type {[Side, number][]} */ (Object.entries(beyond));
  const [side, most] = sides.reduce((a, b) => (b[1] > a[1] ? b : a));
  return most > 0 ? side : null;
}

/**
 * @param {Points} points
 * @param {Frame} frame
 * @returns {{side: Side, count: number, along: number}[]} the rows outside of a frame by side; none where it is zoomed in
 */
export function outsideOf(points, frame) {
  const { box, outside } = fittingOf(points);
  const [left, top] = frame.px(box.x[0], box.y[1]);
  const [right, bottom] = frame.px(box.x[1], box.y[0]);
  const whole = left > -SLACK_PX && top > -SLACK_PX && right < frame.width + SLACK_PX && bottom < frame.height + SLACK_PX;
  if (!whole) return [];
  /** @type {Map<Side, number[]>} */
  const found = new Map();
  outside.forEach((row) => {
    const at = frame.px(points.x[row], points.y[row]);
    const side = sideOf(frame, at);
    if (!side) return;
    const along = found.get(side) || [];
    if (!along.length) found.set(side, along);
    along.push(side === "left" || side === "right" ? at[1] : at[0]);
  });
  return [...found].map(([side, along]) => ({ side, count: along.length, along: along.reduce((a, b) => a + b) / along.length }));
}

/**
 * Show the arrows of what is on the map; none for nothing.
 * @param {Points|null} points
 * @param {Frame|null} frame
 */
export function showEdges(points, frame) {
  const box = byId("map-edges");
  const found = points && frame ? outsideOf(points, frame) : [];
  const key = JSON.stringify([found, frame && frame.width, frame && frame.height]);
  if (!box || key === shown) return;
  shown = key;
  box.replaceChildren(
    ...found.map(({ side, count, along }) => {
      const words = `${ARROWS[side]} ${count.toLocaleString("en")} row${count === 1 ? "" : "s"}`;
      const button = make("button", `map-edge ${side}`, words);
      button.title = "They lie far from all others; press to see the whole map";
      button.dataset.wholeMap = "1";
      const upright = side === "left" || side === "right";
      const length = frame ? (upright ? frame.height : frame.width) : 0;
      button.style[upright ? "top" : "left"] = `${Math.max(KEPT_PX, Math.min(length - KEPT_PX, along))}px`;
      return button;
    }),
  );
}

/**
 * Listen to the arrows.
 * @param {() => void} follow shows the whole map
 */
export function listen(follow) {
  document.addEventListener("click", (event) => {
    if (closest(event, "[data-whole-map]")) follow();
  });
}
