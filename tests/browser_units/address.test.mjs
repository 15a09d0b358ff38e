/** The address and the place it names: shell/address.mjs. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { go, here, parse, pickBright, pickedOf, placeBy, searchOf } from "../../assets/shell/address.mjs";
import { pageAt } from "./made.mjs";

let put = [];
beforeEach(() => ({ put } = pageAt("?run=ab&row=3")));

const NOWHERE = { run: null, row: null, k: 10, metric: "map", take_in: null, color: null, arrangement: null, picked: null };
Object.assign(NOWHERE, { read_as: null, has: null, also: null, palette: null, own: null, cards: null });
Object.assign(NOWHERE, { q: null, cluster: null, selected: null, lights: null, tab: null, dataset: null });

test("an address is read, and nonsense in it left out", () => {
  assert.deepEqual(parse(""), NOWHERE);
  assert.deepEqual(parse("?run=ab12&row=17&k=25&metric=euclidean"), { ...NOWHERE, run: "ab12", row: 17, k: 25, metric: "euclidean" });
  assert.deepEqual(parse("?run=ab12&row=-1&k=500&metric=manhattan"), { ...NOWHERE, run: "ab12", k: 100 });
  assert.equal(parse("?k=0").k, 1);
  assert.equal(parse("?take_in=0").take_in, null);
  assert.equal(parse("?take_in=0.35").take_in, 0.35);
  assert.equal(parse("?color=red").color, null);
  assert.equal(parse("?arrangement=disc").arrangement, null);
  assert.equal(parse("?arrangement=grid").arrangement, "grid");
  assert.equal(parse("?color=column:a&picked=0.4.19").picked, "0.4.19");
  assert.equal(parse("?color=column:a&picked=12-").picked, null);
  assert.equal(parse("?picked=1").picked, null);
  assert.equal(parse("?color=column:a&read_as=date:ydm").read_as, null);
  assert.equal(parse("?color=column:a&read_as=date:mdy:daytime").read_as, "date:mdy:daytime");
  assert.equal(parse("?color=column:a&read_as=number:weekday").read_as, null);
  assert.equal(parse("?color=column:a&also=[1]").also, null);
  assert.equal(parse("?color=column:a&own=1-red").own, null);
  assert.equal(parse("?palette=greys").palette, null);
  assert.equal(parse("?q=%20").q, null);
  assert.equal(parse(`?q=${"x".repeat(1501)}`).q, null);
  assert.equal(parse("?cluster=-1").cluster, "-1");
  assert.equal(parse("?cluster=1.-1").cluster, null);
  assert.equal(parse("?selected=rows_<b>").selected, null);
  assert.equal(parse("?lights=hits.moon").lights, null);
  assert.equal(parse("?lights=hits.hits").lights, null);
  assert.equal(parse("?tab=secrets").tab, null);
  assert.equal(parse("?dataset=<b>").dataset, null);
});

test("what was asked is in the address", () => {
  const asked = { q: 'a "late train" & more', cluster: "1.4", selected: "box_0_-1.5_2e-7_3", lights: "cluster.hits.selection", tab: "export", dataset: "d1" };
  const place = { ...NOWHERE, run: "ab", ...asked };
  assert.deepEqual(parse(searchOf(place)), place);
});

test("a place and its address are the same thing, and what is usual is not said", () => {
  const place = { ...NOWHERE, run: "ab", row: 0, k: 25, color: "column:a & b", picked: "12-200" };
  assert.equal(searchOf(place), "?run=ab&row=0&k=25&color=column%3Aa+%26+b&picked=12-200");
  assert.deepEqual(parse(searchOf(place)), place);
  assert.equal(searchOf(NOWHERE), "");
});

test("how a colour is shown and what cards show is in the address", () => {
  const shown = { read_as: "date:mdy", has: "Mail & post", also: '["Bonn, Beuel"]', palette: "greys-r", own: "1-ff0000.21-00aa00" };
  const place = { ...NOWHERE, run: "ab", color: "column:a", cards: '["price"]', ...shown };
  assert.deepEqual(parse(searchOf(place)), place);
  assert.deepEqual(parse(searchOf({ ...place, color: null })), { ...NOWHERE, run: "ab", cards: '["price"]' });
});

test("going somewhere changes parts of the address, once", () => {
  go({ row: 5 });
  assert.deepEqual(put, [["url", { type: "popstate", search: "?run=ab&row=5" }]]);
  assert.equal(here().row, 5, "who asks in the same moment is told of it already");
  go({ row: 5 }); // that is where it is
  assert.equal(put.length, 1);
});

test("what is picked is written as codes or as a range, and read again in order", () => {
  globalThis.window.location.search = "?run=ab&color=column:a";
  pickBright({ codes: [1, 3] });
  pickBright({ range: [4, 9] });
  globalThis.window.location.search = "?run=ab&color=column:a&picked=9-4";
  pickBright();
  globalThis.window.location.search = "?run=ab&color=column:a&picked=9-4";
  assert.deepEqual(put.map(([, { search }]) => parse(search).picked), ["1.3", "4-9", null]);
  assert.deepEqual(pickedOf(parse(globalThis.window.location.search)), { run: "ab", choice: "column:a", range: [4, 9] });
  assert.deepEqual(pickedOf(parse("?run=ab&color=column:a&picked=3.1")), { run: "ab", choice: "column:a", codes: [3, 1] });
  assert.equal(pickedOf(parse("?run=ab")), null);
});

test("a link leads to its row in the view of this moment", () => {
  globalThis.window.location.search = "?run=ab&row=3&take_in=0.5&color=column:a&arrangement=3d";
  const by = (search, tab) => searchOf(placeBy({ href: `http://here/${search}` }, tab));
  assert.equal(by("?run=ab&row=7&k=5"), "?run=ab&row=7&k=5&take_in=0.5&color=column%3Aa&arrangement=3d");
  assert.equal(by("?run=other&row=7"), "?run=other&row=7");
  assert.equal(by("?run=ab"), "?run=ab");
  globalThis.window.location.search = "?run=ab&row=3&q=dogs&lights=hits.row";
  assert.equal(by("?run=ab&row=7"), "?run=ab&row=7&q=dogs", "the point is in front, the search is still there");
  assert.equal(by("?run=ab&row=7", "search"), "?run=ab&row=7&q=dogs&tab=search", "who goes through a list stays in it");
});
