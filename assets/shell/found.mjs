/**
 * Has in sight, in the box of a long text, what was found in it: the first of the words searched for, or the passage amid
 * those about it; and what is told of a cluster that was pressed further down.  It marks nothing.
 */
import { every } from "./dom.mjs";

/** Which part of the box stands above what is brought into sight, so that some of what is before can be read. */
const ABOVE = 0.2;

/**
 * @param {{top: number, height: number, inner: number}} box how far its text is scrolled, its height, and that of all its
 *   text
 * @param {{from: number, to: number}} found where it begins and ends, from the beginning of the text
 * @returns {number} how far the text is to be scrolled: as it is, where what was found is in sight
 */
export function scrolledTo({ top, height, inner }, { from, to }) {
  const seen = from >= top && Math.min(to, from + height * (1 - ABOVE)) <= top + height;
  return seen ? top : Math.max(0, Math.min(from - ABOVE * height, inner - height));
}

/** @type {ResizeObserver|null} */
let sized = null;

/**
 * @param {HTMLElement} box
 * @param {Element} found
 */
function bring(box, found) {
  const [outer, inner] = [box, found].map((one) => one.getBoundingClientRect());
  const from = inner.top - outer.top - box.clientTop + box.scrollTop;
  box.scrollTop = scrolledTo({ top: box.scrollTop, height: box.clientHeight, inner: box.scrollHeight }, { from, to: from + inner.height });
}

/** Bring it into sight in each box that is there anew, once that has a size: its tab may not be open yet. */
function watch() {
  sized?.disconnect();
  sized = new ResizeObserver((_sizes, observer) => {
    for (const box of every(document, "#point .point-text")) {
      const found = box.querySelector("[data-found-first]") || box.querySelector("mark");
      if (box.clientHeight) observer.unobserve(box); // whoever scrolls from now on stays where they are
      if (box.clientHeight && found) bring(box, found);
    }
  });
  for (const box of every(document, "#point .point-text")) sized.observe(box);
}

/**
 * Bring what is told of a cluster into sight for whoever pressed it further down, in the list below.
 * @param {HTMLElement} told
 */
export function tellAbove(told) {
  if (!told.clientHeight || !document.activeElement?.matches(".cluster-row:not(:focus-visible)")) return;
  const scroller = told.closest(".tab-body");
  if (scroller && told.getBoundingClientRect().top < scroller.getBoundingClientRect().top) told.scrollIntoView({ block: "start" });
}

/** Listen to the point that is drawn anew. */
export const listen = () => document.addEventListener("filled", watch);
