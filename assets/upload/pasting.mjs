/**
 * Sends pasted text.
 */
import { asked, keptOf, made, nothing } from "../shell/changes.mjs";
import { setProps } from "../shell/dash.mjs";
import { byId, fieldById, one } from "../shell/dom.mjs";
import { sentenceOf } from "../shell/server.mjs";
import { deliver } from "./sending.mjs";
import { askJson } from "./talking.mjs";

/**
 * Send a text to where the button says: to become a dataset, or rows of one.
 * @param {HTMLButtonElement} press
 */
export async function sendPasted(press) {
  const { pasteEndpoint, pasteText, pasteName, pasteSays, store } = /** @type {Record<string, string>} */ (press.dataset);
  const text = fieldById(pasteText).value;
  const named = pasteName ? { name: fieldById(pasteName).value } : {};
  const to = pasteName ? "" : String(press.dataset.key);
  const changes = to ? keptOf(to) : nothing();
  const says = byId(pasteSays);
  says.textContent = "Reading…";
  press.disabled = true;
  try {
    const answer = await askJson({ stop: new AbortController() }, "POST", pasteEndpoint, { text, ...named, ...asked(changes) });
    if (to) made(to, changes);
    says.textContent = "";
    deliver(store, answer);
    const shut = press.parentElement && one(press.parentElement, "[data-library=stop]");
    if (shut) return shut.click(); // the field gives way to the row of the library that it stands in for
    for (const id of [pasteText, pasteName]) setProps(id, { value: "" });
    /** @type {HTMLDetailsElement} */ (press.closest("details")).open = false;
  } catch (error) {
    says.textContent = sentenceOf(error);
  } finally {
    press.disabled = false;
  }
}
