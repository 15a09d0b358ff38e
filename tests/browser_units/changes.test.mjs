import assert from "node:assert/strict";
import { test } from "node:test";
import { gather, nothingOf, packed, wordsOf } from "../../assets/shell/changes.mjs";
import { readingOf } from "../../assets/upload/sending.mjs";

test("what is gathered of a row is what was asked last, and nothing is there twice", () => {
  const changes = nothingOf("r");
  gather(changes, { change: "edit-row", row: 3, text: "another" });
  gather(changes, { change: "remove-row", row: 3 });
  gather(changes, { change: "remove-row", row: 3 });
  gather(changes, { change: "remove-row", row: 9 });
  gather(changes, { change: "edit-row", row: 9, text: "“kept”, after all" });
  for (let i = 0; i < 2; i += 1) gather(changes, { change: "remove-shape", shape: '{"box":[0,0,1,1]}' });
  assert.deepEqual(JSON.parse(packed(changes)), { removed: [3], shapes: [{ box: [0, 0, 1, 1] }], edited: { 9: "“kept”, after all" } });
  assert.equal(wordsOf(changes), "1 row and 1 selection to remove, 1 text to edit.");
});

test("what a batch becomes is a dataset of its own, or rows of another one", () => {
  const batch = { endpoint: "/api/v1/uploads", id: "abc", to: "" };
  assert.deepEqual(readingOf(batch), { address: "/api/v1/uploads/abc/done", body: {} });
  assert.deepEqual(readingOf({ ...batch, to: "d1" }), { address: "/api/v1/datasets/d1/rows", body: { upload: "abc" } });
});
