/**
 * Sends batches of files to the server, in pieces that can be resumed, and has them read.
 * It reads no file's content and decides nothing about it: that is the server's.
 */
import { asked, keptOf, made } from "../shell/changes.mjs";
import { setProps } from "../shell/dash.mjs";
import { API, sentenceOf } from "../shell/server.mjs";
import { Busy, Refused, Unreachable, answered, batches, halted, planOf, queue, remove, settle, stopped, told } from "./batches.mjs";
import { leave, lookAt } from "./early.mjs";
import { forgetPrint, printOf, recall, remember } from "./resuming.mjs";
import { askJson, pause, put, refusal } from "./talking.mjs";

const WORKERS = 4;
const READING_MS = 4000;

/** @param {Batch} batch */
export async function send(batch) {
  const { signal } = batch.halt;
  batch.state = "sending";
  batch.error = "";
  told.draw();
  try {
    if (batch.id === null) await begin(batch);
    await sendAll(batch, signal);
    await read(batch);
  } catch (error) {
    if (batch.stop.signal.aborted || signal.aborted) return;
    fail(batch, sentenceOf(error), error instanceof Unreachable ? () => goOn(batch) : null);
  }
}

/**
 * Have the server name the upload: the one in which the same files were before the page was loaded anew, or a new one.
 * @param {Batch} batch
 */
async function begin(batch) {
  batch.print = await printOf(batch.files);
  const before = recall(batch.print);
  const answer = (before && (await stateOf(batch, before))) || (await askJson(batch, "POST", batch.endpoint, planOf(batch.files)));
  batch.chunk = answer.chunk;
  batch.id = answer.upload;
  remember(batch.print, batch.id);
}

/**
 * @param {Batch} batch
 * @param {string} id
 * @returns {Promise<{upload: string, chunk: number}|null>} an upload of before, its files settled; null where it is gone
 */
async function stateOf(batch, id) {
  try {
    const state = await askJson(batch, "GET", `${batch.endpoint}/${id}`);
    /** @type {Map<string, number>} */
    const sizes = new Map(state.files.map((/** @type {{name: string, bytes: number}} */ file) => [file.name, file.bytes]));
    batch.files.forEach((one) => settle(one, sizes.get(one.name) || 0));
    told.speak("Going on with what was sent before.");
    return state;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    batch.files.forEach((one) => settle(one, 0));
    return null;
  }
}

/**
 * @param {Batch} batch
 * @param {AbortSignal} halt
 */
async function sendAll(batch, halt) {
  const left = batch.files.filter((one) => !one.done);
  const failed = new AbortController(); // the first error stops the other workers of this batch
  const signal = AbortSignal.any([batch.stop.signal, halt, failed.signal]);
  const work = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await sendFile(batch, one, signal);
  };
  try {
    await Promise.all(Array.from({ length: WORKERS }, work));
  } catch (error) {
    failed.abort();
    throw error;
  }
  halt.throwIfAborted(); // where nothing was left to send
}

/**
 * @param {Batch} batch
 * @param {Sent} one
 * @param {AbortSignal} signal
 */
async function sendFile(batch, one, signal) {
  let tries = 0;
  if (one.sent > 0) await askOffset(batch, one, signal); // it was paused, or given up
  while (!one.done) {
    signal.throwIfAborted();
    const before = one.sent;
    try {
      await sendPiece(batch, one, signal);
      if (one.sent > before || one.done) tries = 0;
      else tries = await pause(tries, signal, "the server is still busy with it");
    } catch (error) {
      if (!(error instanceof Unreachable) || signal.aborted) throw error;
      one.sent = before;
      await readable(one);
      batch.note = "The connection was lost; trying again…";
      told.draw();
      tries = await pause(tries, signal, error.message);
      await askOffset(batch, one, signal);
    }
  }
  batch.note = "";
}

/**
 * @param {Batch} batch
 * @param {Sent} one
 * @param {AbortSignal} signal
 */
async function sendPiece(batch, one, signal) {
  const from = one.sent;
  const piece = one.file.slice(from, from + batch.chunk);
  const answer = await put(`${fileUrl(batch, one)}&offset=${from}`, piece, signal, (bytes) => {
    one.sent = from + Math.min(bytes, piece.size);
    told.draw();
  });
  const said = answer.getResponseHeader("Upload-Offset");
  const { status, responseText } = answer;
  const took = answered(one, { from, size: piece.size, status, offset: said === null ? null : Number(said) });
  if (!took) throw refusal(status, responseText);
  if (status !== 409) batch.note = "";
  remember(batch.print, batch.id);
  told.draw();
}

/**
 * @param {Batch} batch
 * @param {Sent} one
 * @param {AbortSignal} signal
 */
async function askOffset(batch, one, signal) {
  try {
    const answer = await fetch(fileUrl(batch, one), { method: "HEAD", signal });
    if (answer.ok) settle(one, Number(answer.headers.get("Upload-Offset") || 0));
    else if (answer.status === 404) throw new Refused("The server no longer has this upload. Drop the files again.");
  } catch (error) {
    if (error instanceof Refused) throw error; // unreachable still: the next piece will tell
  }
}

/**
 * @param {Batch} batch
 * @param {Sent} one
 */
function fileUrl(batch, one) {
  return `${batch.endpoint}/${batch.id}/file?name=${encodeURIComponent(one.name)}`;
}

/** @param {Sent} one */
async function readable(one) {
  try {
    await one.file.slice(0, 1).arrayBuffer();
  } catch {
    throw new Refused(`${one.name} could not be read from your disk: it is a folder, or was moved or changed. Drop it again.`);
  }
}

/** @param {Batch} batch */
async function read(batch) {
  batch.state = "reading";
  forgetPrint(batch.print);
  told.draw();
  if (batch.to) batch.changes ??= keptOf(batch.to); // what is gathered now: a lost answer is asked for again with the same
  await lookAt(batch);
  const answer = await readings(batch);
  if (batch.changes) made(batch.to, batch.changes);
  finish(batch);
  deliver(batch.store, answer);
  void leave(batch, answer.dataset);
  told.speak("The files are read. Their first rows are shown.");
}

/**
 * @param {Batch} batch
 * @returns {Promise<{dataset: string}>} what the server says of the dataset; asked again while an earlier question has it read
 */
async function readings(batch) {
  for (;;) {
    try {
      const { address, body } = readingOf(batch);
      return await askJson(batch, "POST", address, body);
    } catch (error) {
      if (!(error instanceof Busy)) throw error;
      await new Promise((resolve) => setTimeout(resolve, READING_MS));
    }
  }
}

/**
 * @param {Pick<Batch, "endpoint"|"id"|"to"|"changes">} batch
 * @returns {{address: string, body: object}} what has it read: into a dataset of its own, or to the rows of another one, with
 *   what is gathered of that
 */
export function readingOf({ endpoint, id, to, changes }) {
  if (to === "") return { address: `${endpoint}/${id}/done`, body: {} };
  return { address: `${API}/datasets/${encodeURIComponent(to)}/rows`, body: { upload: id, ...(changes && asked(changes)) } };
}

/**
 * @param {string} store
 * @param {object} answer
 */
export function deliver(store, answer) {
  setProps(store, { data: { ...answer, at: Date.now() } });
}

/** @param {Batch} batch */
export function finish(batch) {
  const next = remove(batch);
  if (next !== undefined) void send(next);
  told.draw();
}

/**
 * @param {Batch} batch
 * @param {string} sentence
 * @param {(() => void)|null} [again]
 */
export function fail(batch, sentence, again = null) {
  void leave(batch);
  const next = stopped(batch, sentence, again);
  if (again === null) forget(batch);
  if (next !== undefined) void send(next);
  told.draw();
}

/** @param {Batch} batch */
export function cancel(batch) {
  batch.stop.abort();
  void leave(batch);
  forget(batch);
  finish(batch);
  told.speak("Cancelled. Nothing was added.");
}

/** @param {Batch} batch */
export function close(batch) {
  forget(batch);
  finish(batch);
}

/** @param {Batch} batch */
function forget(batch) {
  forgetPrint(batch.print);
  if (batch.id !== null) fetch(`${batch.endpoint}/${batch.id}`, { method: "DELETE", keepalive: true }).catch(() => {});
  batch.id = null;
}

/** @param {Batch} batch */
export function hold(batch) {
  const next = halted(batch);
  if (next !== undefined) void send(next);
  told.draw();
  told.speak("Paused. What was sent is kept.");
}

/** @param {Batch} batch */
export function goOn(batch) {
  if (queue(batch)) void send(batch);
  told.draw();
}

/** Go on with all that stopped for want of a connection: it may be back. */
export function goOnWithAll() {
  for (const batch of batches) if (batch.state === "failed" && batch.again !== null) batch.again();
}

/**
 * Send a batch when its turn comes.
 * @param {Batch} batch
 */
export function enqueue(batch) {
  if (batch.files.length === 0) return fail(batch, "There is no file in what you dropped. Drop files or a folder with files.");
  if (queue(batch)) void send(batch);
  return told.draw();
}
