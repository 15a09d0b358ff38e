/**
 * The batches of files on their way to the server, and what may become of each: looking through folders, queued, sending,
 * paused, reading and gone, or failed.  Some are sent at once, the others in the order in which they came.
 * It sends nothing and shows nothing: those who do change the batches here, and those who show them register here.
 */

export const AT_ONCE = 3;

/** @type {Batch[]} in the order in which they came */
export const batches = [];

/** The server's sentence; trying again would not help. */
export class Refused extends Error {}

/** Worth another try. */
export class Unreachable extends Error {}

/** The server is at it already: worth waiting for. */
export class Busy extends Unreachable {}

/**
 * Who shows the batches, and speaks of them.
 * @type {{draw: () => void, speak: (text: string, every?: number) => void, reveal: () => void}}
 */
export const told = { draw: () => undefined, speak: () => undefined, reveal: () => undefined };

/**
 * Have somebody show them.
 * @param {typeof told} show
 */
export const tell = (show) => Object.assign(told, show);

/**
 * @param {{endpoint: string, store: string}} where
 * @param {string} note
 * @returns {Batch} a new batch at the end of all
 */
export function add({ endpoint, store }, note) {
  /** @type {Batch} */
  const batch = {
    endpoint,
    store,
    to: "",
    stop: new AbortController(),
    halt: new AbortController(),
    files: [],
    id: null,
    print: "",
    chunk: 0,
    state: "looking",
    note,
    error: "",
    again: null,
    marks: [],
  };
  batches.push(batch);
  return batch;
}

/** @param {Batch} batch */
const moves = (batch) => batch.state === "sending" || batch.state === "reading";

/** @returns {Batch|undefined} the one that is to be sent now */
export function next() {
  return batches.filter(moves).length < AT_ONCE ? batches.find((one) => one.state === "queued") : undefined;
}

/**
 * Take one out.
 * @param {Batch} batch
 * @returns {Batch|undefined} the one that is to be sent now
 */
export function remove(batch) {
  const at = batches.indexOf(batch);
  if (at >= 0) batches.splice(at, 1);
  return next();
}

/**
 * Have one wait for its turn.
 * @param {Batch} batch
 * @returns {boolean} whether that has come
 */
export function queue(batch) {
  Object.assign(batch, { state: "queued", again: null, error: "", marks: [], halt: new AbortController() });
  return next() === batch;
}

/**
 * Stop one that went wrong, to go on with *again* or never.
 * @param {Batch} batch
 * @param {string} sentence
 * @param {(() => void)|null} again
 * @returns {Batch|undefined} the one that is to be sent now
 */
export function stopped(batch, sentence, again) {
  Object.assign(batch, { state: "failed", error: sentence, again, note: "" });
  return next();
}

/**
 * Have one that is being sent stand still.
 * @param {Batch} batch
 * @returns {Batch|undefined} the one that is to be sent now
 */
export function halted(batch) {
  Object.assign(batch, { state: "paused", note: "", marks: [] });
  batch.halt.abort();
  return next();
}

/** @returns {Batch[]} those that failed for good and are only still shown */
export const dead = () => batches.filter((one) => one.state === "failed" && one.again === null);

/** @returns {boolean} whether leaving the page would lose something */
export const areUnderWay = () => batches.some((one) => ["sending", "queued", "looking", "paused"].includes(one.state));

/** @returns {Batch|undefined} the one that the whole is judged by: what moves, else the first */
export const shownOf = () => batches.find(moves) || batches[0];

/**
 * @param {Sent[]} files
 * @returns {{files: number, bytes: number, largest: number}} what the server is told of them before they come
 */
export const planOf = (files) => ({
  files: files.length,
  bytes: files.reduce((sum, { file }) => sum + file.size, 0),
  largest: files.reduce((most, { file }) => Math.max(most, file.size), 0),
});

/**
 * @param {{file: File, name: string}[]} files
 * @returns {Sent[]} files to be sent, no two of the same name
 */
export function distinct(files) {
  const seen = new Map();
  return files.map(({ file, name }) => {
    const count = (seen.get(name) || 0) + 1;
    seen.set(name, count);
    const dot = name.lastIndexOf(".");
    const numbered = dot > 0 ? `${name.slice(0, dot)} (${count})${name.slice(dot)}` : `${name} (${count})`;
    return { file, name: count === 1 ? name : numbered, sent: 0, done: false };
  });
}

/**
 * Take the server's word for how much of a file it has.
 * @param {Sent} one
 * @param {number} offset
 */
export function settle(one, offset) {
  if (offset > one.file.size) throw new Refused(`${one.name} changed while it was sent. Drop it again.`);
  one.sent = offset;
  one.done = offset === one.file.size && offset > 0;
}

/**
 * Take the server's answer to a piece: it has it all, or (409) tells from where to go on.
 * @param {Sent} one
 * @param {{from: number, size: number, status: number, offset: number|null}} answer
 * @returns {boolean} false: it refused
 */
export function answered(one, { from, size, status, offset }) {
  one.sent = from;
  if (status === 409 && offset !== null) {
    settle(one, offset);
    return true;
  }
  if (status < 200 || status >= 300) return false;
  settle(one, offset === null ? from + size : offset);
  one.done = one.sent === one.file.size;
  return true;
}
