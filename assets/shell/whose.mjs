/**
 * Whose content is on screen: whatever belongs to a run says which, and is not seen where the address names another.
 * It asks nobody: the moment the address changes, what is of the run before is hidden, and comes back if its run does.
 */
import { here } from "./address.mjs";
import { every } from "./dom.mjs";
import { follows } from "./recut.mjs";

const STAMP = /^<!--of (.*?)-->/;
const LOADING = "Loading …";

/**
 * @param {string} of the run that something belongs to
 * @param {string|null} run the run that the address names
 * @returns {boolean} whether it is another's: a run with other clusters on the same map keeps what is there until it has its own
 */
export const isOthers = (of, run) => Boolean(of) && of !== run && !follows(of, run);

/**
 * @param {string|null} markup
 * @returns {string} the run that the server has made it for; "" where it is true of all
 */
export const runOf = (markup) => (STAMP.exec(markup || "") || ["", ""])[1];

/**
 * @param {HTMLElement} element
 * @param {string|null} run
 */
function judge(element, run) {
  const others = isOthers(element.dataset.ofRun || "", run);
  element.setAttribute("aria-busy", String(others));
  if (others) element.dataset.loading = run ? LOADING : "";
  else delete element.dataset.loading;
}

/**
 * Say which run an element's content belongs to.
 * @param {HTMLElement|null} element
 * @param {string|null} of null or "": to none
 */
export function stamp(element, of) {
  if (!element) return;
  if (of) element.dataset.ofRun = of;
  else delete element.dataset.ofRun;
  judge(element, here().run);
}

/** The address may name another run: hide what is of others, show again what is of this one. */
export function judgeAll() {
  const { run } = here();
  every(document, "[data-of-run]").forEach((element) => element instanceof HTMLElement && judge(element, run));
}

/** Follow the address, also while Dash waits for the server's answers. */
export const listen = () => window.addEventListener("popstate", judgeAll);
