/** What is in front and which tab is open, as the address has it: shell/lights.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, searchOf } from "../../assets/shell/address.mjs";
import { LAMPS, PART_OF, inOrder, stepped, tabOf, withoutPicture } from "../../assets/shell/lights.mjs";
import { lots } from "./made.mjs";

const START = parse("?run=ab");
const VALUES = { row: [3, 4], picked: ["1", "2"], q: ["dogs", "cats"], selected: ["box_0_0_1_1", "rows_AA"], cluster: ["0", "1.2"] };
const at = (...steps) => steps.reduce((place, [changes, asked]) => stepped(place, changes, asked), START);

test("an address of before, which says no order, has the point in front", () => {
  const place = parse("?run=ab&row=3&color=column:a&picked=1");
  assert.deepEqual([inOrder(place), tabOf(place)], [["row", "picked"], "point"]);
});

test("an address is short while the order is the usual one", () => {
  assert.equal(searchOf(at([{ q: "dogs" }], [{ row: 3 }])), "?run=ab&row=3&q=dogs");
  assert.equal(searchOf(at([{ row: 3 }], [{ q: "dogs" }])), "?run=ab&row=3&q=dogs&lights=hits.row");
});

test("what goes out leaves the tab, what colours pick opens none, what is asked opens its own", () => {
  assert.equal(tabOf(at([{ row: 3 }], [{ q: "dogs" }], [{ q: null }])), "search");
  assert.equal(tabOf(at([{ q: "dogs" }], [{ row: 3 }], [{ tab: "search" }], [{ picked: "1" }])), "search");
  assert.equal(tabOf(at([{ tab: "export" }], [{ k: 5 }])), "export");
  assert.equal(tabOf(at([{ tab: "export" }], [{ cluster: "0" }])), "clusters");
  assert.equal(tabOf(at([{ row: 3 }], [{ cluster: "0" }], [{}, ["row"]])), "point");
});

test("a picture's hits are in the order until they are left", () => {
  const place = at([{ q: "dogs" }], [{ row: 3 }], [{ q: null }, ["hits"]]);
  assert.deepEqual(inOrder(place), ["hits", "row"]);
  assert.deepEqual(inOrder(stepped(place, { row: 4 })), ["row", "hits"]);
  const left = withoutPicture(place);
  assert.deepEqual([inOrder(left), tabOf(left)], [["row"], "search"]);
});

test("whatever is done, a reload has the same in front, behind and open", () => {
  const draw = lots(7);
  const one = (list) => list[Math.floor(draw() * list.length)];
  for (let walk = 0; walk < 200; walk++) {
    let place = stepped(START, { color: "column:a" });
    for (let step = 0; step < 12; step++) {
      const part = PART_OF[one(LAMPS)];
      const tab = draw() < 0.2 ? { tab: one(["point", "search", "clusters", "selection", "export"]) } : {};
      const before = place;
      place = stepped(place, { [part]: one([null, ...VALUES[part]]), ...tab }, draw() < 0.1 ? ["hits"] : []);
      const again = parse(searchOf(place));
      assert.deepEqual([inOrder(again), tabOf(again)], [inOrder(place), tabOf(place)]);
      if (place[part] !== null && place[part] !== before[part]) assert.ok(inOrder(place).slice(0, 2).some((lamp) => PART_OF[lamp] === part));
      const on = LAMPS.filter((lamp) => place[PART_OF[lamp]] !== null);
      assert.ok(on.every((lamp) => inOrder(place).includes(lamp)));
    }
  }
});
