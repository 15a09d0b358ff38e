/**
 * Says what happened where nobody looks: how a run goes on and ends, how many hits there are.
 */
import { one } from "../shell/dom.mjs";
import { say } from "../shell/say.mjs";

const MOVING = ["queued", "running"];
/** @type {{run: string|null, state: string, stage: string}} */
const before = { run: null, state: "", stage: "" };
/** @param {number} number */
const count = (number) => number.toLocaleString("en");
/**
 * @param {number} number
 * @param {string} noun
 */
const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

/**
 * @param {Status} status
 * @returns {string} what is said of a run that has moved on; nothing where it has not
 */
function wordsOf(status) {
  const stage = (status.progress && status.progress.stage) || "";
  const same = status.run === before.run;
  const [state, last] = [same ? before.state : "", same ? before.stage : ""];
  Object.assign(before, { run: status.run, state: status.state, stage });
  if (MOVING.includes(status.state)) {
    const title = one(document, ".stage-row.is-running b");
    return stage !== last && title ? `${title.textContent}…` : "";
  }
  if (status.state === state) return "";
  if (status.state === "done") return `The map is ready: ${counted(status.rows, "row")}, ${counted(status.clusters, "cluster")}.`;
  return status.state === "failed" || !MOVING.includes(state) ? "" : `The run was ${status.state}.`; // an error is an alert of its own
}

/**
 * A run's status → words.
 * @param {Status|null} status
 */
export function run(status) {
  const words = status ? wordsOf(status) : "";
  if (words) say(words);
}

/**
 * @param {Hits} found at least one
 * @returns {string} how many were found, and how many are listed that are no nearer than chance would have it
 */
function wordsOfHits({ hits: all, query }) {
  const weak = all.filter((hit) => hit.weak).length;
  const near = all.length - weak;
  if (!near) return `Nothing here is close to ${query}. ${count(weak)} that are the least far are listed.`;
  return `${count(near)} ${near === 1 ? "hit" : "hits"} for ${query}.${weak ? ` ${count(weak)} more are weak.` : ""}`;
}

/**
 * Hits → words.
 * @param {Hits|null} found
 */
export function hits(found) {
  if (!found) return;
  say(found.hits.length ? wordsOfHits(found) : `No hits for ${found.query}.`);
}
