/** What is said of noise that is taken in: map/taken.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { takenWords } from "../../assets/map/taken.mjs";

test("how many rows are taken in is said with how many there were and what is left", () => {
  const words = takenWords(1174, 1203, 1);
  assert.equal(words, "1,174 of 1,203 rows in no cluster are shown in the nearest one: they belong to it by 1 % or more. 29 belong to none.");
  assert.match(takenWords(2, 3, 50), /by 50 % or more. 1 belongs to none by as much\.$/);
  assert.match(takenWords(3, 3, 1), /None is left\.$/);
});
