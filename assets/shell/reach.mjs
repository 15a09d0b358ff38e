/**
 * Says when the app does not answer any more – it was stopped, or the computer slept – and takes that back when it does.
 * What waits for an answer goes on waiting: it is for those who asked to ask again.
 */
import { make } from "./dom.mjs";
import { API } from "./server.mjs";

/** Between two looks; how long a question waits before one looks; and how long an answer may take that tells of nothing else. */
const [LOOK_MS, SLOW_MS, SILENT_MS] = [2_000, 8_000, 5_000];
const WORDS = "The app does not answer. Was it stopped? Start it again: what you ask here is answered then.";

/** @param {(input: RequestInfo|URL, init?: RequestInit) => Promise<Response>} ask */
const answers = (ask) =>
  ask(`${API}/healthz`, { cache: "no-store", signal: AbortSignal.timeout(SILENT_MS) }).then(
    () => true,
    () => false,
  );

/**
 * Have somebody told when nothing is reached any more, and when something is again.
 * @param {(input: RequestInfo|URL, init?: RequestInit) => Promise<Response>} ask how the page asks
 * @param {(reached: boolean) => void} tell
 * @param {(then: () => void, ms: number) => void} later
 * @returns {(input: RequestInfo|URL, init?: RequestInit) => Promise<Response>} the same, watched
 */
export function watched(ask, tell, later = (then, ms) => void setTimeout(then, ms)) {
  let looking = false;
  const look = async () => {
    looking = true;
    const reached = await answers(ask);
    tell(reached);
    if (reached) looking = false;
    else later(look, LOOK_MS);
  };
  return (input, init) => {
    const answer = ask(input, init);
    let waits = true;
    const told = () => void (waits = false);
    answer.then(told, told);
    later(() => waits && !looking && void look(), SLOW_MS); // it may have been put to sleep, and refuses nothing
    answer.catch((/** @type {Error} */ error) => {
      if (error.name !== "AbortError" && !looking) void look(); // one question may fail for reasons of its own
    });
    return answer;
  };
}

/**
 * Show that nothing is reached, or no longer.
 * @param {boolean} reached
 */
function show(reached) {
  const shown = document.querySelector(".unreached");
  document.documentElement.toggleAttribute("data-unreached", !reached); // what is waited for says so, too
  if (reached) return shown?.remove();
  if (shown) return;
  const bar = make("div", "unreached", WORDS);
  bar.setAttribute("role", "alert");
  document.body.append(bar);
}

/** Watch all that the page asks. */
export function listen() {
  window.fetch = watched(window.fetch.bind(window), show);
}
