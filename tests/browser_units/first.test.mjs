/* What is done before Dash starts: its components are told at once of what concerns them, and of all else a moment later. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const SCRIPT = readFileSync(new URL("../../assets/shell/first.js", import.meta.url), "utf-8");

/** A store as Dash's: it tells whoever has subscribed of each step. */
function store() {
  const listeners = new Set();
  let state = { layout: {}, layoutHashes: {}, callbacks: 0 };
  return {
    step: (changes) => {
      state = { ...state, ...changes };
      listeners.forEach((listener) => listener());
    },
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A page in which the script has run and whose tasks are done by hand. */
function page() {
  const tasks = [];
  const port1 = {};
  const window = {
    event: undefined,
    localStorage: { getItem: () => null },
    matchMedia: () => ({ matches: false }),
    location: { search: "" },
  };
  const document = { documentElement: { setAttribute: () => undefined, dataset: {} } };
  const MessageChannel = function () {
    return { port1, port2: { postMessage: () => tasks.push(() => port1.onmessage()) } };
  };
  vm.runInNewContext(SCRIPT, { window, document, MessageChannel, URLSearchParams });
  const made = store();
  const told = [];
  made.subscribe(() => told.push("Dash"));
  window.dash_stores.push(made);
  const leave = made.subscribe(() => told.push("components"));
  made.step({ layout: {} });
  told.length = 0;
  const task = () => tasks.splice(0).forEach((each) => each());
  return { window, made, told, leave, task, tasks };
}

test("Dash is told of every step at once, its components of those of its books once a moment", () => {
  const { window, made, told, task, tasks } = page();
  assert.deepEqual([...window.dash_stores], [made]);
  for (let step = 0; step < 5; step++) made.step({ callbacks: step });
  assert.deepEqual(told, Array(5).fill("Dash"));
  assert.equal(tasks.length, 1);
  task();
  assert.deepEqual(told.slice(5), ["components"]);
  made.step({ callbacks: 9 });
  task();
  assert.deepEqual(told.slice(6), ["Dash", "components"]);
});

test("each step that changes a component is told at once, with those before it", () => {
  const { made, told, task } = page();
  made.step({ callbacks: 1 });
  made.step({ layout: {}, layoutHashes: { a: { hash: 1 } } });
  assert.deepEqual(told, ["Dash", "Dash", "components"]);
  made.step({ layoutHashes: {} }); // as before, and yet not: between the two it was something else
  assert.deepEqual(told.slice(3), ["Dash", "components"]);
  made.step({ layoutHashes: {} });
  made.step({ layout: {} });
  assert.deepEqual(told.slice(5), ["Dash", "Dash", "components"]);
  task();
  assert.equal(told.length, 8); // nothing is left to be told
});

test("of a store that is otherwise than Dash's every step is told", () => {
  const { made, told } = page();
  made.step({ layoutHashes: undefined });
  made.step({ callbacks: 1 });
  assert.deepEqual(told, ["Dash", "components", "Dash", "components"]);
});

test("what comes while they are told is told afterwards", () => {
  const { made, told, task } = page();
  let again = true;
  made.subscribe(() => {
    if (again) made.step({ callbacks: 2 });
    again = false;
  });
  made.step({ callbacks: 1 });
  again = true;
  task();
  task();
  assert.deepEqual(told.slice(-2), ["Dash", "components"]);
});

test("whoever has left is told nothing", () => {
  const { made, told, leave, task } = page();
  made.step({ callbacks: 1 });
  leave();
  task();
  assert.deepEqual(told, ["Dash"]);
});
