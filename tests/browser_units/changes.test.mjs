import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { asked, gather, isNothing, keep, keptOf, made, nothing, packed, unpacked, wordsOf } from "../../assets/shell/changes.mjs";
import { readingOf } from "../../assets/upload/sending.mjs";
import { pageAt } from "./made.mjs";

beforeEach(() => pageAt("?run=r"));

test("what is gathered of a row is what was asked last, and nothing is there twice", () => {
  const changes = nothing();
  gather(changes, { change: "edit-row", row: 3, text: "another" });
  gather(changes, { change: "remove-row", row: 3 });
  gather(changes, { change: "remove-row", row: 9 });
  gather(changes, { change: "edit-row", row: 9, text: "“kept”, after all" });
  for (const run of ["r", "s"]) gather(changes, { change: "remove-shape", run, shape: '{"box":[0,0,1,1]}' });
  const shapes = ["r", "s"].map((run) => ({ run, shape: { box: [0, 0, 1, 1] } }));
  assert.deepEqual(JSON.parse(packed(changes)), { removed: [3], shapes, edited: { 9: "“kept”, after all" } });
  assert.deepEqual(unpacked(packed(changes)), changes);
  assert.equal(wordsOf(changes), "To remove: 2 selections and 1 other row. To change: 1 text. A row whose text is changed stays, though it is selected.");
});

test("a selection is marked with how many rows it holds, and pressed again stays after all", () => {
  const changes = nothing();
  const wanted = { change: "remove-shape", run: "r", shape: '{"box":[0,0,1,1]}', count: 56 };
  gather(changes, wanted);
  assert.equal(wordsOf(changes), "To remove: 56 selected rows.");
  assert.deepEqual(asked(changes), { removed: [], selected: [{ run: "r", shape: { box: [0, 0, 1, 1] } }], edited: {} });
  gather(changes, wanted);
  assert.equal(isNothing(changes), true);
});

test("a text that is to be what it is is no edit", () => {
  const changes = nothing();
  gather(changes, { change: "edit-row", row: 3, text: "another", own: "one" });
  assert.equal(wordsOf(changes), "To change: 1 text.");
  gather(changes, { change: "edit-row", row: 3, text: "one", own: "one" });
  assert.equal(isNothing(changes), true);
});

test("a row that is marked again stays after all", () => {
  const changes = nothing();
  for (let i = 0; i < 2; i += 1) gather(changes, { change: "remove-row", row: 3 });
  assert.equal(isNothing(changes), true);
});

test("what is gathered of a dataset is kept for it alone, until it is forgotten; what is no such text is nothing", () => {
  const changes = nothing();
  gather(changes, { change: "edit-row", row: 3, text: "another" });
  keep("a", changes);
  assert.deepEqual(keptOf("a"), changes);
  assert.equal(isNothing(keptOf("b")), true);
  keep("a", nothing());
  assert.equal(isNothing(keptOf("a")), true);
  assert.equal([null, "", "{}", "[]", '{"removed":1}'].every((text) => isNothing(unpacked(text))), true);
  globalThis.window.localStorage.setItem = () => assert.fail("it is full"); // then the page itself keeps it
  keep("a", changes);
  assert.deepEqual(keptOf("a"), changes);
});

test("a version takes along what was gathered by then; what is gathered while it is made stays", () => {
  const changes = nothing();
  gather(changes, { change: "remove-row", row: 3 });
  gather(changes, { change: "edit-row", row: 5, text: "one" });
  gather(changes, { change: "remove-shape", run: "r", shape: '{"box":[0,0,1,1]}' });
  const shapes = [{ run: "r", shape: { box: [0, 0, 1, 1] } }];
  const body = { removed: [3], selected: shapes, edited: { 5: "one" } };
  assert.deepEqual(asked(changes), body);
  const batch = { endpoint: "/api/v1/uploads", id: "abc", to: "d1", changes };
  assert.deepEqual(readingOf(batch).body, { upload: "abc", ...body });
  const later = unpacked(packed(changes));
  gather(later, { change: "remove-row", row: 9 });
  gather(later, { change: "edit-row", row: 5, text: "another" });
  keep("d1", later);
  made("d1", changes);
  assert.deepEqual(asked(keptOf("d1")), { removed: [9], selected: [], edited: { 5: "another" } });
  made("d1", later);
  assert.deepEqual(asked(keptOf("d1")), {});
});

test("what a batch becomes is a dataset of its own, or rows of another one", () => {
  const batch = { endpoint: "/api/v1/uploads", id: "abc", to: "" };
  assert.deepEqual(readingOf(batch), { address: "/api/v1/uploads/abc/done", body: {} });
  assert.deepEqual(readingOf({ ...batch, to: "d1" }), { address: "/api/v1/datasets/d1/rows", body: { upload: "abc" } });
});
