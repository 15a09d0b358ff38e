/**
 * Knows uploads again after the page was loaded anew: the same files by name, size, last change and a digest of their ends,
 * and what the server called the upload that they were in.  It asks no server.
 */

/** Less than a piece is sent anew before it is looked for. */
const WORTH = 8 * 2 ** 20;
/** Bytes at either end of a file that count for its digest, and how many of the largest files are looked into. */
const EDGE = 2 ** 20;
const LOOKED_INTO = 16;
const STORE = "uploads";
const KEPT_MS = 24 * 3600 * 1000;
const MOST = 50;
/** After which a page that does not send any more, and did not say so, has ended. */
const SILENT_MS = 30000;

/** @typedef {{id: string, at: number, page: string}} Known the server's name, when it was last gone on with, and where */

/**
 * @param {Uint8Array} bytes
 * @returns {string} 64 bits that tell them from others: FNV-1a, and the same of another beginning and prime
 */
export function digest(bytes) {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x85ebca6b) ^ (b >>> 15);
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

/** @param {Blob} blob */
const digestOf = async (blob) => digest(new Uint8Array(await blob.arrayBuffer()));

/**
 * @param {Sent[]} files
 * @returns {Promise<string>} what these files are known by; empty for too little, or what cannot be read
 */
export async function printOf(files) {
  if (files.reduce((sum, { file }) => sum + file.size, 0) <= WORTH) return "";
  const told = files.map(({ name, file }) => `${name}\n${file.size}\n${file.lastModified}`).sort();
  const largest = [...files].sort((a, b) => b.file.size - a.file.size || (a.name < b.name ? -1 : 1)).slice(0, LOOKED_INTO);
  try {
    for (const { file } of largest) {
      told.push(await digestOf(file.slice(0, EDGE)), await digestOf(file.slice(-EDGE)));
    }
  } catch {
    return "";
  }
  return digest(new TextEncoder().encode(told.join("\n")));
}

/** @returns {Record<string, Known>} */
function known() {
  try {
    const kept = Object.entries(JSON.parse(window.localStorage.getItem(STORE) || "{}") || {});
    return Object.fromEntries(kept.filter(([, one]) => Date.now() - one.at < KEPT_MS).slice(-MOST));
  } catch {
    return {};
  }
}

/** @param {Record<string, Known>} all */
function keep(all) {
  try {
    window.localStorage.setItem(STORE, JSON.stringify(all));
  } catch {
    // private or full: what is sent now is sent all the same
  }
}

/** @returns {string} a name of this tab that outlives its being loaded anew */
function pageName() {
  try {
    const name = window.sessionStorage.getItem(STORE) || String(Math.random()).slice(2);
    window.sessionStorage.setItem(STORE, name);
    return name;
  } catch {
    return "";
  }
}

/**
 * Remember what an upload is called, or that it still goes on.
 * @param {string} print
 * @param {string|null} id
 */
export function remember(print, id) {
  if (print !== "" && id !== null) keep({ ...known(), [print]: { id, at: Date.now(), page: pageName() } });
}

/** @param {string} print */
export function forgetPrint(print) {
  if (print === "") return;
  keep(Object.fromEntries(Object.entries(known()).filter(([other]) => other !== print)));
}

/**
 * @param {string} print
 * @returns {string|null} the upload that these files were in, unless another page still sends it
 */
export function recall(print) {
  const one = print === "" ? undefined : known()[print];
  if (one === undefined) return null;
  return one.page === pageName() || Date.now() - one.at >= SILENT_MS ? one.id : null;
}

/** Leave all that this page sends to others: it is closed. */
export function release() {
  const page = pageName();
  const all = Object.entries(known()).map(([print, one]) => [print, one.page === page ? { ...one, page: "", at: one.at - SILENT_MS } : one]);
  if (all.length > 0) keep(Object.fromEntries(all));
}
