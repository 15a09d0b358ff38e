/**
 * Talks to the server about uploads: requests, what a refusal means, and the pause before another try.
 */
import { sentence as capital } from "../shell/server.mjs";
import { Busy, Refused, Unreachable } from "./batches.mjs";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const STALLED_MS = 60000; // a laptop that slept has connections that never end
const TRIES = 14; // about a minute and a half: a server that restarts is back by then

/**
 * @param {{stop: AbortController}} batch
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 */
export async function askJson(batch, method, url, body) {
  const options = { method, signal: batch.stop.signal };
  if (body !== undefined) Object.assign(options, { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  let answer;
  try {
    answer = await fetch(url, options);
  } catch {
    throw new Unreachable("The server cannot be reached. See that it runs, then go on.");
  }
  const text = await answer.text();
  if (!answer.ok) throw refusal(answer.status, text);
  return JSON.parse(text);
}

/**
 * @param {number} status
 * @param {string} text
 */
export function refusal(status, text) {
  let sentence = "";
  let title = "";
  try {
    ({ detail: sentence, title } = JSON.parse(text));
  } catch {
    // not a problem+json: the status has to do
  }
  if (typeof sentence !== "string" || sentence === "") sentence = `The server refused it (status ${status}).`;
  sentence = capital(sentence);
  if (status === 409 && title === "NotReady") return new Busy(sentence);
  const passing = status === 408 || status === 429 || (status >= 500 && status !== 507);
  return passing ? new Unreachable(sentence) : new Refused(sentence);
}

/**
 * @param {number} tries
 * @param {AbortSignal} signal
 * @param {string} reason
 * @returns {Promise<number>}
 */
export function pause(tries, signal, reason) {
  if (tries + 1 >= TRIES) throw new Unreachable(`The upload stopped: ${reason}. What was sent is kept; go on when the server is back.`);
  const wait = Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS);
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, wait, tries + 1);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve(tries)), { once: true });
  });
}

/**
 * @param {string} url
 * @param {Blob} body
 * @param {AbortSignal} signal
 * @param {(bytes: number) => void} onProgress
 * @returns {Promise<XMLHttpRequest>} the answer to a piece of a file
 */
export function put(url, body, signal, onProgress) {
  // XMLHttpRequest, because fetch does not say how much of a body is sent.
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    let watch = setTimeout(stop, STALLED_MS);
    /** @param {() => void} act */
    const settled = (act) => () => {
      clearTimeout(watch);
      signal.removeEventListener("abort", stop);
      act();
    };
    request.open("PUT", url);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      clearTimeout(watch);
      watch = setTimeout(stop, STALLED_MS);
      onProgress(event.loaded);
    });
    request.addEventListener("load", settled(() => resolve(request)));
    request.addEventListener("error", settled(() => reject(new Unreachable("the server cannot be reached"))));
    request.addEventListener("abort", settled(() => reject(new Unreachable("the request was stopped"))));
    signal.addEventListener("abort", stop);
    request.send(body);
  });
}
