/**
 * Sends pasted text.
 */
import { setProps } from "../shell/dash.mjs";
import { byId, fieldById } from "../shell/dom.mjs";
import { sentenceOf } from "../shell/server.mjs";
import { deliver } from "./sending.mjs";
import { askJson } from "./talking.mjs";

/** @param {HTMLButtonElement} press */
export async function sendPasted(press) {
  const { pasteEndpoint, pasteText, pasteName, pasteSays, store } = /** @type {Record<string, string>} */ (press.dataset);
  const text = fieldById(pasteText).value;
  const name = fieldById(pasteName).value;
  const says = byId(pasteSays);
  says.textContent = "Reading…";
  press.disabled = true;
  try {
    const answer = await askJson({ stop: new AbortController() }, "POST", pasteEndpoint, { text, name });
    says.textContent = "";
    deliver(store, answer);
    for (const id of [pasteText, pasteName]) setProps(id, { value: "" });
    /** @type {HTMLDetailsElement} */ (press.closest("details")).open = false;
  } catch (error) {
    says.textContent = sentenceOf(error);
  } finally {
    press.disabled = false;
  }
}
