/**
 * The batches of files on their way to the server, and what may become of each: looking through folders, queued, sending,
 * reading and gone, or failed.  One is sent at a time, in the order in which they came.
 * It sends nothing and shows nothing: those who do change the batches here, and those who show them register here.
 */

/** @type {Batch[]} the first is the one being sent */
export const batches = [];

/** The server's sentence; trying again would not help. */
export class Refused extends Error {}

/** Worth another try. */
export class Unreachable extends Error {}

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
    stop: new AbortController(),
    files: [],
    id: null,
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

/**
 * Take one out.
 * @param {Batch} batch
 * @returns {Batch|undefined} the one that is to be sent now
 */
export function remove(batch) {
  batches.splice(batches.indexOf(batch), 1);
  return batches.find((one) => one.state === "queued");
}

/**
 * Have one wait for its turn.
 * @param {Batch} batch
 * @returns {boolean} whether that has come
 */
export function queue(batch) {
  batch.state = "queued";
  return batches.find((one) => one.state !== "failed") === batch;
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
  const busy = batches.some((one) => ["sending", "reading"].includes(one.state));
  return busy ? undefined : batches.find((one) => one.state === "queued");
}

/** @returns {Batch[]} those that failed for good and are only still shown */
export const dead = () => batches.filter((one) => one.state === "failed" && one.again === null);

/** @returns {boolean} whether leaving the page would lose something */
export const areUnderWay = () => batches.some((one) => ["sending", "queued", "looking"].includes(one.state));

/** @returns {Batch|undefined} the one to show: what moves, else the first */
export const shownOf = () => batches.find((one) => ["sending", "reading"].includes(one.state)) || batches[0];

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
