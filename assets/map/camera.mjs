/**
 * Moves the map: while a hand drags, pinches or wheels, what is drawn is only shifted and scaled, and the picture of
 * all rows follows; plotly draws again when the hand rests.  It knows ranges and pixels, but no rows.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const REST_MS = 140;
  const FARTHEST = 8;
  const NEAREST = 1 / 2000;
  const WHEEL_PX = 420;
  const LINE_PX = 16;
  const MARGIN = 0.06;
  let moving = null;
  let drawn = null;
  let timer = 0;
  let frame = 0;

  /** @returns {{x, y}} the ranges that show all of *bounds* with some air around it, a unit as long across as up */
  function whole(bounds, width, height) {
    const wide = ([low, high]) => (high - low || 1) * (1 + 2 * MARGIN);
    const unit = Math.max(wide(bounds.x) / (width || 1), wide(bounds.y) / (height || 1));
    const about = ([low, high], length) => {
      const half = (unit * (length || 1)) / 2;
      return [(low + high) / 2 - half, (low + high) / 2 + half];
    };
    return { x: about(bounds.x, width), y: about(bounds.y, height) };
  }

  /** @returns {{x, y}|null} the ranges that plotly has drawn */
  function drawnOf(gd) {
    const { xaxis, yaxis } = gd._fullLayout || {};
    return xaxis && xaxis._length ? { x: xaxis.range.slice(), y: yaxis.range.slice() } : null;
  }

  /** @returns {{x, y}|null} the ranges on screen now */
  const view = (gd) => moving || drawnOf(gd);

  /** @returns {{px: function, map: function, perX, perY, width, height}|null} how map units become pixels now */
  function scale(gd) {
    const seen = gd && view(gd);
    if (!seen) return null;
    const { xaxis, yaxis } = gd._fullLayout;
    const perX = xaxis._length / (seen.x[1] - seen.x[0]);
    const perY = yaxis._length / (seen.y[1] - seen.y[0]);
    const px = (x, y) => [xaxis._offset + (x - seen.x[0]) * perX, yaxis._offset + (seen.y[1] - y) * perY];
    const map = (left, top) => [seen.x[0] + (left - xaxis._offset) / perX, seen.y[1] - (top - yaxis._offset) / perY];
    return { px, map, perX, perY, width: xaxis._length, height: yaxis._length };
  }

  /** @returns {number[]|null} left, top, width, height on screen of what plotly has drawn; null when it lies still */
  function plate(gd) {
    const seen = scale(gd);
    if (!moving || !seen) return null;
    const [left, top] = seen.px(drawn.x[0], drawn.y[1]);
    const [right, bottom] = seen.px(drawn.x[1], drawn.y[0]);
    return [left, top, right - left, bottom - top];
  }

  /** Shift and scale plotly's canvases to where their points belong. */
  function shift(gd) {
    const canvases = gd.querySelector(".gl-container");
    const at = plate(gd);
    if (!canvases) return;
    canvases.style.transformOrigin = "0 0";
    canvases.style.transform = at ? `translate(${at[0]}px, ${at[1]}px) scale(${at[2] / scale(gd).width})` : "";
  }

  /** Show everything at the ranges of this moment. */
  function follow(gd) {
    frame = 0;
    shift(gd);
    explorer.overlay.place(gd);
    explorer.paintDensity();
  }

  /** @returns {{x, y}} ranges no farther and no nearer than the map has anything to show, and never off it */
  function kept({ x, y }, { bounds }) {
    const whole = Math.max(bounds.x[1] - bounds.x[0], bounds.y[1] - bounds.y[0]);
    const width = x[1] - x[0];
    const wanted = Math.min(Math.max(width, whole * NEAREST), whole * FARTHEST);
    const about = ([low, high], [first, last]) => {
      const middle = Math.min(Math.max((low + high) / 2, first), last);
      const half = (((high - low) / 2) * wanted) / width;
      return [middle - half, middle + half];
    };
    return { x: about(x, bounds.x), y: about(y, bounds.y) };
  }

  /** Go to ranges; plotly draws them when nothing has moved for a moment. */
  function move(gd, next, held = false) {
    const { points } = explorer.map;
    const from = drawnOf(gd);
    if (!points || !from) return;
    if (!moving) drawn = from;
    moving = kept(next, points);
    if (!frame) frame = requestAnimationFrame(() => follow(gd));
    clearTimeout(timer);
    if (!held) timer = setTimeout(() => rest(gd), REST_MS);
  }

  /** Have plotly draw where the map has come to rest. */
  function rest(gd) {
    clearTimeout(timer);
    if (!moving) return;
    explorer.settle(gd);
  }

  /** Be somewhere at once; whoever says so draws. */
  function jump(gd, next) {
    drawn = drawnOf(gd);
    moving = drawn && next;
    shift(gd);
  }

  /** Plotly has drawn the ranges on screen: nothing is shifted any more. */
  function landed(gd) {
    cancelAnimationFrame(frame);
    frame = 0;
    moving = null;
    shift(gd);
  }

  /** Zoom about a place on screen; factor < 1 goes nearer. */
  function zoom(gd, factor, left, top, held = false) {
    const seen = scale(gd);
    if (!seen) return;
    const [x, y] = seen.map(left, top);
    const here = view(gd);
    const about = ([low, high], middle) => [middle + (low - middle) * factor, middle + (high - middle) * factor];
    move(gd, { x: about(here.x, x), y: about(here.y, y) }, held);
  }

  /** Shift by pixels. */
  function pan(gd, dx, dy, held) {
    const { perX, perY } = scale(gd);
    const { x, y } = view(gd);
    move(gd, { x: x.map((v) => v - dx / perX), y: y.map((v) => v + dy / perY) }, held);
  }

  /** @returns {number} the zoom of a turn of the wheel, the same for pixels and lines, a notch at most */
  function turn({ deltaY, deltaMode }) {
    const pixels = deltaMode === 1 ? deltaY * LINE_PX : deltaY;
    return Math.exp(Math.min(Math.max(pixels, -120), 120) / WHEEL_PX);
  }

  explorer.camera = { whole, view, scale, plate, move, rest, jump, landed, zoom, pan, turn, isMoving: () => moving !== null };
})();
