/**
 * The small preview beside the pointer.
 * Previews are fetched one at a time, kept, and dropped when the pointer moves on.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const WAIT_MS = 45;
  const LONGEST = 220;
  const KEPT = 400;
  const AWAY_PX = 16;
  const kept = new Map();
  let current = -1;
  let timer = 0;
  let aborter = null;

  const holder = () => document.getElementById("map-preview");

  /** @returns {HTMLElement} an element with a class and plain text */
  function make(kind, className, text) {
    const made = document.createElement(kind);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /** @returns {Promise<object>} an item; from memory when it was fetched before */
  async function itemOf(run, row) {
    const key = `${run}/${row}`;
    if (!kept.has(key)) {
      aborter = new AbortController();
      const answer = await explorer.fetched(explorer.runUrl(run, `items/${row}`), { signal: aborter.signal });
      kept.set(key, await answer.json());
      if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    }
    return kept.get(key);
  }

  /** @returns {HTMLElement[]} what the preview shows of an item */
  function contents(item) {
    const text = item.text || "";
    const words = text.length > LONGEST ? `${text.slice(0, LONGEST).trimEnd()}…` : text;
    const body = item.kind === "image" ? make("img", "thumb") : Object.assign(make("div", "preview-text", words), { dir: "auto" });
    if (item.kind === "image") Object.assign(body, { src: item.thumbnail, alt: item.path || "" });
    const name = item.cluster < 0 ? "Noise" : item.cluster_name;
    return [body, make("div", "preview-foot", name)];
  }

  /** Keep the preview beside the pointer and inside the map. */
  function move(event) {
    const box = holder();
    const room = box.parentElement.getBoundingClientRect();
    const left = event.clientX - room.left;
    const top = event.clientY - room.top;
    const x = left + AWAY_PX + box.offsetWidth > room.width ? left - AWAY_PX - box.offsetWidth : left + AWAY_PX;
    const y = Math.min(top + AWAY_PX, room.height - box.offsetHeight - 6);
    box.style.transform = `translate(${Math.max(4, x)}px, ${Math.max(4, y)}px)`;
  }

  async function show(row, event) {
    try {
      const item = await itemOf(explorer.map.view.run, row);
      if (row !== current) return;
      holder().replaceChildren(...contents(item));
      holder().classList.add("shown");
      move(event);
    } catch (error) {
      if (error.name !== "AbortError") explorer.hidePreview();
    }
  }

  /** Show what is under the pointer; row -1 is nothing. */
  explorer.preview = function (row, event) {
    if (explorer.map.element) explorer.map.element.classList.toggle("over-point", row >= 0);
    if (row < 0) return explorer.hidePreview();
    if (row === current) return move(event);
    explorer.hidePreview();
    current = row;
    timer = setTimeout(() => show(row, event), WAIT_MS);
    return undefined;
  };

  explorer.hidePreview = function () {
    clearTimeout(timer);
    if (aborter) aborter.abort();
    aborter = null;
    current = -1;
    const box = holder();
    if (box) box.classList.remove("shown");
  };
})();
