/** Uploads that stand still, stop or are killed, and go on: upload/resuming.mjs, upload/sending.mjs, upload/rates.mjs. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import * as all from "../../assets/upload/batches.mjs";
import { amount, pace, span, speed } from "../../assets/upload/rates.mjs";
import { digest, printOf, recall, release, remember } from "../../assets/upload/resuming.mjs";
import { enqueue, fail, goOn, goOnWithAll, hold, send } from "../../assets/upload/sending.mjs";
import { afresh, batchOf, storage, until } from "./uploading.mjs";

const { batches } = all;
let server;
let spoken;
beforeEach(() => {
  ({ server, spoken } = afresh());
});

const LARGE = { "big.csv": "0123456789abcdef".repeat(2 ** 16 * 10) }; // 10 MiB

test("the server is told what will come, before it does", async () => {
  enqueue(batchOf({ a: "1234", b: "123456" }));
  await until(() => batches.length === 0);
  assert.deepEqual(server.begun, [{ files: 2, bytes: 10, largest: 6 }]);
});

test("a paused one stands still and goes on from what the server has", async () => {
  const batch = batchOf({ a: "0123456789abcdef" });
  server.trouble = (_, offset) => (offset === 8 ? (hold(batch), undefined) : null);
  enqueue(batch);
  await until(() => batch.state === "paused");
  server.trouble = () => null;
  await new Promise((done) => setTimeout(done, 20));
  assert.equal(server.asked.length, 3);
  assert.equal(batch.state, "paused");
  goOn(batch);
  await until(() => batches.length === 0);
  assert.equal(server.files.get("a"), "0123456789abcdef");
  assert.deepEqual(server.asked.map(([, offset]) => offset), [0, 4, 8, 8, 12]);
  assert.equal(server.deleted, 0);
});

test("killed in the middle and dropped again on a page loaded anew, no more than a piece is sent twice", async () => {
  server.chunk = 2 ** 20;
  const killed = batchOf(LARGE);
  server.trouble = (_, offset) => (offset >= 5 * 2 ** 20 ? undefined : null);
  enqueue(killed);
  await until(() => server.asked.length >= 6);
  killed.halt.abort(); // as a page that is closed does, without a word to the server
  batches.length = 0;
  release();
  globalThis.window.sessionStorage = storage();
  server.trouble = () => null;
  enqueue(batchOf(LARGE));
  await until(() => batches.length === 0);
  assert.equal(server.begun.length, 1);
  assert.equal(server.files.get("big.csv"), LARGE["big.csv"]);
  const sent = server.asked.reduce((sum, [, , bytes]) => sum + bytes.length, 0);
  assert.equal(sent - LARGE["big.csv"].length, 2 ** 20);
  assert.ok(spoken.includes("Going on with what was sent before."));
  assert.equal(JSON.parse(globalThis.window.localStorage.getItem("uploads"))[await printOf(killed.files)], undefined);
});

test("an upload that the server no longer has begins anew", async () => {
  const batch = batchOf(LARGE);
  server.chunk = 2 ** 22;
  remember(await printOf(batch.files), "gone");
  enqueue(batch);
  await until(() => batches.length === 0);
  assert.equal(server.begun.length, 1);
  assert.equal(server.files.get("big.csv"), LARGE["big.csv"]);
});

test("files are known again by name, size, last change and both of their ends, and small ones are not looked for", async () => {
  const content = LARGE["big.csv"];
  const print = (name, text, lastModified = 1) => printOf(all.distinct([{ file: new File([text], name, { lastModified }), name }]));
  const first = await print("a", content);
  assert.equal(await print("a", content), first);
  const others = [
    print("b", content), print("a", content, 2), print("a", `x${content.slice(1)}`), print("a", `${content.slice(1)}x`), print("a", `${content}x`),
  ];
  assert.equal(new Set([first, ...(await Promise.all(others))]).size, 6);
  assert.equal(await print("a", "short"), "");
  assert.notEqual(digest(new Uint8Array([0, 1])), digest(new Uint8Array([1, 0])));
});

test("what another page still sends is left to it, until that falls silent or is closed", () => {
  remember("print", "theirs");
  assert.equal(recall("print"), "theirs"); // the same tab, loaded anew
  globalThis.window.sessionStorage = storage();
  assert.equal(recall("print"), null);
  const kept = JSON.parse(globalThis.window.localStorage.getItem("uploads"));
  globalThis.window.localStorage.setItem("uploads", JSON.stringify({ print: { ...kept.print, at: Date.now() - 31000 } }));
  assert.equal(recall("print"), "theirs");
  globalThis.window.localStorage.setItem("uploads", JSON.stringify({ print: { ...kept.print, at: Date.now() - 25 * 3600 * 1000 } }));
  assert.equal(recall("print"), null); // the server has swept it
  globalThis.window.localStorage.setItem("uploads", "{");
  assert.equal(recall("print"), null);
});

test("a reading whose answer was lost is waited for", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    server.reading = 2;
    const batch = batchOf({});
    Object.assign(batch, { id: "id 1", state: "queued" });
    const sent = send(batch);
    for (let i = 0; i < 40 && server.stored.length === 0; i++) {
      await new Promise((done) => setImmediate(done));
      mock.timers.tick(4000);
    }
    await sent;
    assert.deepEqual([server.done, server.deleted, server.stored.length], [1, 0, 1]);
  } finally {
    mock.timers.reset();
  }
});

test("when the connection is back, all that stopped for it goes on by itself", async () => {
  const batch = batchOf({ a: "1234" });
  const refused = batchOf({ b: "1" });
  all.stopped(refused, "no", null);
  fail(batch, "unreachable", () => goOn(batch));
  goOnWithAll();
  await until(() => batches.length === 1);
  assert.equal(server.files.get("a"), "1234");
  assert.equal(refused.state, "failed");
});

test("speed and the time left are told from the last seconds, in words", () => {
  const marks = [];
  assert.equal(speed(marks, 0, 0), 0);
  assert.equal(speed(marks, 1000, 5e6), 5e6);
  assert.equal(pace(marks, 5e6, 60e6), " · 5.0 MB/s");
  assert.equal(speed(marks, 2000, 10e6), 5e6);
  assert.equal(pace(marks, 5e6, 60e6), " · 5.0 MB/s · 12 s left");
  assert.equal(speed(marks, 9000, 10e6), 0);
  assert.equal(pace(marks, 0, 60e6), "");
  assert.deepEqual([0.2, 59, 90, 3599, 3600, 8100, 86399].map(span), ["1 s", "59 s", "2 min", "60 min", "1 h 0 min", "2 h 15 min", "24 h"]);
  assert.equal(amount(1.5e9, 4e9), "1.50 of 4.00 GB");
});
