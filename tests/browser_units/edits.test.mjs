import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { drop, gather, isNothing, keep, keptOf, nothing, recall, unsavedWords } from "../../assets/shell/changes.mjs";
import { DRAFTS, draftOf, draftsOf, isBlank, keepDraft, keepDrafts, readAnew, stateOf, writeDrafts } from "../../assets/shell/edits.mjs";
import { isWithin } from "../../assets/shell/panels.mjs";
import { pageAt } from "./made.mjs";

beforeEach(() => pageAt("?run=r"));

test("what is typed stays with its row of its dataset until it is dropped, whether or not the browser keeps anything", () => {
  keepDraft("a", 3, "another");
  keepDraft("a", 5, "");
  assert.deepEqual([...draftsOf("a")], [[3, "another"], [5, ""]]);
  assert.equal(draftsOf("b").size, 0);
  keepDraft("a", 5, null);
  globalThis.window.localStorage.setItem = () => assert.fail("it is full");
  keepDraft("a", 9, "more");
  assert.deepEqual([...draftsOf("a")], [[3, "another"], [9, "more"]]);
  keepDrafts("a", new Map());
  assert.equal(draftsOf("a").size, 0);
});

test("letters are written down together, at once when the page is left, and what another tab wrote is read", () => {
  const storage = globalThis.window.localStorage;
  const written = [];
  const { setItem } = storage;
  storage.setItem = (name, text) => void (written.push(text), setItem(name, text));
  ["h", "he", "hel"].forEach((text) => keepDraft("c", 1, text));
  assert.deepEqual([written, [...draftsOf("c")]], [[], [[1, "hel"]]]);
  writeDrafts();
  writeDrafts();
  assert.deepEqual(written, ['{"1":"hel"}']);
  setItem(`${DRAFTS}c`, '{"1":"hello","2":"you"}');
  readAnew(`${DRAFTS}c`);
  assert.deepEqual([...draftsOf("c")], [[1, "hello"], [2, "you"]]);
  keepDraft("c", 3, "mine");
  readAnew(`${DRAFTS}c`);
  assert.equal(draftsOf("c").get(3), "mine", "what waits here is not lost for it");
  keepDrafts("c", new Map());
});

test("no draft is what the row has, or what is saved of it already", () => {
  assert.equal(draftOf("one", { own: "one" }), null);
  assert.equal(draftOf("two", { own: "one" }), "two");
  assert.equal(draftOf("two", { own: "one", saved: "two" }), null);
  assert.equal(draftOf("one", { own: "one", saved: "two" }), "one");
});

test("a text of blanks is no text, and an edit says how far it is", () => {
  assert.deepEqual(["", "  \n\t", " a "].map(isBlank), [true, true, false]);
  const states = [{}, { draft: "b" }, { draft: " " }, { saved: "b" }, { saved: "b", draft: "c" }].map((edit) => stateOf({ own: "a", ...edit }));
  assert.deepEqual(states.map(({ state }) => state), ["none", "draft", "draft", "saved", "draft"]);
  assert.match(states[2].words, /cannot be empty/);
  assert.match(states[3].words, /next version/);
  assert.equal(unsavedWords(new Map([[1, "a"], [2, "b"]])), "2 texts typed, not saved.");
});

test("what was forgotten can be had back, and never over what was gathered since", () => {
  const changes = nothing();
  gather(changes, { change: "edit-row", row: 3, text: "another" });
  keep("a", changes);
  keepDraft("a", 5, "typed");
  drop("a");
  assert.equal(isNothing(keptOf("a")) && draftsOf("a").size === 0, true);
  recall("a");
  assert.deepEqual([keptOf("a"), [...draftsOf("a")]], [changes, [[5, "typed"]]]);
  drop("a");
  keepDraft("a", 7, "since");
  recall("a");
  assert.deepEqual([isNothing(keptOf("a")), [...draftsOf("a")]], [true, [[7, "since"]]]);
});

test("a saved edit that is taken back is none", () => {
  const changes = nothing();
  gather(changes, { change: "edit-row", row: 3, text: "another", own: "one" });
  gather(changes, { change: "unedit-row", row: 3 });
  assert.equal(isNothing(changes), true);
});

test("a panel gives way to the keyboard where nothing of what it is on is beside the panel", () => {
  const box = (left, right, top, bottom) => ({ left, right, top, bottom });
  const panel = box(0, 340, 50, 800);
  assert.deepEqual([box(10, 60, 70, 90), box(300, 380, 70, 90), box(0, 1024, 50, 800)].map((one) => isWithin(panel, one)), [true, false, false]);
});
