/** The messages at the foot of the page: which of them go when another dataset is on screen. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { notice, overDataset } from "../../assets/shell/notices.mjs";

let hidden = [];

beforeEach(() => {
  hidden = [];
  globalThis.window = {
    dash_clientside: { no_update: "same", set_props: (id, { hideNotifications }) => hidden.push(...hideNotifications) },
    dash_component_api: { getLayout: () => undefined },
  };
  overDataset(null);
  hidden = [];
});

test("what is told of a dataset goes when another one is on screen", () => {
  overDataset("first");
  const [{ id, message }] = notice({ kind: "info", text: "the text is “Role” now.", about: "second" });
  assert.equal(message, "The text is “Role” now.");
  overDataset("first");
  assert.deepEqual(hidden, [], "the one that it tells of is still to come");
  overDataset("second");
  assert.deepEqual(hidden, []);
  overDataset("first");
  assert.deepEqual(hidden, [id]);
});

test("a message about what is on screen already goes with it, others stay", () => {
  overDataset("first");
  const [own] = notice({ kind: "info", text: "it was read before.", about: "first" });
  notice({ kind: "error", text: "the app does not answer." });
  overDataset(null);
  assert.deepEqual(hidden, [own.id]);
  overDataset("second");
  assert.deepEqual(hidden, [own.id], "once");
});

test("nothing is shown of nothing", () => assert.equal(notice(null), "same"));
