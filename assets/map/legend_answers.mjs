/**
 * The answers of a column of which a row may have several, in the legend: pressing one colours the map by who has it, and
 * has those rows bright.
 */
import { go, here } from "../shell/address.mjs";
import { closest, make } from "../shell/dom.mjs";

/** @param {number} number */
const count = (number) => number.toLocaleString("en");

/**
 * @param {Column} column
 * @returns {HTMLElement[]} a button for each answer, and what the list below it is; nothing where a row has one value
 */
export function answerParts({ answers = [], has }) {
  if (!answers.length) return [];
  const box = make("div", "legend-answers");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Answers; a row may have several");
  answers.forEach(({ answer, count: rows }) => {
    const button = make("button", "legend-entry");
    button.title = answer;
    Object.assign(button.dataset, { answer, keep: `answer-${answer}` });
    button.setAttribute("aria-pressed", String(answer === has));
    button.append(make("span", "chip-name", answer), make("span", "score", count(rows)));
    box.append(button);
  });
  const said = "A row may have several answers. Press one to see who gave it.";
  const below = has === undefined ? [make("p", "legend-note", "All that a row has together:")] : [];
  return [make("p", "legend-note", said), box, ...below];
}

/**
 * @param {string|null} has what the map is coloured by
 * @param {string} answer what was pressed
 * @returns {Partial<Place>} the change of the address: to who has the answer, these bright, or back to all answers
 */
export const withAnswer = (has, answer) =>
  has === answer
    ? { has: null, picked: null, also: null, own: null }
    : { has: answer, picked: "1", also: null, own: null };

/** Listen to the answers. */
export const listen = () =>
  document.addEventListener("click", (event) => {
    const pressed = closest(event, "#map-legend [data-answer]");
    if (pressed) go(withAnswer(here().has, pressed.dataset.answer || ""));
  });
