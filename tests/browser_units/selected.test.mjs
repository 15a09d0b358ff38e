/** A selection in an address: map/selected_text.mjs, shell/stash.mjs. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { LONGEST, parse, searchOf } from "../../assets/shell/address.mjs";
import { rowsInside } from "../../assets/map/grid.mjs";
import { maskOf, ofRows } from "../../assets/map/selected.mjs";
import { clustersText, rowsText, shapeOf, textOf } from "../../assets/map/selected_text.mjs";
import { inFull, shortened } from "../../assets/shell/stash.mjs";
import { lots, pageAt, pointsAt, scattered } from "./made.mjs";

beforeEach(() => pageAt("?run=ab"));
const MOST = LONGEST.selected;
const inAddress = (text) => assert.equal(parse(searchOf({ run: "ab", selected: text })).selected, text, text.slice(0, 60));
const rowsOf = (shape, n) => [...maskOf({ n }, shape)].flatMap((one, row) => (one ? [row] : []));
const masked = (n, share, seed) => {
  const draw = lots(seed);
  return Uint8Array.from({ length: n }, () => (draw() < share ? 1 : 0));
};

test("rows come back as they were, few and many, of small and large maps", async () => {
  for (const [n, share] of [[1, 1], [7, 0], [7, 0.5], [300, 0.1], [20_000, 0.5], [20_000, 0.97], [1_000_000, 0.000_02]]) {
    const mask = masked(n, share, n);
    const text = textOf(ofRows(mask), n, MOST);
    const shape = await shapeOf(text, n);
    assert.deepEqual(rowsOf(shape, n), [...mask].flatMap((one, row) => (one ? [row] : [])));
    if (n <= 17_000) assert.ok(text.length <= MOST);
    if (text.length <= MOST) inAddress(text);
  }
});

test("every selection of up to 17,000 rows fits", () => {
  for (const share of [0.01, 0.1, 0.3, 0.9]) assert.ok(rowsText(masked(17_000, share, 3)).length <= MOST);
});

test("a lasso comes back so exactly that it holds the same points, however long it was drawn", async () => {
  const points = pointsAt(scattered(4000, 5));
  for (const corners of [3, 40, 900, 6000]) {
    const draw = lots(corners);
    const path = Array.from({ length: corners }, (_, i) => {
      const [turn, far] = [(2 * Math.PI * i) / corners, 0.3 + 0.02 * draw()];
      return [0.5 + far * Math.cos(turn), 0.5 + far * Math.sin(turn)];
    });
    const text = textOf({ path }, points.n, MOST);
    inAddress(text);
    const shape = await shapeOf(text, points.n);
    assert.equal(textOf(shape, points.n, MOST), text, "what it says is what it is, from then on");
    const [drawn, said] = [path, shape.path].map((one) => rowsInside(points, { path: one }));
    const others = drawn.reduce((sum, one, row) => sum + (one === said[row] ? 0 : 1), 0);
    assert.ok(others <= (corners > 1000 ? 40 : 4), `${others} of 4,000 points are on another side of ${corners} corners`);
  }
});

test("a box and the rows of clusters come back, with what was taken in then", async () => {
  const box = textOf({ box: [-1.23456789, 0, 1e-9, 3] }, 5, MOST);
  inAddress(box);
  assert.deepEqual(await shapeOf(box, 5), { box: [-1.234568, 0, 1e-9, 3] });
  const text = clustersText([0, 3], 0.35);
  inAddress(text);
  const labels = async (least) => Int32Array.of(0, 1, 3, -1, least === 0.35 ? 3 : -1);
  assert.deepEqual(rowsOf(await shapeOf(text, 5, labels), 5), [0, 2, 4]);
  assert.deepEqual(rowsOf(await shapeOf(clustersText([0, 3], null), 5, labels), 5), [0, 2]);
  assert.deepEqual(rowsOf(await shapeOf("clusters_-1", 5, labels), 5), [3, 4]);
});

test("nonsense selects nothing", async () => {
  const beyond = textOf(ofRows(Uint8Array.of(0, 0, 0, 1)), 4, MOST);
  for (const text of [beyond, "box_1_2_3", "box_a_b_c_d", "path_0_0", "path_0_0_1_AA", "rows_!", "bits_AAAAAA", "moon_1"]) {
    assert.equal(await shapeOf(text, 2), null, text);
  }
});

test("what is too long is kept by the tab, over a reload too, and elsewhere it is known that it is missing", () => {
  const text = rowsText(masked(40_000, 0.5, 9));
  const name = shortened(text, MOST);
  inAddress(name);
  assert.ok(name.length < 30);
  assert.equal(inFull(name), text);
  assert.equal(globalThis.window.sessionStorage.getItem(name), text);
  assert.equal(shortened("short", 5), "short");
  assert.equal(shortened("äöü", 10), shortened("äöü", 10));
  assert.notEqual(shortened("äöü", 10), "äöü", "letters count as the address has them");
  assert.equal(inFull("here_123.00000000"), null);
  assert.equal(inFull("anything else"), "anything else");
});
