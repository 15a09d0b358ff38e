/** Where the camera is, and how it moves: map/ranges.mjs and map/camera.mjs. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import * as camera from "../../assets/map/camera.mjs";
import { frameOf, kept, shifted, turn, whole, zoomed } from "../../assets/map/ranges.mjs";
import { onMap } from "../../assets/map/state.mjs";

const BOUNDS = { x: [0, 10], y: [0, 5] };
globalThis.document ??= { getElementById: () => null }; // a page without an inspector
const close = (actual, wanted) => actual.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-9, `${actual} is not ${wanted}`));

test("the whole map has air around it, and a unit is as long across as up", () => {
  const seen = whole(BOUNDS, 1000, 1000);
  close(seen.x, [5 - 5.6, 5 + 5.6]);
  close(seen.y, [2.5 - 5.6, 2.5 + 5.6]);
  const wide = whole(BOUNDS, 1000, 100);
  close([(wide.x[1] - wide.x[0]) / 1000], [(wide.y[1] - wide.y[0]) / 100]);
  assert.ok(wide.y[0] < 0 && wide.y[1] > 5);
});

test("a map of one place has a width nevertheless", () => {
  close(whole({ x: [3, 3], y: [4, 4] }, 100, 100).x, [3 - 0.56, 3 + 0.56]);
});

test("map units become pixels and back, up being less", () => {
  const frame = frameOf({ x: [0, 10], y: [0, 5] }, { left: 20, top: 30, width: 1000, height: 500 });
  assert.deepEqual(frame.px(0, 5), [20, 30]);
  assert.deepEqual(frame.px(10, 0), [1020, 530]);
  assert.deepEqual(frame.map(...frame.px(2.5, 1.25)), [2.5, 1.25]);
  assert.deepEqual([frame.perX, frame.perY, frame.width, frame.height], [100, 100, 1000, 500]);
});

test("zooming keeps the place under the pointer where it is", () => {
  const before = { x: [0, 10], y: [0, 5] };
  const box = { left: 0, top: 0, width: 1000, height: 500 };
  const after = zoomed(before, 0.5, 2, 4);
  assert.deepEqual(after, { x: [1, 6], y: [2, 4.5] });
  assert.deepEqual(frameOf(after, box).px(2, 4), frameOf(before, box).px(2, 4));
});

test("what is dragged to the right and down follows the hand", () => {
  const box = { left: 0, top: 0, width: 1000, height: 500 };
  const before = { x: [0, 10], y: [0, 5] };
  const after = shifted(before, { perX: 100, perY: 100 }, 50, 20);
  const [[x, y], [left, top]] = [frameOf(after, box).px(3, 3), frameOf(before, box).px(3, 3)];
  close([x - left, y - top], [50, 20]);
});

test("no farther than eight maps and no nearer than a two-thousandth, and never off the map", () => {
  const far = kept({ x: [-1000, 1000], y: [-1000, 1000] }, BOUNDS);
  close([far.x[1] - far.x[0]], [80]);
  const near = kept({ x: [5, 5.0001], y: [1, 1.0001] }, BOUNDS);
  close([near.x[1] - near.x[0]], [0.005]);
  const off = kept({ x: [100, 101], y: [-51, -50] }, BOUNDS);
  close([(off.x[0] + off.x[1]) / 2, (off.y[0] + off.y[1]) / 2], [10, 0]);
  close([off.x[1] - off.x[0]], [1]);
});

test("a turn of the wheel is the same in pixels and in lines, and a notch at most", () => {
  assert.equal(turn({ deltaY: 32, deltaMode: 0 }), turn({ deltaY: 2, deltaMode: 1 }));
  assert.equal(turn({ deltaY: 5000, deltaMode: 0 }), turn({ deltaY: 120, deltaMode: 0 }));
  assert.ok(turn({ deltaY: -10, deltaMode: 0 }) < 1 && turn({ deltaY: 10, deltaMode: 0 }) > 1);
  close([turn({ deltaY: 7, deltaMode: 0 }) * turn({ deltaY: -7, deltaMode: 0 })], [1]);
});

/** @returns {object} plotly's element as the camera sees it */
function graph() {
  const axis = (range) => ({ _length: 1000, _offset: 0, range });
  const canvases = { style: {} };
  return { _fullLayout: { xaxis: axis([0, 10]), yaxis: axis([0, 10]) }, querySelector: () => canvases, canvases };
}

/** Frames that come when the test says so. */
let frames = [];
beforeEach(() => {
  frames = [];
  globalThis.requestAnimationFrame = (then) => frames.push(then);
  globalThis.cancelAnimationFrame = () => (frames = []);
  mock.timers.enable({ apis: ["setTimeout"] });
  onMap.points = { bounds: { x: [0, 10], y: [0, 10] } };
});
afterEach(() => mock.timers.reset());

test("while a hand drags, what is drawn is shifted; plotly draws when it rests", () => {
  const gd = graph();
  const calls = [];
  camera.watch(() => calls.push("follow"), () => calls.push("rest"));
  camera.pan(gd, 100, 0, true);
  camera.pan(gd, 100, 0, true);
  assert.ok(camera.isMoving());
  assert.deepEqual(camera.view(gd).x, [-2, 8]);
  assert.deepEqual(camera.plate(gd), [200, 0, 1000, 1000]);
  assert.equal(frames.length, 1); // two moves, one frame
  frames.pop()();
  assert.equal(gd.canvases.style.transform, "translate(200px, 0px) scale(1)");
  mock.timers.tick(1000);
  assert.deepEqual(calls, ["follow"]); // the hand is still down
  camera.pan(gd, 0, 0, false);
  mock.timers.tick(139);
  assert.deepEqual(calls, ["follow"]);
  mock.timers.tick(1);
  assert.deepEqual(calls, ["follow", "rest"]);
  camera.landed(gd);
  assert.ok(!camera.isMoving());
  assert.equal(camera.plate(gd), null);
  assert.equal(gd.canvases.style.transform, "");
});

test("zooming scales what is drawn about the pointer", () => {
  const gd = graph();
  camera.watch(() => undefined, () => undefined);
  camera.zoom(gd, 0.5, 500, 500);
  assert.deepEqual(camera.view(gd), { x: [2.5, 7.5], y: [2.5, 7.5] });
  assert.deepEqual(camera.plate(gd), [-500, -500, 2000, 2000]);
  camera.landed(gd);
});

test("without points, or before plotly has its size, nothing moves", () => {
  const gd = graph();
  onMap.points = null;
  camera.zoom(gd, 0.5, 500, 500);
  assert.ok(!camera.isMoving());
  gd._fullLayout.xaxis._length = 0;
  assert.equal(camera.scale(gd), null);
  assert.equal(camera.scale(null), null);
});
