/** The steps of a tab, and which of them lead to the same map: shell/steps.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { begin, stepTo, ways } from "../../assets/shell/steps.mjs";
import { pageAt } from "./made.mjs";

/** A tab whose history can be walked. */
function tab() {
  pageAt("?run=ab");
  const entries = [null];
  let [now, run] = [0, "ab"];
  const arrive = (to) => ([globalThis.window.history.state, run] = [entries[now], to]);
  return {
    go: (to, instead = false) => {
      const state = stepTo(run, to, instead);
      now += instead ? 0 : 1;
      entries.splice(now, entries.length, state);
      arrive(to);
    },
    walk: (by, to) => {
      now += by;
      arrive(to);
    },
    offers: () => Object.values(ways(run)),
  };
}

test("nothing is offered where a tab begins, and then what leads to the same map", () => {
  const { go, walk, offers } = tab();
  assert.deepEqual(offers(), [false, false]);
  go("ab");
  assert.deepEqual(offers(), [false, false].with(0, true));
  go("ab");
  walk(-1, "ab");
  assert.deepEqual(offers(), [true, true]);
});

test("another map is neither behind nor before a point of this one, and a new step takes the way forward", () => {
  const { go, walk, offers } = tab();
  go("ab");
  go("cd");
  assert.deepEqual(offers(), [false, false]);
  go("cd");
  assert.deepEqual(offers(), [true, false]);
  walk(-1, "cd");
  assert.deepEqual(offers(), [false, true]);
  go("cd");
  assert.deepEqual(offers(), [true, false]);
  walk(-2, "ab");
  assert.deepEqual(offers(), [true, false], "beyond it lies another map");
});

test("what goes in the place of a step keeps the way forward, and an entry that others made offers none", () => {
  const { go, walk, offers } = tab();
  go("ab");
  go("ab");
  walk(-1, "ab");
  globalThis.window.history.state = { step: 1 };
  stepTo("ab", "ab", true);
  assert.deepEqual(offers(), [true, true]);
  globalThis.window.history.state = {};
  assert.deepEqual(offers(), [false, false]);
});

test("the first entry of a tab, and one that others have made, are where steps are counted from", () => {
  pageAt("?run=ab");
  const history = { state: null, replaceState: (state) => (history.state = state) };
  Object.assign(globalThis.window, { history });
  begin("ab");
  assert.deepEqual(history.state, { step: 0 });
  history.state = stepTo("ab", "ab", false);
  begin("ab");
  assert.deepEqual([history.state, ways("ab").back], [{ step: 1 }, true]);
  history.state = {};
  begin("cd");
  assert.deepEqual([history.state, ways("cd").back], [{ step: 0 }, false]);
});
