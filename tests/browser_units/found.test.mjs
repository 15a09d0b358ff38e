/** What was found in a long text comes into sight in its box: shell/found.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { scrolledTo } from "../../assets/shell/found.mjs";

const HEIGHT = 260;

test("what was found is in sight in its box, wherever in a text of any length it stands", () => {
  for (const inner of [200, 260, 700, 4000]) {
    for (let from = 0; from < inner - 20; from += 37) {
      for (const long of [20, 150, 900]) {
        for (const top of [0, 120, Math.max(0, inner - HEIGHT)]) {
          const now = scrolledTo({ top, height: HEIGHT, inner }, { from, to: Math.min(inner, from + long) });
          const told = `${[inner, from, long, top]}: ${now}`;
          assert.ok(now >= 0 && now <= Math.max(0, inner - HEIGHT, top), told);
          assert.ok(from >= now && from + 20 <= now + HEIGHT, told);
          const most = Math.min(inner, from + Math.min(long, HEIGHT * 0.8));
          assert.ok(most <= now + HEIGHT + 1e-9, `${told} shows no more than its beginning`);
        }
      }
    }
  }
});

test("a text in which it is in sight stays where it is", () => {
  assert.equal(scrolledTo({ top: 40, height: HEIGHT, inner: 900 }, { from: 60, to: 80 }), 40);
  assert.equal(scrolledTo({ top: 0, height: HEIGHT, inner: 900 }, { from: 500, to: 520 }), 500 - 0.2 * HEIGHT);
});
