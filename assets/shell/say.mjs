/**
 * Speaks to those who listen to the page: words in a live region that nobody sees.
 */
import { byId } from "./dom.mjs";

const AGAIN = "\u00a0";
const KEPT = 50;

/** @type {string[]} for tests: what was said last */
export const said = [];

/**
 * Have words read out when whatever is being read has ended; the same words are read again.
 * @param {string} words
 */
export function say(words) {
  const box = byId("said");
  if (!box) return;
  box.textContent = box.textContent === words ? words + AGAIN : words;
  said.push(words);
  if (said.length > KEPT) said.shift();
}
