/*
 * Light or dark before anything is painted, so that nothing flashes: the one script that is no module, since those run
 * when the page has been read.  theme.mjs has all that comes later.
 */
(function () {
  "use strict";
  let choice = null;
  try {
    choice = JSON.parse(window.localStorage.getItem("theme-choice"));
  } catch {
    // no storage, or something else in it
  }
  const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.setAttribute("data-mantine-color-scheme", ["light", "dark"].includes(choice) ? choice : system);
})();
