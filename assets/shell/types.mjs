/**
 * A column's type is chosen in the preview: the server is told, and says what the column then is to the map.
 */
import { setStore } from "./dash.mjs";
import { closest } from "./dom.mjs";

/** @param {Event} event */
function changed(event) {
  const field = /** @type {HTMLSelectElement|null} */ (closest(event, "[data-column-type]"));
  if (field) setStore("type-asked", { column: field.dataset.columnType, read_as: field.value, n: Date.now() });
}

/** Listen to the whole page: the fields come and go. */
export const listen = () => document.addEventListener("change", changed);
