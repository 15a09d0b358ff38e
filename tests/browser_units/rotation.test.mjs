/** Rotations of space: space/rotation.mjs; how rows are seen as they are turned: space/seen.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NONE, towards, turned } from "../../assets/space/rotation.mjs";
import { anchors, boundsOf, look, pick } from "../../assets/space/seen.mjs";
import { lots, pointsAt } from "./made.mjs";

const close = (actual, wanted, reach = 1e-9) =>
  wanted.forEach((value, i) => assert.ok(Math.abs(actual[i] - value) < reach, `${actual} is not ${wanted}`));
const seenAt = (r, [x, y, z]) => [0, 3, 6].map((line) => r[line] * x + r[line + 1] * y + r[line + 2] * z);

/** @returns {object} places in space, about their middle */
function cloud(n, seed = 3) {
  const draw = lots(seed);
  const [x, y, z] = [3, 2, 0.5].map((wide) => {
    const values = Float64Array.from({ length: n }, () => wide * (draw() - 0.5));
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    return values.map((value) => value - mean);
  });
  return { n, x, y, z };
}

test("a quarter turn to the right brings the left side to the front", () => {
  const r = turned(NONE, Math.PI / 2, 0);
  close(seenAt(r, [-1, 0, 0]), [0, 0, 1]);
  close(seenAt(r, [0, 0, 1]), [1, 0, 0]);
  close(seenAt(r, [0, 1, 0]), [0, 1, 0]);
});

test("a quarter turn downwards brings the top to the front", () => {
  close(seenAt(turned(NONE, 0, Math.PI / 2), [0, 1, 0]), [0, 0, 1]);
  close(seenAt(turned(NONE, 0, Math.PI / 2), [1, 0, 0]), [1, 0, 0]);
});

test("turning there and back is no turn, and very many turns leave a rotation", () => {
  close(turned(turned(NONE, 0.3, 0), -0.3, 0), NONE);
  const draw = lots(5);
  let r = NONE;
  for (let i = 0; i < 20_000; i++) r = turned(r, draw() - 0.5, draw() - 0.5);
  const [a, b, c] = [0, 3, 6].map((at) => r.slice(at, at + 3));
  const dot = (p, q) => p.reduce((sum, value, i) => sum + value * q[i], 0);
  close([dot(a, a), dot(b, b), dot(c, c), dot(a, b), dot(b, c), dot(a, c)], [1, 1, 1, 0, 0, 0], 2e-15);
});

test("the rotation towards the flat map finds again how a cloud was turned", () => {
  const places = cloud(200);
  const wanted = turned(turned(NONE, 0.7, -0.4), -0.2, 1.1);
  const flat = { x: new Float64Array(200), y: new Float64Array(200) };
  for (let i = 0; i < 200; i++) {
    const [u, v] = seenAt(wanted, [places.x[i], places.y[i], places.z[i]]);
    Object.assign(flat.x, { [i]: 4 * u + 7 });
    Object.assign(flat.y, { [i]: 4 * v - 2 });
  }
  const found = towards(places, flat);
  const spread = (r) => {
    let sum = 0;
    for (let i = 0; i < 200; i++) {
      const [u, v] = seenAt(r, [places.x[i], places.y[i], places.z[i]]);
      sum += u * (flat.x[i] - 7) + v * (flat.y[i] + 2);
    }
    return sum;
  };
  const rolled = (r, by) => {
    const [c, s] = [Math.cos(by), Math.sin(by)];
    const [first, second] = [r.slice(0, 3), r.slice(3, 6)];
    return [...first.map((value, i) => c * value + s * second[i]), ...second.map((value, i) => c * value - s * first[i]), ...r.slice(6)];
  };
  const draw = lots(8);
  const some = () => 0.1 * (draw() - 0.5);
  for (let i = 0; i < 200; i++) assert.ok(spread(rolled(turned(found, some(), some()), some())) <= spread(found) + 1e-9);
  assert.ok(spread(found) > 0.98 * spread(wanted));
});

test("rows without a place do not count, and a line of rows is left as it is", () => {
  const places = cloud(50);
  const flat = { x: places.x.slice(), y: places.y.slice() };
  const found = towards(places, flat);
  places.x[7] = NaN;
  const without = towards(places, flat);
  assert.ok(without !== NONE);
  close(without, found, 0.2);
  assert.equal(towards(places, { x: places.x, y: places.x }), NONE);
  assert.ok(found !== NONE);
});

/** @returns {object} points in space, seen from the front */
function spatial(places, radius = 2) {
  const [x, y, z] = [0, 1, 2].map((axis) => Float32Array.from(places, (place) => place[axis]));
  const space = { n: places.length, x, y, z, radius, bytes: 0, now: NONE, first: NONE };
  const made = { ...pointsAt(places.map(([a, b]) => [a, b])), space, depth: new Float32Array(places.length), dot: 0.1 };
  look(made);
  return { ...made, ...pointsAt(places.map((_, row) => [made.x[row], made.y[row]])), space, depth: made.depth, dot: 0.1 };
}

test("the near is larger than the far, and in front", () => {
  const points = spatial([[1, 0, 1], [1, 0, -1], [-1, 0, 0]]);
  assert.ok(points.x[0] > 1 && points.x[1] < 1);
  close([points.x[2]], [-1], 1e-6);
  assert.ok(points.depth[0] > 0 && points.depth[1] < 0 && points.depth[2] === 0);
});

test("of rows on top of each other the front one is hit, else the nearest in reach", () => {
  const points = spatial([[0, 0, -1], [0, 0, 1], [0.5, 0, 0]]);
  assert.equal(pick(points, 0.02, 0, 0.3), 1);
  assert.equal(pick(points, 0.35, 0, 0.3), 2);
  assert.equal(pick(points, 5, 5, 0.3), -1);
});

test("the square that is shown leaves room to turn", () => {
  const { x, y } = boundsOf(spatial([[0.1, 0.1, 0], [-0.1, 0, 0]], 2));
  assert.deepEqual(x, [-1.4, 1.4]);
  assert.deepEqual(y, x);
});

test("a group has its name amid those of its rows that lie about its name on the flat map, as they are seen", () => {
  const places = Array.from({ length: 20 }, (_, i) => (i < 10 ? [1, 0.5, 1 + i / 1000] : [-1, -0.5, -1]));
  const points = spatial(places);
  const flat = pointsAt(places.map(([x, y]) => [x, y]));
  const anchor = anchors(points, flat);
  const near = anchor({ name: "near", clusters: [0], x: 1, y: 0.5 });
  const row = 5; // the middle one of the ten
  close([near.x, near.y, near.depth], [points.x[row], points.y[row], points.depth[row]], 0.01);
  assert.ok(near.x > 1); // in front: larger
  assert.equal(anchor({ name: "nowhere", clusters: [0], x: null, y: null }), null);
});
