/** Deletions that can be taken back: the server hears of them late, once, and whatever becomes of the page. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { UNDO_MS, deleteLater, deleteNow, isWaiting, leave, takeBack } from "../../assets/shell/undo.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

function deleting(key, held = () => false) {
  const deleted = { kind: "dataset", key };
  const told = [];
  deleteLater(
    deleted,
    () => told.push("deleted"),
    () => told.push("shown"),
    held,
  );
  return { deleted, told };
}

test("the server hears of a deletion when the time is over, and not before", () => {
  const { deleted, told } = deleting("a");
  mock.timers.tick(UNDO_MS - 1);
  assert.deepEqual(told, []);
  mock.timers.tick(1);
  assert.deepEqual(told, ["deleted", "shown"]);
  assert.equal(isWaiting(deleted), false);
});

test("what is taken back is not deleted", () => {
  const { deleted, told } = deleting("b");
  assert.equal(takeBack(deleted), true);
  mock.timers.tick(10 * UNDO_MS);
  assert.deepEqual(told, []);
  assert.equal(takeBack(deleted), false);
});

test("it waits on while somebody is at the button", () => {
  let there = true;
  const { told } = deleting("c", () => there);
  mock.timers.tick(5 * UNDO_MS);
  assert.deepEqual(told, []);
  there = false;
  mock.timers.tick(UNDO_MS);
  assert.deepEqual(told, ["deleted", "shown"]);
});

test("now is once, and again is no second time", () => {
  const { deleted, told } = deleting("d");
  deleteLater(deleted, assert.fail, assert.fail, () => false);
  deleteNow(deleted);
  deleteNow(deleted);
  mock.timers.tick(2 * UNDO_MS);
  assert.deepEqual(told, ["deleted", "shown"]);
});

test("a page that is left tells the server all that waits, and tells it once", () => {
  const asked = [];
  globalThis.fetch = async (url, options) => {
    asked.push([url, options.method, options.keepalive]);
  };
  const one = deleting("e");
  const other = deleting("f/..");
  takeBack(deleting("g").deleted);
  leave();
  leave();
  mock.timers.tick(2 * UNDO_MS);
  assert.deepEqual(asked, [
    ["/api/v1/datasets/e", "DELETE", true],
    ["/api/v1/datasets/f%2F..", "DELETE", true],
  ]);
  assert.deepEqual([one.told, other.told], [[], []]);
});
