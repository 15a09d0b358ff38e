/** More or fewer clusters: map/cuts.mjs. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { decode, forgetCut, kept, move, offer, recutView, wordsOf } from "../../assets/map/cuts.mjs";
import { ofRows } from "../../assets/map/selected.mjs";
import { rowsText } from "../../assets/map/selected_text.mjs";
import { onMap } from "../../assets/map/state.mjs";
import { parse } from "../../assets/shell/address.mjs";
import { state } from "../../assets/shell/place.mjs";
import { pageAt, pointsAt } from "./made.mjs";

let put = [];
const SAME = "no update";
const STOPS = [
  { at: 40, clusters: 3, noise: 0.1 },
  { at: 20, clusters: 8, noise: 0.062 },
  { at: 5, clusters: 1, noise: 0.3 },
];
const CUTS = { run: "ab", current: 20, stops: STOPS };
beforeEach(() => {
  ({ put } = pageAt("?run=ab&row=3&take_in=0.5&q=dogs&cluster=2&tab=clusters"));
  forgetCut("none", null);
});

test("labels are read as they are documented, and nothing else is", () => {
  const bytes = new Uint8Array([...new TextEncoder().encode("EEC1"), 2, 0, 0, 0, 7, 0, 0, 0, 255, 255, 255, 255]);
  assert.deepEqual([...decode(bytes.buffer)], [7, -1]);
  assert.throws(() => decode(new Uint8Array(16).buffer), /reload/);
});

test("the slider has a place for each cut, stands at the run's own, and stays when the same is told again", () => {
  assert.deepEqual(offer(CUTS), [2, 1, "cuts", "8 clusters, 6.2 % in no cluster."]);
  assert.deepEqual(offer(CUTS), [SAME, SAME, SAME, SAME]);
  forgetCut("another", null);
  assert.equal(offer(CUTS)[1], 1);
  assert.equal(offer(null)[2], "cuts hidden");
  assert.equal(offer({ ...CUTS, stops: STOPS.slice(1, 2) })[2], "cuts hidden");
});

test("a cut says what it gives beside what is there", () => {
  assert.match(wordsOf(STOPS[2], STOPS[1]), /^1 cluster, 30 % in no cluster \(8 before\)\. 24 % more: smaller groups are looked for, .* in none\.$/);
  assert.equal(wordsOf({ ...STOPS[2], noise: 0 }, STOPS[1]), "1 cluster, 0 % in no cluster (8 before).");
  assert.equal(wordsOf(STOPS[1], STOPS[1]), "8 clusters, 6.2 % in no cluster.");
});

test("what is tried is shown at once, and kept once, when the slider rests", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    offer(CUTS);
    assert.deepEqual(move(1, CUTS, undefined), [SAME, SAME], "the slider comes, at the run's own place");
    assert.deepEqual(put, [], "and leaves the cluster in focus");
    assert.deepEqual(move(0, CUTS, null)[1], { run: "ab", at: 40 });
    mock.timers.tick(300);
    assert.deepEqual(move(2, CUTS, { run: "ab", at: 40 })[1], { run: "ab", at: 5 });
    mock.timers.tick(650);
    assert.deepEqual(put, [["url", { type: "popstate", search: "?run=ab&row=3&take_in=0.5&q=dogs&tab=clusters" }]]); // no cluster in focus
    put.length = 0;
    mock.timers.tick(100);
    assert.deepEqual(
      put.map(([id, { data }]) => [id, data.run, data.at]),
      [["recut-keep", "ab", 5]],
    );
    put.length = 0;
    assert.equal(move(1, CUTS, { run: "ab", at: 5 })[1], null); // back where it was: nothing is kept
    mock.timers.tick(5000);
    assert.deepEqual(put, []);
    globalThis.window.location.search = "?run=cd";
    assert.deepEqual(move(0, CUTS, null), [SAME, SAME]); // the page is elsewhere
  } finally {
    mock.timers.reset();
  }
});

test("a kept cut is gone to only while it is what is shown, and the row and the words stay", () => {
  const done = { from: "ab", at: 40, run: "cd" };
  kept(done, { run: "ab", at: 5 });
  kept(done, null);
  kept({ ...done, from: "ef" }, { run: "ef", at: 40 });
  assert.deepEqual(put, []);
  kept(done, { run: "ab", at: 40 });
  assert.deepEqual(put, [["url", { type: "popstate", search: "?run=cd&row=3&q=dogs&tab=clusters" }]]);
  const panels = { side: "closed", inspector: "open" };
  globalThis.document = { title: "", documentElement: { dataset: panels }, getElementById: () => null, querySelector: () => null, querySelectorAll: () => [] };
  globalThis.window.matchMedia = () => ({ matches: true });
  const view = { run: "ab" };
  assert.match(state("cd", { run: "ab", name: "a" }, view, null)[0], /is-done/); // the map stays while the next one opens
  assert.equal(panels.inspector, "open"); // with the slider in it, also where it lies over the map
  assert.match(state("ef", { run: "ab", name: "a" }, view, null)[0], /is-busy/);
  assert.equal(forgetCut("cd", { run: "ab", at: 40 }), null);
  assert.equal(forgetCut("ab", { run: "ab", at: 40 }), SAME);
});

test("what was selected stays selected in another cut: rows of clusters as rows, a shape as it was drawn", () => {
  const mask = Uint8Array.of(0, 1, 1, 0, 1);
  const shapes = { clusters_2: ofRows(mask), box_0_0_1_1: { box: [0, 0, 1, 1] } };
  for (const [text, wanted] of [["clusters_2", rowsText(mask)], ["box_0_0_1_1", "box_0_0_1_1"]]) {
    ({ put } = pageAt(`?run=ab&row=3&selected=${text}&cluster=2&lights=cluster.selection.row`));
    Object.assign(onMap, { points: { n: 5 }, shown: { selection: { run: "ab", text, shape: shapes[text] } } });
    kept({ from: "ab", at: 40, run: "cd" }, { run: "ab", at: 40 });
    const { run, row, selected, cluster, lights, tab } = parse(put[0][1].search);
    assert.deepEqual([run, row, selected, cluster, lights, tab], ["cd", 3, wanted, null, "selection.row", "clusters"]);
  }
});

test("a run is seen with the clusters of a cut, its places as they are; another run's cut is not of it", async () => {
  offer(CUTS);
  const points = { ...pointsAt([[0, 0], [1, 1], [2, 2]], [0, 0, 1]), taken: new Int32Array([1]) };
  const view = { run: "ab", clusters: [], levels: [], colors: { light: ["green"], noise: "grey" } };
  const answer = { clusters: [{ cluster: 0, name: "all", size: 2, anchor: { x: 1, y: 1 } }], levels: [[{ name: "all" }]], colors: { light: ["red"] } };
  const asked = [];
  globalThis.fetch = async (url) => {
    asked.push(url);
    const rows = new Int32Array([0x31434545, 3, 0, -1, 0]).buffer;
    return { ok: true, json: async () => answer, arrayBuffer: async () => rows };
  };
  const [seen, shown] = await recutView(view, points, { run: "ab", at: 40 });
  assert.deepEqual([...shown.label], [0, -1, 0]);
  assert.deepEqual([shown.x, shown.taken], [points.x, undefined]);
  assert.deepEqual([seen.cut, seen.levels, seen.colors], [40, answer.levels, { light: ["red"], noise: "grey" }]);
  assert.deepEqual(seen.clusters, [{ cluster: 0, name: "all", size: 2, clusters: [0], x: 1, y: 1 }]);
  assert.equal((await recutView(view, points, { run: "ab", at: 40 }))[1], shown);
  assert.deepEqual(asked, ["/api/v1/runs/ab/cuts/40", "/api/v1/runs/ab/cuts/40/rows"]);
  assert.deepEqual(await recutView(view, points, { run: "cd", at: 40 }), [view, points]);
  kept({ from: "ab", at: 40, run: "cd" }, { run: "ab", at: 40 });
  answer.clusters[0].name = "named by now";
  const [again] = await recutView(view, points, { run: "ab", at: 40 });
  assert.equal(again.clusters[0].name, "named by now"); // as the list says it, which asks the server
});
