/*
 * Light or dark, and which panels are folded, before anything is painted, so that nothing flashes: the one script that is no module, since those run
 * when the page has been read.  theme.mjs has all that comes later.
 */
(function () {
  "use strict";
  /** What the browser keeps under a name; null without a storage, or with something else in it. */
  function kept(name) {
    try {
      return JSON.parse(window.localStorage.getItem(name));
    } catch {
      return null;
    }
  }
  const choice = kept("theme-choice");
  const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.setAttribute("data-mantine-color-scheme", ["light", "dark"].includes(choice) ? choice : system);
  const narrow = window.matchMedia("(width <= 1100px)").matches;
  const shown = new URLSearchParams(window.location.search).has("run");
  const folded = kept("folded-panels") || {};
  document.documentElement.dataset.side = narrow || shown ? "closed" : "open";
  document.documentElement.dataset.inspector = narrow || folded.inspector ? "closed" : "open";
})();
