/** What is set in Dash's components, and what is left as it is: shell/dash.mjs. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { sparing } from "../../assets/shell/dash.mjs";

const SAME = "no update";
let page = {};
let context = {};
beforeEach(() => {
  page = { hits: { data: ["a hit"] }, view: { data: null }, shell: { className: "shell is-done", children: "a" }, box: { value: "dogs" } };
  globalThis.window = {
    dash_clientside: { no_update: SAME, callback_context: context },
    dash_component_api: { getLayout: (id) => page[id] && { props: page[id] } },
  };
});

/** Call a function as Dash does, which has its context for itself until the first await. */
function call(outputs, values) {
  context = { outputs_list: outputs };
  globalThis.window.dash_clientside.callback_context = context;
  const answer = sparing({ any: () => values }).any();
  delete globalThis.window.dash_clientside.callback_context;
  return answer;
}

test("nothing is set where nothing was, and a look that stays is left alone", () => {
  assert.equal(call({ id: "view", property: "data" }, null), SAME);
  assert.equal(call({ id: "view", property: "data" }, undefined), SAME);
  assert.equal(call({ id: "shell", property: "className" }, "shell is-done"), SAME);
  assert.equal(call({ id: "nowhere", property: "data" }, null), SAME);
});

test("what changes is set, nothing in place of something too, whoever else may set it", () => {
  assert.deepEqual(call({ id: "view", property: "data" }, { run: "ab" }), { run: "ab" });
  assert.equal(call({ id: "hits", property: "data" }, null), null);
  assert.equal(call({ id: "hits", property: "data@1f" }, null), null);
  assert.equal(call({ id: "view", property: "data@1f" }, null), SAME);
  assert.equal(call({ id: "shell", property: "className" }, "shell is-start"), "shell is-start");
});

test("a value is set again where a function may listen to it: the same words may be asked twice", () => {
  assert.equal(call({ id: "box", property: "value" }, "dogs"), "dogs");
  assert.equal(call({ id: "shell", property: "children" }, "a"), "a");
});

test("of several outputs each is judged for itself, and of answers that come late as well", async () => {
  const outputs = [{ id: "hits", property: "data" }, { id: "view", property: "data" }, { id: "shell", property: "className" }];
  assert.deepEqual(call(outputs, [null, null, "shell is-done"]), [null, SAME, SAME]);
  assert.deepEqual(call(outputs, [SAME, { run: "ab" }, SAME]), [SAME, { run: "ab" }, SAME]);
  assert.equal(call(outputs, SAME), SAME);
  assert.deepEqual(await call(outputs, Promise.resolve([null, null, "a"])), [null, SAME, "a"]);
  assert.equal(call(undefined, undefined), undefined, "what has no output");
});
