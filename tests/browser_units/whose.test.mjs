/** Whose content is on screen: shell/whose.mjs, and place.mjs, which fills regions. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { colorOf } from "../../assets/map/shades.mjs";
import { onMap } from "../../assets/map/state.mjs";
import { fill, place } from "../../assets/shell/place.mjs";
import { sameMap } from "../../assets/shell/recut.mjs";
import { stamp } from "../../assets/shell/whose.mjs";
import { pageAt } from "./made.mjs";

/** @returns {object} an element of the page, as far as regions need one */
const element = (id) => ({ id, dataset: {}, innerHTML: "", contains: () => false, setAttribute: () => undefined, querySelectorAll: () => [] });
let regions = {};
const other = (id) => regions[id].dataset.loading;

beforeEach(() => {
  pageAt("?run=a");
  regions = Object.fromEntries(["point", "export", "map-holder"].map((id) => [id, element(id)]));
  const stamped = () => Object.values(regions).filter(({ dataset }) => dataset.ofRun);
  globalThis.HTMLElement = Object;
  globalThis.document = { getElementById: (id) => regions[id] ?? null, querySelectorAll: (asked) => (asked === "[data-of-run]" ? stamped() : []) };
  regions.point.closest = () => null;
  Object.assign(regions.point, { getBoundingClientRect: () => ({ top: 0 }), dispatchEvent: () => true });
  sameMap("", "");
});

/** The address names another run, and Dash is told so. */
function go(run) {
  globalThis.window.location.search = run ? `?run=${run}` : "";
  return place(globalThis.window.location.search, "a");
}

test("what is of a run is not seen under the address of another, at once, and is there again when its run is", () => {
  fill("<!--of a-->of a", "point");
  fill("true of all", "export");
  stamp(regions["map-holder"], "a");
  assert.deepEqual(["point", "export", "map-holder"].map(other), [undefined, undefined, undefined]);
  go("b");
  assert.deepEqual(["point", "export", "map-holder"].map(other), ["Loading …", undefined, "Loading …"]);
  go("a");
  assert.equal(other("point"), undefined);
  go(null);
  assert.equal(other("point"), "", "the start page waits for nothing of it");
});

test("an answer for the run before that comes late is not shown, and takes nothing away", () => {
  fill("<!--of a-->of a", "point");
  go("b");
  fill("<!--of a-->late", "point");
  assert.equal(other("point"), "Loading …");
  fill("<!--of b-->of b", "point");
  assert.equal(other("point"), undefined);
  fill("<!--of a-->later still", "point");
  assert.equal(regions.point.innerHTML, "<!--of b-->of b");
  fill("nothing is chosen", "point");
  assert.equal(other("point"), undefined);
});

test("a run with other clusters on the same map keeps what is there until it has its own", () => {
  fill("<!--of a-->of a", "point");
  sameMap("a", "b");
  go("b");
  assert.equal(other("point"), undefined);
});

test("a card's dot has no colour while no map is there, or where the map has no such row", () => {
  onMap.shades = null;
  assert.equal(colorOf(3), "");
  onMap.shades = { colors: ["red"], codes: [0] };
  assert.deepEqual([colorOf(0), colorOf(3)], ["red", ""]);
});
