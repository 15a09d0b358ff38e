/**
 * The search box: a picture dropped, chosen or pasted is sent as it is, and shown beside the box; the hits go into the store.
 * Words are what the box holds when Enter is pressed: shell/searching.mjs.
 */
import { onMap } from "../map/state.mjs";
import { go, here } from "../shell/address.mjs";
import { notify, setProps, setStore } from "../shell/dash.mjs";
import { byId, closest } from "../shell/dom.mjs";
import { inOrder } from "../shell/lights.mjs";
import { addToSum, dropSearch, leaveSearch, moreHits, searchWords } from "../shell/searching.mjs";
import { fetched, runUrl, sentenceOf } from "../shell/server.mjs";

const EXCERPT = 280;
const INVITES = "Search by meaning, e.g. “it stopped working”";
const OWN_VECTORS = "Search an item by its own words, or a sum: = king - man + woman";
const UNREAD =
  "This map's encoder reads words only: search with words, or make another map with an encoder that reads pictures (Settings → Encoder).";
/** @param {Event} event */
const zoneOf = (event) => closest(event, "#search-zone");
/** @param {FileList|null} files */
const pictureIn = (files) => Array.from(files || []).find((file) => file.type.startsWith("image/"));
/** @param {Hit} hit */
const short = (hit) => (hit.text ? { ...hit, text: hit.text.slice(0, EXCERPT) } : hit);

/** @type {{url: string|null, number: number, waits: boolean}} the picture beside the box, and which search it is of */
const asked = { url: null, number: 0, waits: false };

/**
 * Show a picture beside the box, or none.
 * @param {File|null} file
 */
function showPicture(file) {
  if (asked.url) URL.revokeObjectURL(asked.url);
  asked.url = file && URL.createObjectURL(file);
  const place = byId("search-picture");
  const image = Object.assign(document.createElement("img"), { src: asked.url, alt: file ? `Searched: ${file.name || "a picture"}` : "" });
  place.replaceChildren(...(file ? [image] : []));
  place.title = file ? file.name : "";
}

/**
 * Search with a picture: it takes the place of words.
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
    setStore("hits", { ...found, run: view.run, query: file.name || "a picture", hits: found.hits.map(short), picture: true });
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

/** @returns {boolean} whether this map can be searched by a picture; where it cannot, that is said */
function offered() {
  const { view } = onMap;
  if (view && !view.searched_by_picture) notify(UNREAD, "info");
  return Boolean(view && view.searched_by_picture);
}

/** Let the user choose a picture. */
function choose() {
  const input = Object.assign(document.createElement("input"), { type: "file", accept: "image/*" });
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
  const picture = pictureIn(event.dataTransfer && event.dataTransfer.files);
  if (picture) searchPicture(picture);
  else notify("that is not a picture; drop one picture here, or type words. Data goes to “Add data”.");
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
  const picture = zoneOf(event) && pictureIn(event.clipboardData && event.clipboardData.files);
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
 * The box works when there is a map that an encoder made, and says so where none did; the button to clear it shows when there are hits, and what is about pictures where the
 * map can be searched by one.
 * @param {View|null} view
 * @param {Hits|null} hits
 */
export function ready(view, hits) {
  if (asked.url && !asked.waits && !(hits && hits.picture)) forgetPicture();
  const pictures = view && view.searched_by_picture ? " by-picture" : "";
  const unread = Boolean(view && view.searched === false);
  return [!view, unread ? OWN_VECTORS : INVITES, `search-zone${view ? "" : " off"}${pictures}${hits || asked.waits ? " has-hits" : ""}`];
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
