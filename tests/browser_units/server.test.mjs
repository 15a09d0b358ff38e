import assert from "node:assert/strict";
import { test } from "node:test";

import { fetched, sentence } from "../../assets/shell/server.mjs";

/**
 * @param {number[]} statuses what the server answers, one after the other
 * @returns {string[]} what it was asked
 */
function answering(statuses) {
  const asked = [];
  globalThis.fetch = async (url) => {
    asked.push(String(url));
    const status = statuses[asked.length - 1];
    const headers = { "Retry-After": "0" };
    return new Response(JSON.stringify({ detail: `said ${status}` }), { status, headers });
  };
  return asked;
}

test("a server that has too much to do is asked again", async () => {
  const asked = answering([429, 429, 200]);
  assert.equal((await fetched("/x")).status, 200);
  assert.equal(asked.length, 3);
});

test("one that stays busy says so, and is asked no more", async () => {
  const asked = answering([429, 429, 429, 429, 200]);
  await assert.rejects(fetched("/x"), /Said 429/);
  assert.equal(asked.length, 4);
});

test("any other refusal is told at once", async () => {
  const asked = answering([404, 200]);
  await assert.rejects(fetched("/x"), /Said 404/);
  assert.equal(asked.length, 1);
});

test("what is said begins as a sentence does, and a name stays as it is", () => {
  assert.equal(sentence("nothing in empty.csv is usable."), "Nothing in empty.csv is usable.");
  assert.equal(sentence("row 10 cannot be edited."), "Row 10 cannot be edited.");
  for (const name of ["st:model is not here.", "data.csv is empty.", "“x” is gone.", "x"]) assert.equal(sentence(name), name);
});
