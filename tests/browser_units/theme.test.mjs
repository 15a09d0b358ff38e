/** Light and dark: shell/theme.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { toggleTheme } from "../../assets/shell/theme.mjs";

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
