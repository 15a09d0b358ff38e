/** Light and dark: shell/theme.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { theme, toggleTheme } from "../../assets/shell/theme.mjs";

for (const [system, turns] of [
  [false, ["dark", "light", "system"]],
  [true, ["light", "dark", "system"]],
]) {
  test(`each press shows, on a system that is ${system ? "dark" : "light"}, and the third is as the system has it again`, () => {
    globalThis.window = { matchMedia: () => ({ matches: system }), dash_clientside: { no_update: "no update" } };
    for (const none of [null, undefined, "system", "pink"]) assert.equal(toggleTheme(1, none), turns[0]);
    assert.equal(toggleTheme(2, turns[0]), turns[1]);
    assert.equal(toggleTheme(3, turns[1]), turns[2]);
    assert.equal(toggleTheme(null, "light"), "no update");
  });
}

test("the button tells which theme is chosen, and what a press gives", () => {
  const given = {};
  const element = (name) => ({
    setAttribute: (key, value) => (given[`${name} ${key}`] = value),
    getAttribute: (key) => given[`${name} ${key}`] ?? null,
    removeAttribute: (key) => delete given[`${name} ${key}`],
  });
  globalThis.window = { matchMedia: () => ({ matches: false }) };
  globalThis.document = { documentElement: element("page"), getElementById: element };
  assert.deepEqual(theme("dark"), ["dark", "dark", "dark"]);
  assert.deepEqual([given["page data-theme-choice"], given["theme-toggle title"]], ["dark", "Dark; press for light"]);
  assert.equal(given["page data-switching"], "", "nothing fades from one to the other");
  delete given["page data-switching"];
  theme("dark");
  assert.equal(given["page data-switching"], undefined, "but where the theme is the same");
  assert.deepEqual(theme(null), ["light", "light", "system"]);
  assert.equal(given["theme-toggle title"], "As the system has it; press for dark");
});
