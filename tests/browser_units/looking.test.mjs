/** Which dataset is looked at: shell/looking.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { go, here } from "../../assets/shell/address.mjs";
import { look, lookAt, lookedAt } from "../../assets/shell/looking.mjs";
import { pageAt } from "./made.mjs";

const STATUS = { run: "ab", state: "done", dataset: "own" };

test("the dataset of the map on screen is looked at when it is asked for by its name, and left again", () => {
  pageAt("?run=ab&row=3");
  assert.equal(look("ab", STATUS, "own").other, false);
  lookAt("another");
  assert.equal(here().dataset, null, "what is another's is opened by its own way");
  lookAt("own");
  assert.deepEqual([here().dataset, here().row], ["own", 3]);
  assert.deepEqual(look("ab", STATUS, "own"), { other: true, begun: true });
  assert.equal(lookedAt(), "own");
  go({ dataset: null });
  assert.equal(look("ab", STATUS, "own").other, false);
  assert.equal(lookedAt(), null);
});

test("an address that names the dataset of its own map shows it, as after a reload", () => {
  pageAt("?run=cd&dataset=own");
  assert.equal(look("cd", null, "own").other, false, "until it is known whose it is");
  assert.equal(look("cd", { ...STATUS, run: "cd" }, "own").other, true);
  assert.equal(here().dataset, "own");
});

test("the way back leads to what was looked at before, and past how a file was read before", () => {
  const { went } = pageAt("");
  const holding = (dataset) => (globalThis.window.dash_component_api = { getLayout: () => ({ props: { data: dataset && { dataset } } }) });
  look(null, null, null);
  holding(null);
  look(null, null, "letters");
  holding("reviews");
  look(null, null, "reviews");
  look(null, null, "reviews by another column");
  lookAt("letters");
  look(null, null, "letters");
  assert.deepEqual(went, ["?dataset=letters", "?dataset=reviews", "=?dataset=reviews+by+another+column", "?dataset=letters"]);
});
