/**
 * The search box: a picture or a sound dropped, chosen or pasted is sent as it is, and shown beside the box; the hits go into the store.
 * Words are what the box holds when Enter is pressed: shell/searching.mjs.
 */
import { onMap } from "../map/state.mjs";
import { go, here } from "../shell/address.mjs";
import { notify, setProps, setStore } from "../shell/dash.mjs";
import { byId, closest, make } from "../shell/dom.mjs";
import { inOrder } from "../shell/lights.mjs";
import { addToSum, dropSearch, leaveSearch, moreHits, searchWords } from "../shell/searching.mjs";
import { fetched, runUrl, sentenceOf } from "../shell/server.mjs";

const EXCERPT = 280;
const INVITES = "Search by meaning, e.g. “it stopped working”";
const NARROW = "(width <= 700px)"; // as assets/shell/frame.css
/** Of what no encoder read: names that are on the map. */
const MOST_LETTERS = 24;
const UNREAD =
  "This map's encoder reads words only: search with words, or make another map with an encoder that reads pictures or sounds (Settings → Encoder).";
/** @param {Event} event */
const zoneOf = (event) => closest(event, "#search-zone");
const readNow = () => (onMap.view && onMap.view.searched_by) || [];

/**
 * @param {Pick<File, "type">} file
 * @param {{type: string}[]} read the types that the map's encoder reads
 * @returns {boolean} whether it may be one of these; systems do not know the types of all sounds
 */
export const mayBe = ({ type }, read) =>
  read.some((one) => type.startsWith(`${one.type}/`) || (one.type === "audio" && ["", "application/ogg", "video/ogg"].includes(type)));
/** @param {FileList|null} files */
const readIn = (files) => Array.from(files || []).find((file) => mayBe(file, readNow()));
const nouns = (read = readNow()) => read.map((one) => one.noun).join(" or a ") || "picture";
/** @param {Hit} hit */
const short = (hit) => (hit.text ? { ...hit, text: hit.text.slice(0, EXCERPT) } : hit);

/** @type {{url: string|null, number: number, waits: boolean}} the file beside the box, and which search it is of */
const asked = { url: null, number: 0, waits: false };

/**
 * Show a picture beside the box, of a sound a sign; or nothing.
 * @param {File|null} file
 */
function showPicture(file) {
  if (asked.url) URL.revokeObjectURL(asked.url);
  asked.url = file && URL.createObjectURL(file);
  const place = byId("search-picture");
  const alt = file ? `Searched: ${file.name || `a ${nouns()}`}` : "";
  const seen = file && file.type.startsWith("image/");
  const shown = seen ? Object.assign(make("img", ""), { src: asked.url, alt }) : make("span", "sound-sign", "♪");
  if (!seen) shown.setAttribute("role", "img"), shown.setAttribute("aria-label", alt);
  place.replaceChildren(...(file ? [shown] : []));
  place.title = file ? file.name : "";
}

/**
 * Search with a file: it takes the place of words.
 * @param {File} file
 */
async function searchPicture(file) {
  const { view } = onMap;
  if (!view || !offered()) return;
  const mine = ++asked.number;
  asked.waits = true;
  showPicture(file);
  setStore("hits", null);
  setProps("search-box", { value: "" });
  go({ q: null }, { asked: ["hits"] });
  byId("search-zone").classList.add("searching");
  try {
    const answer = await fetched(runUrl(view.run, "search/image"), { method: "POST", body: file });
    const found = await answer.json();
    if (mine !== asked.number) return;
    if (!isMeant(view.run)) return forgetPicture();
    setStore("hits", { ...found, run: view.run, query: file.name || `a ${nouns()}`, hits: found.hits.map(short), picture: true });
  } catch (error) {
    if (mine !== asked.number) return;
    notify(sentenceOf(error));
    showPicture(null);
  } finally {
    if (mine === asked.number) Object.assign(asked, { waits: false }), byId("search-zone").classList.remove("searching");
  }
}

/**
 * @param {string} run
 * @returns {boolean} whether the page still waits for hits of a picture in a run
 */
function isMeant(run) {
  const at = here();
  return at.run === run && !at.q && inOrder(at).includes("hits");
}

/** Whatever was searched by a picture is over: words take its place. */
function forgetPicture() {
  if (!asked.url) return;
  asked.number += 1;
  asked.waits = false;
  showPicture(null);
  byId("search-zone").classList.remove("searching");
}

/** @returns {boolean} whether this map can be searched by a file; where it cannot, that is said */
function offered() {
  const can = readNow().length > 0;
  if (onMap.view && !can) notify(UNREAD, "info");
  return can;
}

/** Let the user choose a file. */
function choose() {
  const input = Object.assign(document.createElement("input"), { type: "file", accept: readNow().map((one) => `${one.type}/*`).join(",") });
  input.addEventListener("change", () => {
    const file = input.files && input.files[0];
    if (file) searchPicture(file);
  });
  input.click();
}

/** @param {DragEvent} event */
function drop(event) {
  const zone = zoneOf(event);
  if (!zone) return;
  event.preventDefault();
  event.stopPropagation();
  zone.classList.remove("over");
  const file = readIn(event.dataTransfer && event.dataTransfer.files);
  if (file) searchPicture(file);
  else if (offered()) notify(`that is not a ${nouns()}; drop one ${nouns()} here, or type words. Data goes to “Add data”.`);
}

/** @param {Event} event */
function over(event) {
  const zone = zoneOf(event);
  if (!zone) return;
  event.preventDefault();
  event.stopPropagation();
  zone.classList.add("over");
}

/** @param {Event} event */
function leave(event) {
  const zone = zoneOf(event);
  if (zone) zone.classList.remove("over");
}

/** @param {ClipboardEvent} event */
function paste(event) {
  const picture = zoneOf(event) && readIn(event.clipboardData && event.clipboardData.files);
  if (!picture) return;
  event.preventDefault();
  searchPicture(picture);
}

/**
 * Ask for what is in the box now: its value in Dash is some letters behind whoever types fast.
 * @param {KeyboardEvent} event
 */
function enter(event) {
  const box = closest(event, "#search-box");
  if (!box || event.key !== "Enter" || event.isComposing) return;
  searchWords(/** @type {HTMLInputElement} */ (box).value);
}

/**
 * Words are typed: the picture that was searched by goes, with its hits.
 * @param {Event} event
 */
function typed(event) {
  const box = closest(event, "#search-box");
  if (!box || !asked.url || !(/** @type {HTMLInputElement} */ (box).value)) return;
  forgetPicture();
  if (!here().q) dropSearch();
}

/**
 * Leave the search.
 * @param {number|null} clicks
 */
export function clear(clicks) {
  if (!clicks) return;
  forgetPicture();
  leaveSearch();
}

/**
 * @param {View} view of a map whose encoder reads no words
 * @returns {string} what may be typed or dropped there, with an example that is on the map
 */
export function invitation({ graph, searched_by: read = [], examples = [] }) {
  const [first, second] = examples.filter((name) => name.length <= MOST_LETTERS);
  const like = first ? `, e.g. “${first}”` : "";
  if (read.length) return `Search by name, or drop a ${nouns(read)} here`;
  if (graph) return `Search a node by its name${like}`;
  return `Search an item by its own words${like}${second ? `, or a sum: = ${first} + ${second}` : ""}`;
}

/**
 * @param {string} words
 * @returns {string} the words, without an example where there is no room for it
 */
export const fitting = (words) => (window.matchMedia(NARROW).matches ? words.split(/, (?:e\.g\.|or) /)[0] : words);

/**
 * The box works when there is a map that an encoder made, and says so where none did; the button to clear it shows when there are hits, and what is about pictures where the
 * map can be searched by one.
 * @param {View|null} view
 * @param {Hits|null} hits
 */
export function ready(view, hits) {
  if (asked.url && !asked.waits && !(hits && hits.picture)) forgetPicture();
  const read = (view && view.searched_by) || [];
  const pictures = read.map((one) => ` by-${one.type}`).join("");
  const unread = Boolean(view && view.searched === false);
  const none = unread && !pictures && !(view && view.graph) ? " by-none" : "";
  const names = unread ? " by-names" : "";
  return [!view, fitting(view && unread ? invitation(view) : INVITES), `search-zone${view ? "" : " off"}${pictures}${none}${names}${hits || asked.waits ? " has-hits" : ""}`];
}

/** Listen to the search box. */
export function listen() {
  document.addEventListener("dragover", over, true);
  document.addEventListener("drop", drop, true);
  document.addEventListener("dragleave", leave, true);
  document.addEventListener("click", (event) => {
    if (closest(event, "#search-image")) choose();
    if (closest(event, "[data-more-hits]")) moreHits();
    const sum = closest(event, "[data-sum]");
    if (sum) addToSum(String(sum.dataset.sum));
    const words = closest(event, "[data-search]");
    if (words) searchWords(String(words.dataset.search));
  });
  document.addEventListener("keydown", enter);
  document.addEventListener("input", typed);
  document.addEventListener("paste", paste);
}
