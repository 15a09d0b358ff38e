/**
 * Turns presses in the library into one record in a dcc.Store, and says when the window is looked at again.
 * It changes nothing itself: what a press means is the server's.
 */
import { noUpdate, setProps } from "./dash.mjs";
import { closest, fieldById, one } from "./dom.mjs";
import { tellAlong } from "./changes.mjs";
import { lookAt } from "./looking.mjs";
import * as undo from "./undo.mjs";

/** @param {Record<string, unknown> & {do: string|undefined}} record */
export function tell(record) {
  const place = one(document, "[data-action-store]");
  if (place === null) return;
  setProps(String(place.dataset.actionStore), { data: { ...record, at: Date.now() } });
  if (String(record.do).startsWith("ask-")) focusSoon(place);
}

/** @param {HTMLElement} place */
function focusSoon(place) {
  // The row is drawn again after the server's answer: take the focus along, so that the keyboard is where the eye is.
  const seen = new MutationObserver(() => {
    const next = one(place, "[data-library-field] input, [data-library-focus]");
    if (next === null) return;
    seen.disconnect();
    next.focus();
    if (next instanceof HTMLInputElement) next.select();
  });
  seen.observe(place, { childList: true, subtree: true });
  setTimeout(() => seen.disconnect(), 5000);
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 */
function record(element, name) {
  return { do: element.dataset.library, kind: element.dataset.kind, key: element.dataset.key, name };
}

/** @param {Event} event */
function pressed(event) {
  const press = closest(event, "[data-library]");
  if (press === null) return;
  const from = press.dataset.nameFrom;
  const { kind = "", key = "" } = press.dataset;
  if (press.dataset.library === "delete") undo.ask({ kind, key });
  if (press.dataset.library === "open" && kind === "dataset") lookAt(key);
  tell(record(press, from ? fieldById(from).value : (press.dataset.name ?? "")));
}

/** Have what can be taken back be seen whenever the list is drawn; the list itself comes after the page. */
function watchList() {
  const seen = new MutationObserver(() => {
    const list = one(document, "[data-action-store]");
    if (list === null) return;
    seen.disconnect();
    seen.observe(list, { childList: true, subtree: true });
    undo.follow(tell);
    tellAlong();
  });
  seen.observe(document.body, { childList: true, subtree: true });
}

/** @param {KeyboardEvent} event */
function typed(event) {
  const field = closest(event, "[data-library-field]");
  if (field === null || !["Enter", "Escape"].includes(event.key) || event.isComposing) return;
  const { kind, key } = field.dataset;
  tell({ do: event.key === "Enter" ? "rename" : "stop", kind, key, name: /** @type {HTMLInputElement} */ (event.target).value });
}

function lookedAt() {
  const place = one(document, "[data-focus-store]");
  if (place !== null) setProps(String(place.dataset.focusStore), { data: Date.now() });
}

/**
 * The status is asked for often; the list is drawn again only when a run's state has changed.
 * @param {Status|null} status
 * @param {string} before
 */
export function moved(status, before) {
  const now = status ? `${status.run} ${status.state}` : "";
  return now === before ? noUpdate() : now;
}

/** Listen to the library's buttons and fields. */
export function listen() {
  document.addEventListener("click", pressed);
  document.addEventListener("keydown", typed);
  window.addEventListener("focus", lookedAt);
  watchList();
}
