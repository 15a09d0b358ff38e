/**
 * The search box: a picture dropped, chosen or pasted is sent as it is; the hits go into the store.
 * Words are what the box holds when Enter is pressed; an ordinary callback searches them.
 */
import { onMap } from "../map/state.mjs";
import { notify, setProps, setStore } from "../shell/dash.mjs";
import { byId, closest } from "../shell/dom.mjs";
import { fetched, runUrl, sentenceOf } from "../shell/server.mjs";

const EXCERPT = 280;
/** @param {Event} event */
const zoneOf = (event) => closest(event, "#search-zone");
/** @param {FileList|null} files */
const pictureIn = (files) => Array.from(files || []).find((file) => file.type.startsWith("image/"));
/** @param {Hit} hit */
const short = (hit) => (hit.text ? { ...hit, text: hit.text.slice(0, EXCERPT) } : hit);

/**
 * Search with a picture.
 * @param {File} file
 */
async function searchPicture(file) {
  const { view } = onMap;
  if (!view) return;
  const zone = byId("search-zone");
  zone.classList.add("searching");
  setProps("inspector-tabs", { value: "search" });
  try {
    const answer = await fetched(runUrl(view.run, "search/image"), { method: "POST", body: file });
    const found = await answer.json();
    setStore("hits", { ...found, run: view.run, query: file.name || "a picture", hits: found.hits.map(short) });
  } catch (error) {
    notify(sentenceOf(error));
  } finally {
    zone.classList.remove("searching");
  }
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
  setStore("search-asked", { words: /** @type {HTMLInputElement} */ (box).value, at: Date.now() });
}

/** Leave the search. */
export const clear = () => [null, ""];

/**
 * The box works when there is a map; the button to clear it shows when there are hits.
 * @param {View|null} view
 * @param {Hits|null} hits
 */
export const ready = (view, hits) => [!view, `search-zone${view ? "" : " off"}${hits ? " has-hits" : ""}`];

/** Listen to the search box. */
export function listen() {
  document.addEventListener("dragover", over, true);
  document.addEventListener("drop", drop, true);
  document.addEventListener("dragleave", leave, true);
  document.addEventListener("click", (event) => {
    if (closest(event, "#search-image")) choose();
  });
  document.addEventListener("keydown", enter);
  document.addEventListener("paste", paste);
}
