/** Which light is in front: map/light.mjs. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { parse } from "../../assets/shell/address.mjs";
import { stepped } from "../../assets/shell/lights.mjs";
import { pickedWords } from "../../assets/map/legend.mjs";
import { brightOf, isPale, light } from "../../assets/map/light.mjs";
import { packed } from "../../assets/map/selected.mjs";
import { onMap } from "../../assets/map/state.mjs";

const POINTS = { n: 6, label: Int32Array.of(0, 0, 1, 1, -1, -1) };
const NOTHING = { hits: null, cluster: null, selection: null, focus: [], codes: [], range: null, picked: null, row: null };
const HITS = { run: "r", query: "q", hits: [{ row: 2 }, { row: 4 }] };
const FOCUS = { cluster: "0", focus: [0] };
const lit = ({ mask }) => (mask ? [...mask].flatMap((one, row) => (one ? [row] : [])) : null);


beforeEach(() => Object.assign(onMap, { recent: [], sequence: 1, shades: { codes: [] } }));

/** @returns {[string, number[]|null]} what is in front and lit at the end of some steps through the address */
function after(steps, given) {
  const place = steps.reduce((at, [changes, asked]) => stepped(at, changes, asked), parse("?run=r"));
  const now = light(POINTS, { ...NOTHING, row: place.row, ...(place.q && { hits: HITS }), ...(place.cluster && FOCUS), ...given }, place);
  return [now.front, lit(now)];
}

test("what was asked last is in front and lights its rows alone", () => {
  const search = [{ q: "q" }];
  const cluster = [{ cluster: "0" }];
  assert.deepEqual(after([search]), ["hits", [2, 4]]);
  assert.deepEqual(after([search, cluster]), ["cluster", [0, 1]]);
  assert.deepEqual(after([search, cluster, [{ cluster: null }]]), ["hits", [2, 4]], "when it goes, what was there before comes back");
});

test("a point chosen among lit rows leaves them lit, one chosen elsewhere puts the light out until its tab is opened", () => {
  const cluster = [{ cluster: "0" }];
  assert.deepEqual(after([cluster, [{ row: 1 }]]), ["row", [0, 1]]);
  assert.deepEqual(after([cluster, [{ row: 3 }]]), ["row", null]);
  assert.deepEqual(after([cluster, [{ row: 3 }], [{ tab: "clusters" }, ["cluster"]]]), ["cluster", [0, 1]]);
});

test("hits that come when their tab has been left stay behind what was asked meanwhile", () => {
  const steps = [[{ q: "q" }], [{ row: 5 }]];
  assert.deepEqual(after(steps, { hits: null }), ["row", null]);
  assert.deepEqual(after(steps), ["row", null]);
  assert.deepEqual(after([...steps, [{ tab: "search" }, ["hits"]]]), ["hits", [2, 4]]);
});

test("hits of a picture, which no address names, are in front when they were asked last, and stay where they were", () => {
  assert.deepEqual(after([[{ row: 5 }], [{ q: null }, ["hits"]]], { hits: HITS }), ["hits", [2, 4]]);
  assert.deepEqual(after([[{ q: null }, ["hits"]], [{ row: 5 }]], { hits: HITS }), ["row", null]);
});

test("hits no nearer than chance would have it are not bright, and where all are such nothing is or steps back", () => {
  const weak = { ...HITS, hits: HITS.hits.map((hit) => ({ ...hit, weak: true })) };
  const some = { ...HITS, hits: [HITS.hits[0], weak.hits[1]] };
  assert.deepEqual(after([[{ q: "q" }]], { hits: some }), ["hits", [2]]);
  assert.deepEqual(after([[{ q: "q" }]], { hits: weak }), [undefined, null]);
  assert.deepEqual(after([[{ cluster: "0" }], [{ q: "q" }]], { hits: weak }), [undefined, null], "a cluster is no answer");
  assert.deepEqual(after([[{ q: "q" }], [{ cluster: "0" }]], { hits: weak }), ["cluster", [0, 1]]);
  assert.deepEqual(after([[{ row: 5 }], [{ q: "q" }]], { hits: weak }), [undefined, null]);
  assert.deepEqual(onMap.recent, ["hits", "row"], "Escape leaves the search first");
});

test("all rows that have the exact words are bright, not those alone that are listed", () => {
  assert.deepEqual(after([[{ q: "q" }]], { hits: { ...HITS, having: 3, rows: packed(Uint8Array.of(0, 0, 1, 0, 1, 1)) } }), ["hits", [2, 4, 5]]);
});

test("how many rows the legend calls bright is how many are", () => {
  const column = { counts: [4, 2], missing: 0 };
  const lit = (name, ...mask) => ({ name, mask: mask.length ? Uint8Array.from(mask) : null });
  assert.equal(pickedWords(column, [1], lit("picked", 1, 1, 1, 1, 0, 0)), "4 of 6 rows bright");
  assert.equal(pickedWords(column, [1], lit("selection", 1, 0, 0, 0, 1, 1)), "4 of 6 rows picked; bright are those selected: 3");
  assert.equal(pickedWords(column, [1], lit(undefined)), "4 of 6 rows picked; all are bright now");
  assert.equal(pickedWords(column, [], null), "Press one or more to see only those");
});

test("names stay dark of the clusters in focus, else of those that are mostly lit or have much of what is lit", () => {
  const points = { label: Int32Array.from({ length: 40 }, (_, row) => (row < 30 ? 0 : row < 34 ? 1 : row < 38 ? 2 : -1)) };
  const mask = Uint8Array.from({ length: 40 }, (_, row) => (row < 2 || (row >= 30 && row < 33) || row === 34 ? 1 : 0));
  assert.deepEqual(brightOf(points, { name: "picked", mask }, []), [0, 1, 2]);
  const hits = { label: Int32Array.from({ length: 60 }, (_, row) => Math.floor(row / 20)) };
  const found = Uint8Array.from({ length: 60 }, (_, row) => (row < 11 || (row >= 20 && row < 22) || row === 40 ? 1 : 0));
  assert.deepEqual(brightOf(hits, { name: "hits", mask: found }, []), [0, 1], "two of 14 hits are much, one is not");
  assert.equal(isPale(hits, { mask: found }, [0, 1]), true, "the name of a cluster with one bright row is pale");
  assert.equal(isPale(hits, { mask: found }, [0, 1, 2]), false);
  assert.equal(isPale(hits, { mask: null }, []), false);
  assert.deepEqual(brightOf(points, { name: "cluster", mask }, [2]), [2]);
  assert.deepEqual(brightOf(points, { name: undefined, mask: null }, [2]), []);
  const one = Uint8Array.from({ length: 40 }, (_, row) => (row === 39 ? 1 : 0));
  assert.deepEqual(brightOf(points, { name: "hits", mask: one }, []), []);
});
