/**
 * Light or dark: follows the system until something else is chosen, which is remembered.  What is on the page before this file
 * has come is first.js's doing.
 */
import { noUpdate, setProps, setStore } from "./dash.mjs";

const system = () => window.matchMedia("(prefers-color-scheme: dark)");

/** @type {unknown[]} */
const KNOWN = ["light", "dark"];
const SYSTEM = "system";
const STORE = "theme-choice";

/**
 * @param {unknown} choice
 * @returns {Theme} the theme that a choice means now
 */
const resolved = (choice) => (KNOWN.includes(choice) ? /** @type {Theme} */ (choice) : system().matches ? "dark" : "light");

/** @returns {string|null} the choice that Dash's local store remembers */
function remembered() {
  try {
    return JSON.parse(window.localStorage.getItem(STORE) || "null");
  } catch {
    return null;
  }
}

/** @param {Theme} theme */
function apply(theme) {
  document.documentElement.setAttribute("data-mantine-color-scheme", theme);
  return theme;
}

/**
 * The choice of a theme → the theme, for the page and for Mantine.
 * @param {unknown} choice
 */
export function theme(choice) {
  const shown = apply(resolved(choice));
  return [shown, shown, KNOWN.includes(choice) ? choice : SYSTEM];
}

/**
 * The button → the choice: as the system has it, then what that is not, so that each press shows, then what it is.
 * @param {number|null} clicks
 * @param {unknown} choice
 */
export function toggleTheme(clicks, choice) {
  if (!clicks) return noUpdate();
  const turns = system().matches ? ["light", "dark"] : ["dark", "light"];
  return [...turns, SYSTEM][turns.indexOf(String(choice)) + 1];
}

/** Follow the system, where nothing else was chosen. */
export function listen() {
  system().addEventListener("change", () => {
    if (KNOWN.includes(remembered())) return;
    const shown = apply(resolved(null));
    setStore("theme", shown);
    setProps("mantine", { forceColorScheme: shown });
  });
}
