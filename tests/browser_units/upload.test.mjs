/** What may become of an upload: upload/batches.mjs, and how it is sent: upload/sending.mjs, to a server made up here. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import * as all from "../../assets/upload/batches.mjs";
import { cancel, enqueue, fail, send } from "../../assets/upload/sending.mjs";
import { isLarge } from "../../assets/upload/early.mjs";
import { pause, refusal } from "../../assets/upload/talking.mjs";
import { Server, afresh, batchOf, fileOf, until } from "./uploading.mjs";

const { batches } = all;
let server;
let spoken;
beforeEach(() => {
  ({ server, spoken } = afresh());
});

test("files of one name are told apart", () => {
  const named = all.distinct([fileOf("a.txt", "1"), fileOf("a.txt", "2"), fileOf("b", "3"), fileOf("b", "4"), fileOf("a.txt", "5")]);
  assert.deepEqual(named.map(({ name }) => name), ["a.txt", "a (2).txt", "b", "b (2)", "a (3).txt"]);
});

test("what is read for long is looked at before, but not what is added to other rows", () => {
  const files = (...sizes) => sizes.map((size) => ({ file: { size } }));
  const large = 12 * 2 ** 20;
  assert.equal(isLarge({ to: "", files: files(large, large) }), true);
  assert.equal(isLarge({ to: "", files: files(large, large - 1) }), false);
  assert.equal(isLarge({ to: "a dataset", files: files(large, large) }), false);
});

test("three are sent at once, and the next when its turn comes", () => {
  const [first, second, third, fourth, fifth] = ["a", "b", "c", "d", "e"].map((name) => batchOf({ [name]: "1" }));
  for (const one of [first, second, third]) {
    assert.equal(all.queue(one), true);
    one.state = "sending";
  }
  assert.equal(all.queue(fourth), false);
  assert.equal(all.queue(fifth), false);
  assert.equal(all.remove(first), fourth);
  fourth.state = "sending";
  assert.equal(all.next(), undefined); // three are busy
  assert.equal(all.stopped(second, "no", null), fifth);
  fifth.state = "reading";
  assert.equal(all.halted(third), undefined); // nobody waits any more
  assert.equal(third.state, "paused");
  assert.ok(third.halt.signal.aborted);
  assert.equal(all.queue(third), true);
});

test("a failed one is out of the way, and dead unless it can go on", () => {
  const [first, second] = [batchOf({ a: "1" }), batchOf({ b: "2" })];
  all.stopped(first, "refused", null);
  assert.equal(all.queue(second), true);
  assert.deepEqual(all.dead(), [first]);
  all.stopped(second, "unreachable", () => undefined);
  assert.deepEqual(all.dead(), [first]);
  assert.equal(all.areUnderWay(), false);
  assert.equal(all.shownOf(), first);
});

test("what moves is shown before what waits or failed", () => {
  const [first, second] = [batchOf({ a: "1" }), batchOf({ b: "2" })];
  assert.equal(all.shownOf(), first);
  second.state = "reading";
  assert.equal(all.shownOf(), second);
});

test("the server's offset counts: more of a file, from elsewhere, or more than there is", () => {
  const [one] = all.distinct([fileOf("a", "12345678")]);
  const piece = { from: 0, size: 4 };
  assert.equal(all.answered(one, { ...piece, status: 204, offset: null }), true);
  assert.deepEqual([one.sent, one.done], [4, false]);
  assert.equal(all.answered(one, { ...piece, from: 4, status: 409, offset: 8 }), true);
  assert.deepEqual([one.sent, one.done], [8, true]);
  assert.throws(() => all.settle(one, 9), all.Refused);
  assert.equal(all.answered(one, { ...piece, status: 507, offset: null }), false);
  assert.equal(one.sent, 0);
});

test("an empty file is done once it was sent, not before", () => {
  const [one] = all.distinct([fileOf("a", "")]);
  all.settle(one, 0);
  assert.equal(one.done, false);
  all.answered(one, { from: 0, size: 0, status: 204, offset: 0 });
  assert.equal(one.done, true);
});

test("a batch is sent in pieces, four files at once, read, delivered and gone", async () => {
  const contents = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`file ${i}.txt`, "abcdefghij".slice(0, i + 1)]));
  enqueue(batchOf(contents));
  await until(() => batches.length === 0);
  assert.deepEqual(Object.fromEntries(server.files), contents);
  assert.equal(server.flights[1], 4);
  assert.ok(server.asked.every(([, , bytes]) => bytes.length <= 4));
  assert.equal(server.stored.length, 1);
  const [[id, { dataset, n }]] = server.stored;
  assert.deepEqual([id, dataset, n], ["uploaded", "key", 9]);
  assert.deepEqual(spoken, ["The files are read. Their first rows are shown."]);
});

test("after a lost connection it goes on from what the server has, and sends nothing twice", async () => {
  let lost = 0;
  server.trouble = (_, offset) => (offset === 8 && lost++ < 2 ? undefined : null);
  enqueue(batchOf({ a: "0123456789ab" }));
  await until(() => batches.length === 0);
  assert.equal(server.files.get("a"), "0123456789ab");
  assert.deepEqual(server.asked.map(([, offset]) => offset), [0, 4, 8, 8, 8]);
});

test("a server that has more already is not sent it again", async () => {
  server.files.set("a", "01234567");
  enqueue(batchOf({ a: "0123456789ab" }));
  await until(() => batches.length === 0);
  assert.equal(server.files.get("a"), "0123456789ab");
  assert.deepEqual(server.asked.map(([, offset]) => offset), [0, 8]);
});

test("a refusal is said as the server says it, ends the batch, and has the server forget it", async () => {
  const responseText = JSON.stringify({ detail: "That is too large." });
  server.trouble = () => ({ status: 413, offset: null, responseText });
  const batch = batchOf({ a: "1234", b: "1234" });
  enqueue(batch);
  await until(() => batch.state === "failed");
  assert.deepEqual([batch.error, batch.again, batch.id], ["That is too large.", null, null]);
  assert.equal(server.deleted, 1);
});

test("the first refusal stops the other files of the batch", async () => {
  server.trouble = (name) => (name === "a" ? { status: 413, offset: null, responseText: "" } : null);
  const batch = batchOf({ a: "1234", b: "1234".repeat(200), c: "1234".repeat(200) });
  enqueue(batch);
  await until(() => batch.state === "failed");
  await new Promise((done) => setTimeout(done, 20));
  const asked = server.asked.length;
  assert.ok(asked < 20, String(asked));
  await new Promise((done) => setTimeout(done, 20));
  assert.equal(server.asked.length, asked);
});

test("a file that changed meanwhile is refused by name", async () => {
  server.files.set("a", "more than it is");
  const batch = batchOf({ a: "1234" });
  enqueue(batch);
  await until(() => batch.state === "failed");
  assert.match(batch.error, /^a changed while it was sent/);
});

test("a cancelled one is stopped, forgotten and makes room", async () => {
  server.trouble = () => ({ status: 409, offset: "0", responseText: "" }); // busy for ever
  const batch = batchOf({ a: "1234" });
  enqueue(batch);
  await until(() => server.asked.length > 0);
  cancel(batch);
  assert.ok(batch.stop.signal.aborted);
  assert.deepEqual(batches, []);
  assert.equal(server.deleted, 1);
  assert.deepEqual(spoken, ["Cancelled. Nothing was added."]);
  await new Promise((done) => setTimeout(done, 20));
  assert.notEqual(batch.state, "failed");
});

test("a drop without files is said to be one", () => {
  const batch = batchOf({});
  enqueue(batch);
  assert.equal(batch.state, "failed");
  assert.match(batch.error, /no file in what you dropped/);
});

test("one that the server could not be reached for can go on", async () => {
  const batch = batchOf({ a: "1234" });
  globalThis.fetch = () => Promise.reject(new TypeError("failed"));
  await send(batch);
  assert.equal(batch.state, "failed");
  assert.match(batch.error, /cannot be reached/);
  server = new Server();
  batch.again();
  await until(() => batches.length === 0);
  assert.equal(server.files.get("a"), "1234");
});

test("a passing trouble is tried again, anything else is a refusal; the sentence is the server's", () => {
  for (const status of [408, 429, 500, 503]) assert.ok(refusal(status, "") instanceof all.Unreachable, String(status));
  for (const status of [400, 404, 413, 507]) assert.ok(refusal(status, "") instanceof all.Refused, String(status));
  assert.equal(refusal(400, '{"detail": "no"}').message, "no");
  assert.equal(refusal(502, "<html>").message, "The server refused it (status 502).");
});

test("pauses grow to eight seconds, end with a cancel, and after fourteen tries it stops", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { signal } = new AbortController();
    for (const [tries, wait] of [[0, 500], [3, 4000], [9, 8000]]) {
      let over = 0;
      pause(tries, signal, "why").then((next) => (over = next));
      mock.timers.tick(wait - 1);
      await Promise.resolve();
      assert.equal(over, 0);
      mock.timers.tick(1);
      await Promise.resolve();
      assert.equal(over, tries + 1);
    }
    const stop = new AbortController();
    const stopped = pause(2, stop.signal, "why");
    stop.abort();
    assert.equal(await stopped, 2);
    assert.throws(() => pause(13, signal, "no answer"), /stopped: no answer\. What was sent is kept/);
  } finally {
    mock.timers.reset();
  }
});

test("what failed for good is forgotten by the server too, what can go on is kept", () => {
  const [first, second] = [batchOf({ a: "1" }), batchOf({ b: "2" })];
  Object.assign(first, { id: "one" });
  Object.assign(second, { id: "two" });
  fail(first, "no");
  fail(second, "later", () => undefined);
  assert.deepEqual([first.id, second.id, server.deleted], [null, "two", 1]);
});
