/** What is looked at in a list stays where it is when the list says more of what is in it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { redrawn } from "../../assets/shell/refocus.mjs";

globalThis.window = { getComputedStyle: ({ overflowY }) => ({ overflowY }) };
globalThis.document = { activeElement: null };

/** A region of cards one below the other, in a view that is scrolled. */
function made(heights, { scrolled = 0, pointed = -1, names = heights.map((_, at) => at) } = {}) {
  const view = { scrollTop: scrolled, scrollHeight: 2000, clientHeight: 300, overflowY: "auto", parentElement: null, getBoundingClientRect: () => ({ top: 50 }) };
  const held = { heights, names };
  const card = (at) => ({
    dataset: { cluster: String(held.names[at]) },
    matches: (selector) => selector === ":hover" && at === pointed,
    getBoundingClientRect: () => {
      const top = 50 + held.heights.slice(0, at).reduce((sum, height) => sum + height, 0) - view.scrollTop;
      return { top, bottom: top + held.heights[at] };
    },
  });
  const folded = { overflowY: "visible", scrollHeight: 2000, clientHeight: 2000, parentElement: view };
  const region = { parentElement: folded, contains: () => false, querySelectorAll: () => held.heights.map((_, at) => card(at)) };
  return { view, held, region, topOf: (at) => card(at).getBoundingClientRect().top };
}

test("the card under the pointer, or else the first in sight, stays where it is when cards grow", () => {
  for (const [scrolled, pointed, looked] of [[0, 4, 4], [130, -1, 3], [130, 6, 6], [399, -1, 9]]) {
    const { held, region, topOf } = made(Array(12).fill(40), { scrolled, pointed });
    const before = topOf(looked);
    redrawn(region, () => (held.heights = held.heights.map((height, at) => height + (at % 2 ? 18 : 0))));
    assert.equal(topOf(looked), before);
  }
});

test("a list that nobody has scrolled or points at begins at its beginning, and another list is another", () => {
  const rested = made(Array(12).fill(40));
  redrawn(rested.region, () => (rested.held.heights = Array(12).fill(60)));
  assert.equal(rested.view.scrollTop, 0);
  const other = made(Array(12).fill(40), { scrolled: 130, pointed: 5 });
  redrawn(other.region, () => Object.assign(other.held, { heights: Array(12).fill(60), names: Array(12).fill(0).map((_, at) => 11 - at) }));
  assert.equal(other.view.scrollTop, 130);
});
