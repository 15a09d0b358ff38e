/**
 * Which columns cards show beside texts: chosen in the table of a point, kept in the address.
 */
import { go, here, listOf, wordsOf } from "./address.mjs";
import { closest } from "./dom.mjs";

/**
 * @param {string[]} shown
 * @param {string} name
 * @returns {string[]} the columns shown with one more, or without it
 */
export const toggled = (shown, name) => (shown.includes(name) ? shown.filter((other) => other !== name) : [...shown, name]);

/** @param {Event} event */
function followClick(event) {
  const pressed = closest(event, "[data-on-cards]");
  if (pressed) go({ cards: listOf(toggled(wordsOf(here().cards), pressed.dataset.onCards || "")) });
}

/** Listen to the table of a point. */
export const listen = () => document.addEventListener("click", followClick);
