/** The panels beside the map: what is open stays open while a map is shown with other clusters. */
import assert from "node:assert/strict";
import { test } from "node:test";

const root = { dataset: {} };
const kept = {};
let narrow = false;
globalThis.document = { documentElement: root, querySelectorAll: () => [], querySelector: () => null };
globalThis.window = {
  matchMedia: () => ({ matches: narrow }),
  localStorage: { getItem: () => null, setItem: () => undefined },
  sessionStorage: { getItem: (name) => kept[name] ?? null, setItem: (name, value) => (kept[name] = value) },
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

test("on a narrow window a link to a point opens the details, and they stay as somebody left them over a reload", () => {
  narrow = true;
  const { location } = globalThis.window;
  /** As a page that is loaded anew at an address finds it. */
  const load = (run, search) => {
    follow("start", "");
    location.search = search;
    follow("done", run);
    return root.dataset.inspector;
  };
  assert.equal(load("d", "?run=d"), "closed", "there is nothing to tell");
  assert.equal(load("e", "?run=e&row=5"), "open", "in a tab that has shown another map, too");
  assert.equal(load("e", "?run=e&row=5"), "open");
  kept["details-open-over"] = "e false 5"; // they are shut
  assert.equal(load("e", "?run=e&row=5"), "closed");
  assert.equal(load("e", "?run=e&row=6"), "open", "a link to another point");
  assert.equal(load("f", "?run=f"), "closed");
});
