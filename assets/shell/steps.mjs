/**
 * The steps of this tab through the page: whose map each entry of the browser's history is of, so that the way back and the way
 * forward are offered only where they lead to the same map.  It goes nowhere.
 */

const STACK = "explorer-steps";

/** @returns {(string|null)[]} the run of each entry, the first one first */
function stack() {
  try {
    const kept = JSON.parse(window.sessionStorage.getItem(STACK) || "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return []; // no storage, or something else in it
  }
}

/** @returns {number|null} which entry the page is at; null for one that others have made */
function at() {
  const now = window.history.state?.step;
  return Number.isInteger(now) ? now : null;
}

/**
 * @param {string|null} before the run that the page shows
 * @param {string|null} run the one that it goes to
 * @param {boolean} instead in place of where it is
 * @returns {{step: number}} what the browser's history is to know of the entry
 */
export function stepTo(before, run, instead) {
  const now = at();
  const known = now === null ? [before] : stack();
  const step = (now ?? 0) + (instead ? 0 : 1);
  const after = instead ? known.slice(step + 1) : []; // a new step takes the ways forward
  try {
    window.sessionStorage.setItem(STACK, JSON.stringify([...known.slice(0, step), run, ...after]));
  } catch {
    // no storage: no way is offered
  }
  return { step };
}

/**
 * The page is at an entry that others have made, the first one of a tab for one: steps are counted from there.
 * @param {string|null} run
 */
export function begin(run) {
  const { history } = window;
  if (history.state === undefined || at() !== null) return;
  try {
    window.sessionStorage.setItem(STACK, JSON.stringify([run]));
    history.replaceState({ ...history.state, step: 0 }, "");
  } catch {
    // no storage: no way is offered
  }
}

/**
 * @param {string|null} run
 * @returns {{back: boolean, forward: boolean}} whether a step back, and one forward, stays on the map of a run
 */
export function ways(run) {
  const [now, known] = [at(), stack()];
  if (now === null || run === null || known[now] !== run) return { back: false, forward: false };
  return { back: now > 0 && known[now - 1] === run, forward: known[now + 1] === run };
}
