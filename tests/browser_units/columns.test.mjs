/** How a column is told and coloured: map/legend_answers.mjs, map/legend_choices.mjs, map/legend_search.mjs, map/palettes.mjs, map/values.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { withAnswer } from "../../assets/map/legend_answers.mjs";
import { absentWords, formWords, greyWords, readingParts, readingsOf } from "../../assets/map/legend_choices.mjs";
import { withValue } from "../../assets/map/legend_search.mjs";
import { inColors, ownColors, scaleOf, writtenColors, writtenScale } from "../../assets/map/palettes.mjs";
import { labelled, scaleMarks } from "../../assets/map/ticks.mjs";
import { captionOf, valuesOf } from "../../assets/map/values.mjs";
import { toggled } from "../../assets/shell/cards.mjs";

const CITIES = { kind: "category", values: ["Rome", "Oslo", "7 others"], counts: [60, 20, 15], missing: 5, others: 7 };

test("the share of grey is said with what is grey", () => {
  assert.equal(greyWords(CITIES), "20 % of rows are grey: 7 rarer values, no value");
  assert.equal(greyWords({ ...CITIES, values: [...CITIES.values, "Bonn"], counts: [60, 20, 10, 5], extra: 1, others: 6, missing: 0 }),
    "11 % of rows are grey: 6 rarer values"); // prettier-ignore
  assert.equal(greyWords({ kind: "category", values: ["a"], counts: [9], missing: 0, others: 0 }), "");
  assert.equal(greyWords({ kind: "category", values: ["a"], counts: [999], missing: 1 }), "under 1 % of rows are grey: no value");
  assert.equal(greyWords({ kind: "date", unread: 3, unread_examples: ["tbc", "soon"] }), "3 values are no date and grey: “tbc”, “soon”, …");
  assert.equal(greyWords({ kind: "number", unread: 0 }), "");
});

test("what is written as missing is counted and shown", () => {
  assert.equal(absentWords({ absent: 3, absent_examples: ["n/a", "-"] }), "3 values are written as missing: “n/a”, “-”");
  assert.equal(absentWords({}), "");
});

test("a list in a cell is said as a person would write it", () => {
  const said = (value) => valuesOf({ metadata: { tags: value } }, null, ["tags"]).map(({ words }) => words);
  assert.deepEqual(said('["gift", "return"]'), ["gift, return"]);
  assert.deepEqual(said("[0.5, 1]"), ["[0.5, 1]"]);
  assert.deepEqual(said('[{"a": 1}]'), ['[{"a": 1}]']);
  assert.deepEqual(said("[sic]"), ["[sic]"]);
});

test("the form of values is said where it could be another, and that the values do not say which", () => {
  const choices = ["date:dmy", "category", "date:mdy"];
  assert.equal(formWords({ read_as: "date:dmy", choices, sure: true }), "Day first: 03/04 is 3 April");
  assert.match(formWords({ read_as: "date:mdy", choices, sure: false }), /^Month first: .* The values do not say which\.$/);
  assert.equal(formWords({ read_as: "date", choices: ["date", "category"] }), "");
  assert.equal(formWords({ read_as: "number:.", choices: ["number:.", "category"] }), "");
});

test("one press leads from a scale to categories and back, and from day first to month first", () => {
  const words = (column) => readingsOf(column).filter(({ now }) => !now).map(({ as, words }) => `${as} = ${words}`);
  assert.deepEqual(words({ kind: "date", read_as: "date:dmy", choices: ["date:dmy", "category", "date:mdy"] }), [
    "category = Show as categories",
    "date:mdy = Month first",
  ]);
  assert.deepEqual(words({ kind: "category", choices: ["number", "category"] }), ["number = Show as a scale"]);
  assert.deepEqual(words({ kind: "category", choices: ["category", "number:.", "number:,"] }), [
    "number:. = Show as a scale, decimal point",
    "number:, = Show as a scale, decimal comma",
  ]);
  assert.deepEqual(words({ kind: "category", choices: ["category", "date:clock"] }), ["date:clock = Show as times"]);
  assert.deepEqual(words({ kind: "category" }), []);
  const views = ["date:dmy:daytime", "date:dmy:weekday"];
  const dates = ["date:dmy", "category", "date:mdy", ...views];
  const [times, days] = [`${views[0]} = Show times of day`, `${views[1]} = Show days of the week`];
  assert.deepEqual(words({ kind: "date", read_as: "date:dmy", choices: dates }), ["category = Show as categories", "date:mdy = Month first", times, days]);
  assert.deepEqual(words({ kind: "category", read_as: views[1], choices: dates }), [
    "date:dmy = Show as dates, day first",
    "category = Show as categories",
    "date:mdy = Show as dates, month first",
    times,
  ]);
  assert.equal(formWords({ read_as: "date:dmy", choices: ["date:dmy", "category", ...views] }), "", "no other order is offered");
  assert.match(formWords({ read_as: views[1], choices: dates, sure: false }), /^Day first: .*do not say which/);
});

test("of times of day it is said that values have none, not that they are no dates", () => {
  const column = { kind: "date", values: null, unread: 2, unread_examples: ["2024-03-01", "soon"] };
  assert.equal(greyWords({ ...column, read_as: "date:dmy:daytime" }), "2 values have no time of day and are grey: “2024-03-01”, “soon”");
  assert.equal(greyWords({ ...column, read_as: "date:daytime", unread: 1 }), "1 value has no time of day and is grey: “2024-03-01”, “soon”");
  assert.equal(greyWords({ ...column, read_as: "date:dmy" }), "2 values are no date and grey: “2024-03-01”, “soon”");
});

test("what a reading's button was pressed for is there still, pressed, and is found again by a name of its own", () => {
  const before = globalThis.document;
  const element = () => ({ dataset: {}, parts: [], append(...more) { this.parts.push(...more); }, setAttribute(name, to) { this[name] = to; } });
  globalThis.document = { createElement: element };
  const choices = ["date:dmy", "category", "date:mdy", "date:dmy:daytime", "date:dmy:weekday"];
  const buttons = (read_as) => readingParts({ kind: "date", read_as, choices, values: [], counts: [] }).at(-1).parts;
  for (const was of choices) {
    const kept = buttons(was).map(({ dataset }) => dataset.keep);
    assert.equal(new Set(kept).size, choices.length);
    buttons(was).forEach(({ dataset }, at) => {
      const after = buttons(dataset.readAs);
      const focused = after.find((button) => button.dataset.keep === dataset.keep);
      assert.equal(focused, after[at], "where it was");
      assert.deepEqual([focused.dataset.readAs, focused["aria-pressed"]], [dataset.readAs, "true"]);
      assert.equal(after.filter((button) => button["aria-pressed"] === "true").length, 1);
    });
  }
  globalThis.document = before;
});

test("a value that was looked for gets a colour and is bright; one that has a colour is bright", () => {
  assert.deepEqual(withValue(CITIES, null, "Bonn"), { also: '["Bonn"]', picked: "4" });
  assert.deepEqual(withValue({ ...CITIES, values: [...CITIES.values, "Bonn"], extra: 1 }, '["Bonn"]', "Pisa"), {
    also: '["Bonn","Pisa"]',
    picked: "5",
  });
  assert.deepEqual(withValue(CITIES, null, "Oslo"), { also: null, picked: "2" });
  assert.equal(withValue({ ...CITIES, values: [...CITIES.values, "Bonn"], extra: 1 }, '["Bonn"]', "Bonn").picked, "4");
});

test("an answer that is pressed colours the map by who gave it, these bright; pressed again all answers are back", () => {
  assert.deepEqual(withAnswer(null, "Bus"), { has: "Bus", picked: "1", also: null, own: null });
  assert.deepEqual(withAnswer("Park", "Bus").has, "Bus");
  assert.deepEqual(withAnswer("Bus", "Bus"), { has: null, picked: null, also: null, own: null });
});

test("a column has the colours that the address has for it, and only that column", () => {
  const shades = { light: ["#1", "#2"], dark: ["#3", "#4"] };
  const column = { choice: "column:a", kind: "category", colors: { ...shades, missing: "#0" } };
  const place = { color: "column:a", own: "2-ff0000", palette: null };
  assert.deepEqual(inColors(column, place).colors, { light: ["#1", "#ff0000"], dark: ["#3", "#ff0000"], missing: "#0" });
  assert.equal(inColors(column, { ...place, color: "column:b" }), column);
  assert.equal(inColors(null, place), null);
  const scale = { ...column, kind: "number", ramps: { greys: { light: ["#5", "#6"], dark: ["#7", "#8"] } } };
  assert.deepEqual(inColors(scale, { ...place, palette: "greys-r" }).colors.light, ["#6", "#5"]);
  assert.deepEqual(inColors(scale, { ...place, palette: "viridis-r" }).colors.dark, ["#4", "#3"]);
  assert.equal(inColors(scale, { ...place, palette: "nosuch" }), scale);
});

test("colours and scales are written as they are read", () => {
  assert.equal(writtenColors(ownColors("4-00aa00.1-ff0000")), "1-ff0000.4-00aa00");
  assert.equal(writtenColors(ownColors(null)), null);
  for (const palette of [null, "greys", "greys-r", "viridis-r"]) assert.equal(writtenScale(scaleOf(palette)), palette);
});

test("beside a text stands the value that colours the map, then those of the columns that were chosen", () => {
  const item = { strength: 0.51239, outlier_score: 1, metadata: { day: "1.2.24", price: 3.123456, note: null } };
  const of = (column, cards) => valuesOf(item, column, cards).map(({ name, words }) => `${name}: ${words}`);
  assert.deepEqual(of({ choice: "column:day" }, ["price", "day", "note"]), ["day: 1.2.24", "price: 3.123"]);
  assert.deepEqual(of({ choice: "column:note" }, []), ["note: no value"]);
  assert.deepEqual(of({ choice: "computed:cluster_strength", title: "Cluster strength" }, []), ["Cluster strength: 0.5124"]);
  assert.deepEqual(of(null, ["price"]), ["price: 3.123"]);
  assert.deepEqual(toggled(toggled(["a"], "b"), "a"), ["b"]);
});

test("a scale whose words would touch has every second or third of them up to the last", () => {
  const marks = (...words) => words.map((word, i) => ({ at: i / (words.length - 1), words: word }));
  assert.deepEqual(labelled(marks("1", "2", "3")), [0, 1, 2]);
  assert.deepEqual(labelled(marks("2025-01", "2025-04", "2025-07", "2025-10", "2026-01")), [0, 2, 4]);
  assert.deepEqual(labelled([0.3, 0.66, 0.95].map((at, i) => ({ at, words: `2025-0${i}` }))), [0, 2], "the last has its words");
  assert.deepEqual(labelled(marks("a very long word indeed", "another one of these")), [1]);
  assert.deepEqual(labelled([]), []);
});

test("a scale of any values has words at both its ends at least, and never more than have room", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const moment = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19);
  const clock = (seconds) => moment(seconds % 86_400).slice(11);
  const spans = [(_) => random() * 10 ** (random() * 40 - 20), (at) => moment(1.7e9 + at), (at) => clock(at), (at) => at, (at) => `${"9".repeat(30)}${at}`];
  for (let round = 0; round < 400; round++) {
    const [made, length] = [spans[round % spans.length], Math.floor(10 ** (random() * 8)) + 1];
    const [low, high] = [made(1), made(1 + length)];
    const one = [{ at: random(), value: made(1 + Math.floor(length / 2)) }];
    const marks = scaleMarks({ low, high, ticks: round % 2 ? one : [] });
    if (low === high) continue;
    const said = labelled(marks);
    assert.ok(said.length >= 2 && said.length <= 6, [low, high, ...marks.map(({ words }) => words)].join(" | "));
    assert.deepEqual([marks[said[0]].at, marks[said.at(-1)].at], [0, 1]);
  }
  const words = (column) => scaleMarks({ ticks: [], ...column }).map((mark) => mark.words);
  assert.deepEqual(words({ low: "2025-03-01T08:55:00", high: "2025-04-30T07:09:00" }), ["2025-03-01", "2025-04-30"]);
  assert.deepEqual(words({ low: "2025-03-01T08:55:00", high: "2025-03-01T09:05:30" }), ["08:55", "09:05:30"]);
});

test("beside a picture stands what its table says of it in words, and no name, path or number", () => {
  const cup = { folder: "images", width: 528, Bild: "images/a photo of mine.jpg", Caption: "a cup of coffee, seen closer", Photographer: "Ann Lee" };
  assert.equal(captionOf({ path: "images/a photo of mine.jpg", metadata: cup }), "a cup of coffee, seen closer");
  assert.equal(captionOf({ path: "p.jpg", metadata: { by: "Ann Lee", taken: "2025-05-01 10:00:00", at: "59.9 N, 10.7 E", none: null } }), "");
  assert.equal(captionOf({ path: "p.jpg" }), "");
});
