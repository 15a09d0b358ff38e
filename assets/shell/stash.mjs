/**
 * What is too long for an address: the address has a short name for it, and the tab that made it keeps it, over a reload too.
 * Who gets the link alone has only the name, and is told so.
 */

const NAME = /^here_\d+\.[0-9a-f]{8}$/;
/** @type {Map<string, string>} */
const kept = new Map();

/**
 * @param {string} text
 * @returns {string} a name that another text is most unlikely to have: its length and FNV-1a
 */
function nameOf(text) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return `here_${text.length}.${(hash >>> 0).toString(16).padStart(8, "0")}`;
}

/**
 * @param {string|null} text
 * @returns {boolean} whether a part of an address is but such a name
 */
export const isName = (text) => NAME.test(text || "");

/**
 * @param {string} text
 * @param {number} most
 * @returns {string} the text itself, or its name where it takes more than so many letters of an address
 */
export function shortened(text, most) {
  if (text.length <= most && encodeURIComponent(text).length <= most) return text;
  const name = nameOf(text);
  kept.set(name, text);
  store(name, text);
  return name;
}

/**
 * Have the tab's storage keep a text; what it kept before gives way where it is full.
 * @param {string} name
 * @param {string} text
 */
function store(name, text) {
  const { sessionStorage: storage } = window;
  try {
    storage.setItem(name, text);
  } catch {
    try {
      Object.keys(storage).filter(isName).forEach((one) => storage.removeItem(one));
      storage.setItem(name, text);
    } catch {
      // there is none: it holds as long as the page does
    }
  }
}

/** @param {string} what */
export const missing = (what) => `${what} of this link did not fit into an address: only the browser tab that made it has it.`;

/**
 * @param {string} text
 * @returns {string|null} the text of a name, null where this tab has not made it; anything else is its own text
 */
export function inFull(text) {
  if (!isName(text)) return text;
  try {
    return kept.get(text) ?? window.sessionStorage.getItem(text);
  } catch {
    return null;
  }
}
