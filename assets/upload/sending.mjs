/**
 * Sends batches of files to the server, in pieces that can be resumed, and has them read.
 * It reads no file's content and decides nothing about it: that is the server's.
 */
import { setProps } from "../shell/dash.mjs";
import { sentenceOf } from "../shell/server.mjs";
import { Refused, Unreachable, answered, queue, remove, settle, stopped, told } from "./batches.mjs";
import { askJson, pause, put, refusal } from "./talking.mjs";

const WORKERS = 4;

/** @param {Batch} batch */
export async function send(batch) {
  batch.state = "sending";
  batch.error = "";
  told.draw();
  try {
    if (batch.id === null) {
      const answer = await askJson(batch, "POST", batch.endpoint);
      batch.id = answer.upload;
      batch.chunk = answer.chunk;
    }
    await sendAll(batch);
    await read(batch);
  } catch (error) {
    if (batch.stop.signal.aborted) return;
    fail(batch, sentenceOf(error), error instanceof Unreachable ? () => void send(batch) : null);
  }
}

/** @param {Batch} batch */
async function sendAll(batch) {
  const left = batch.files.filter((one) => !one.done);
  const failed = new AbortController(); // the first error stops the other workers of this batch
  const signal = AbortSignal.any([batch.stop.signal, failed.signal]);
  const work = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await sendFile(batch, one, signal);
  };
  try {
    await Promise.all(Array.from({ length: WORKERS }, work));
  } catch (error) {
    failed.abort();
    throw error;
  }
}

/**
 * @param {Batch} batch
 * @param {Sent} one
 * @param {AbortSignal} signal
 */
async function sendFile(batch, one, signal) {
  let tries = 0;
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
  told.draw();
  const answer = await askJson(batch, "POST", `${batch.endpoint}/${batch.id}/done`, {});
  finish(batch);
  deliver(batch.store, answer);
  told.speak("The files are read. Their first rows are shown.");
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
  const next = stopped(batch, sentence, again);
  if (again === null) forget(batch);
  if (next !== undefined) void send(next);
  told.draw();
}

/** @param {Batch} batch */
export function cancel(batch) {
  batch.stop.abort();
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
  if (batch.id !== null) fetch(`${batch.endpoint}/${batch.id}`, { method: "DELETE", keepalive: true }).catch(() => {});
  batch.id = null;
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
