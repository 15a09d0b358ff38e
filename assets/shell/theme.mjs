/**
 * Light or dark: follows the system until the button is pressed, then remembers.
 * It runs before the page is built, so that nothing flashes.
 */
(function () {
  "use strict";
  const clientside = (window.dash_clientside = window.dash_clientside || {});
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const KNOWN = ["light", "dark"];
  const STORE = "theme-choice";

  /** @returns {string} the theme that a choice means now */
  const resolved = (choice) => (KNOWN.includes(choice) ? choice : system.matches ? "dark" : "light");

  /** @returns {string|null} the choice that Dash's local store remembers */
  function remembered() {
    try {
      return JSON.parse(window.localStorage.getItem(STORE));
    } catch {
      return null;
    }
  }

  function apply(theme) {
    document.documentElement.setAttribute("data-mantine-color-scheme", theme);
    return theme;
  }

  system.addEventListener("change", () => {
    if (KNOWN.includes(remembered())) return;
    const theme = apply(resolved(null));
    clientside.set_props("theme", { data: theme });
    clientside.set_props("mantine", { forceColorScheme: theme });
  });

  apply(resolved(remembered()));

  clientside.explorer_shell = {
    ...clientside.explorer_shell,
    theme: (choice) => {
      const theme = apply(resolved(choice));
      return [theme, theme];
    },
    toggleTheme: (clicks, theme) => {
      if (!clicks) return clientside.no_update;
      return theme === "dark" ? "light" : "dark";
    },
  };
})();
