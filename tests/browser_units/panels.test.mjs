/** The panels beside the map: what is open stays open while a map is shown with other clusters. */
import assert from "node:assert/strict";
import { test } from "node:test";

const root = { dataset: {} };
globalThis.document = { documentElement: root, querySelectorAll: () => [], querySelector: () => null };
globalThis.window = {
  matchMedia: () => ({ matches: false }),
  localStorage: { getItem: () => null, setItem: () => undefined },
  sessionStorage: { getItem: () => null, setItem: () => undefined },
  location: { search: "" },
};
const { follow } = await import("../../assets/shell/panels.mjs");
const { sameMap } = await import("../../assets/shell/recut.mjs");

test("the side gives way to a map that is opened, and stays where that map has other clusters, there and back", () => {
  follow("start", "");
  assert.equal(root.dataset.side, "open");
  follow("busy", "a");
  assert.equal(root.dataset.side, "open", "while it is made");
  follow("done", "a");
  assert.equal(root.dataset.side, "closed");
  root.dataset.side = "open"; // somebody opens it
  sameMap("a", "b");
  follow("done", "b");
  assert.equal(root.dataset.side, "open");
  follow("busy", "a");
  follow("done", "a");
  assert.equal(root.dataset.side, "open", "by the way back");
  follow("done", "c");
  assert.equal(root.dataset.side, "closed", "another map");
});
