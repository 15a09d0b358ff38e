/** The search box, the address and what is asked of the server: shell/searching.mjs. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { go, here, parse } from "../../assets/shell/address.mjs";
import { asked, box, leaveSearch, moreHits, searchWords } from "../../assets/shell/searching.mjs";
import { pageAt } from "./made.mjs";

const SAME = "no update";
const found = (run, picture) => ({ run, query: "dogs", hits: [], ...(picture && { picture }) });
let [put, went] = [[], []];
beforeEach(() => ({ put, went } = pageAt("?run=ab")));

test("what the address says is asked once, when its run is on the map, and again of another", () => {
  const place = parse("?run=ab&q=dogs");
  assert.deepEqual(asked(place, null, null, undefined, null), [SAME, SAME]);
  assert.deepEqual(asked(place, "ab", null, undefined, null), [{ run: "ab", words: "dogs" }, SAME]);
  assert.deepEqual(asked({ ...place, row: 3 }, "ab", null, { run: "ab", words: "dogs" }, found("ab")), [SAME, SAME]);
  assert.deepEqual(asked({ ...place, run: "cd" }, "ab", null, { run: "ab", words: "dogs" }, found("ab")), [null, null]);
  assert.deepEqual(asked({ ...place, run: "cd" }, "cd", null, null, null), [{ run: "cd", words: "dogs" }, SAME]);
});

test("hits go with what they answer: words that are left, a picture that words take the place of", () => {
  const picture = parse("?run=ab&row=3&lights=hits.row");
  assert.deepEqual(asked(parse("?run=ab"), "ab", null, { run: "ab", words: "dogs" }, found("ab")), [null, null]);
  assert.deepEqual(asked(picture, "ab", null, null, found("ab", true)), [SAME, SAME]);
  assert.deepEqual(asked({ ...picture, q: "cats" }, "ab", null, null, found("ab", true)), [{ run: "ab", words: "cats" }, null]);
  assert.deepEqual(asked(parse("?run=ab&row=3"), "ab", null, null, found("ab", true)), [SAME, null], "the way back");
  assert.deepEqual(asked({ ...picture, q: "cats" }, "ab", null, { run: "ab", words: "dogs" }, found("ab"))[1], SAME, "no hits flash away");
});

test("a sum with the selection in it asks with its rows, waits for them, and again when they change", () => {
  const place = parse("?run=ab&q=%3D%20selection%20-%20rain&selected=rows_1");
  const held = { run: "ab", shape: { rows: "AQ==" } };
  assert.deepEqual(asked(place, "ab", null, null, null), [SAME, SAME]);
  const [first] = asked(place, "ab", held, null, null);
  assert.deepEqual(first, { run: "ab", words: "= selection - rain", shape: { rows: "AQ==" } });
  assert.deepEqual(asked(place, "ab", held, first, found("ab")), [SAME, SAME]);
  assert.deepEqual(asked(place, "ab", { ...held, shape: { rows: "Ag==" } }, first, null)[0].shape, { rows: "Ag==" });
  assert.deepEqual(asked(parse("?run=ab&q=selection"), "ab", held, null, null)[0], { run: "ab", words: "selection" });
});

test("the box follows the address, and is not overtaken by what was typed into it itself", () => {
  assert.equal(box(parse("?run=ab&q=dogs")), "dogs");
  assert.equal(box(parse("?run=ab&q=dogs&row=3")), SAME);
  searchWords("cats ");
  assert.equal(here().q, "cats");
  assert.equal(box(here()), SAME);
  assert.equal(box(parse("?run=ab&q=dogs")), "dogs", "the way back");
  assert.equal(box(parse("?run=cd")), "");
});

test("the same words are asked again, and come to the front; no words leave the search", () => {
  searchWords('"late" train');
  go({ row: 3 });
  put.length = went.length = 0;
  searchWords('"late" train');
  assert.deepEqual([put[0][0], put[0][1].data.words], ["search-asked", '"late" train']);
  assert.equal(here().lights, "hits.row");
  searchWords("  ");
  assert.deepEqual([here().q, here().row, here().tab], [null, 3, "search"]);
});

test("more hits of a search are asked for by its words, which stay where they are", () => {
  searchWords('"late" train');
  put.length = went.length = 0;
  moreHits();
  const [id, { data }] = put[0];
  assert.deepEqual([id, data.run, data.words, data.more], ["search-asked", "ab", '"late" train', true]);
  assert.deepEqual(asked(here(), "ab", null, data, { run: "ab", hits: [] }), [SAME, SAME]);
});

test("words that are too long for an address are asked here, and told to be missing elsewhere", () => {
  const words = "a long review ".repeat(300).trim();
  searchWords(words);
  assert.ok(globalThis.window.location.search.length < 100);
  assert.equal(asked(here(), "ab", null, null, null)[0].words, words);
  const elsewhere = here().q.replace(/.{8}$/, "00000000");
  put.length = 0;
  assert.deepEqual(asked({ ...here(), q: elsewhere }, "ab", null, null, null), [SAME, SAME]);
  assert.match(put[0][1].data.text, /only the browser tab/);
});

test("a search by a picture is left in place of where the page is: the way back does not lead to it", () => {
  go({ q: null }, { asked: ["hits"] });
  leaveSearch();
  assert.equal(went.at(-1), "=?run=ab&tab=search");
});
