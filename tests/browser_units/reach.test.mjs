/** Whether the app answers: shell/reach.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { watched } from "../../assets/shell/reach.mjs";

/** A server that can be switched off, and the page that asks it. */
function page() {
  const told = [];
  const [waiting, slow] = [[], []];
  const server = { on: true, asked: [] };
  const ask = async (address) => {
    server.asked.push(address);
    if (!server.on) throw new TypeError("Failed to fetch");
    if (address === "/stopped") throw new DOMException("enough", "AbortError");
    if (address === "/asleep") return new Promise(() => undefined);
    if (address === "/refused") throw new TypeError("Failed to fetch");
    return "an answer";
  };
  const fetch = watched(
    ask,
    (reached) => told.push(reached),
    (look, ms) => (ms > 5_000 ? slow : waiting).push(look),
  );
  return { fetch, server, told, waiting, slow };
}

const settled = () => new Promise((done) => setTimeout(done));

test("an app that does not answer is told once, and looked at until it does", async () => {
  const { fetch, server, told, waiting } = page();
  assert.equal(await fetch("/a"), "an answer");
  server.on = false;
  await assert.rejects(fetch("/a"), TypeError);
  await assert.rejects(fetch("/b"), TypeError);
  await settled();
  assert.deepEqual(told, [false]);
  assert.deepEqual(server.asked, ["/a", "/a", "/api/v1/healthz", "/b"]);
  waiting.pop()();
  await settled();
  assert.deepEqual(told, [false, false]);
  server.on = true;
  waiting.pop()();
  await settled();
  assert.deepEqual(told, [false, false, true]);
  assert.equal(waiting.length, 0);
  server.on = false;
  await assert.rejects(fetch("/a"), TypeError);
  await settled();
  assert.deepEqual(told.slice(3), [false]); // it may stop again
});

test("a question that was taken back, or fails by itself, is no app that is gone", async () => {
  const { fetch, server, told, waiting } = page();
  await assert.rejects(fetch("/stopped"), { name: "AbortError" });
  await settled();
  assert.deepEqual([told, server.asked], [[], ["/stopped"]]);
  await assert.rejects(fetch("/refused"), TypeError);
  await settled();
  assert.ok(!told.includes(false));
  assert.equal(waiting.length, 0);
});

test("a question that waits for long has the app looked at, and one that was answered has not", async () => {
  const { fetch, server, told, slow } = page();
  void fetch("/asleep");
  await fetch("/a");
  slow.forEach((look) => look());
  await settled();
  assert.deepEqual(server.asked, ["/asleep", "/a", "/api/v1/healthz"]);
  assert.deepEqual(told, [true]);
});
