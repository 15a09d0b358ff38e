/**
 * What is to be uploaded: files and folders that are chosen or dropped become a batch.
 * A zone is any element with `data-endpoint` (where to send) and `data-store` (the dcc.Store that gets the answer); it may
 * be drawn again at any time.
 */
import { sentenceOf } from "../shell/server.mjs";
import { add, dead, distinct, told } from "./batches.mjs";
import { enqueue, fail, finish } from "./sending.mjs";

/** @type {{input: HTMLInputElement|null}} held, so that it is still there when the choice is made */
const picker = { input: null };

/** @returns {HTMLElement|null} where things may be dropped now */
export const zone = () => document.querySelector("[data-endpoint]");

/**
 * Let the user choose files, or a folder.
 * @param {string} kind
 * @param {string} [to] the dataset to which their rows are added; none: they make one of their own
 */
export function pick(kind, to = "") {
  const input = document.createElement("input");
  picker.input = input;
  input.type = "file";
  input.multiple = true;
  input.webkitdirectory = kind === "folder";
  input.addEventListener("change", () => {
    const files = Array.from(input.files || [], (file) => ({ file, name: file.webkitRelativePath || file.name }));
    start(files, to);
  });
  input.click();
}

/** @param {DataTransfer} transfer */
export async function dropped(transfer) {
  // Entries are only there until the event ends: take them all before the first await.
  const entries = Array.from(transfer.items || []).flatMap((item) => (item.kind === "file" && item.webkitGetAsEntry()) || []);
  if (entries.length === 0) {
    return start(Array.from(transfer.files, (file) => ({ file, name: file.name })));
  }
  /** @type {{file: File, name: string}[]} */
  const found = [];
  const batch = waiting("Looking through the folders…");
  try {
    for (const entry of entries) await walk(entry, found, batch);
    batch.files = distinct(found);
    enqueue(batch);
  } catch (error) {
    if (!batch.stop.signal.aborted) fail(batch, `A folder could not be read: ${sentenceOf(error)}.`);
  }
}

/**
 * @param {FileSystemEntry} entry
 * @param {{file: File, name: string}[]} found
 * @param {Batch} batch
 */
async function walk(entry, found, batch) {
  batch.stop.signal.throwIfAborted();
  const name = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    /** @type {File} */
    const file = await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject));
    found.push({ file, name });
    return;
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (;;) {
    // readEntries gives a hundred at a time, and an empty list at the end.
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const child of some) await walk(child, found, batch);
  }
}

/**
 * @param {string} note
 * @returns {Batch} a new batch, shown at once
 */
function waiting(note) {
  const { dataset } = /** @type {HTMLElement} */ (zone());
  dead().forEach(finish);
  const batch = add({ endpoint: String(dataset.endpoint), store: String(dataset.store) }, note);
  told.reveal();
  told.draw();
  return batch;
}

/**
 * @param {{file: File, name: string}[]} files
 * @param {string} [to]
 */
function start(files, to = "") {
  if (files.length === 0 || zone() === null) return;
  const batch = waiting("");
  batch.to = to;
  batch.files = distinct(files);
  enqueue(batch);
}
