/**
 * Light or dark: follows the system until something else is chosen, which is remembered.  What is on the page before this file
 * has come is first.js's doing.
 */
import { noUpdate, setProps, setStore } from "./dash.mjs";
import { byId } from "./dom.mjs";

const system = () => window.matchMedia("(prefers-color-scheme: dark)");

/** @type {unknown[]} */
const KNOWN = ["light", "dark"];
const SYSTEM = "system";
const STORE = "theme-choice";
/** @type {Record<string, string>} */
const TOLD = { light: "Light", dark: "Dark", system: "As the system has it" };

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

/** How long the page has its colours at once: what fades from one to the other is unreadable meanwhile. */
const AT_ONCE_MS = 500;
/** @type {number|undefined} */
let fading;

/** @param {Theme} theme */
function apply(theme) {
  if (document.documentElement.getAttribute("data-mantine-color-scheme") !== theme) {
    document.documentElement.setAttribute("data-switching", "");
    clearTimeout(fading);
    fading = setTimeout(() => document.documentElement.removeAttribute("data-switching"), AT_ONCE_MS);
  }
  document.documentElement.setAttribute("data-mantine-color-scheme", theme);
  return theme;
}

/**
 * The choice of a theme → the theme, for the page and for Mantine.
 * @param {unknown} choice
 */
export function theme(choice) {
  const shown = apply(resolved(choice));
  const word = KNOWN.includes(choice) ? String(choice) : SYSTEM;
  document.documentElement.setAttribute("data-theme-choice", word);
  byId("theme-toggle")?.setAttribute("title", `${TOLD[word]}; press for ${TOLD[after(choice)].toLowerCase()}`);
  return [shown, shown, word];
}

/**
 * @param {unknown} choice
 * @returns {string} what a press of the button chooses: as the system has it, then what that is not, so that each press
 *   shows, then what it is
 */
function after(choice) {
  const turns = system().matches ? ["light", "dark"] : ["dark", "light"];
  return [...turns, SYSTEM][turns.indexOf(String(choice)) + 1];
}

/**
 * The button → the choice.
 * @param {number|null} clicks
 * @param {unknown} choice
 */
export function toggleTheme(clicks, choice) {
  return clicks ? after(choice) : noUpdate();
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
