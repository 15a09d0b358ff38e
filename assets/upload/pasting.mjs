/**
 * Sends pasted text.
 */
import { setProps } from "../shell/dash.mjs";
import { byId } from "../shell/dom.mjs";
import { deliver } from "./sending.mjs";
import { askJson } from "./talking.mjs";

/** @param {HTMLButtonElement} press */
export async function sendPasted(press) {
  const { pasteEndpoint, pasteText, pasteName, pasteSays } = press.dataset;
  const text = byId(pasteText).value;
  const name = byId(pasteName).value;
  const says = byId(pasteSays);
  says.textContent = "Reading…";
  press.disabled = true;
  try {
    const answer = await askJson({ stop: new AbortController() }, "POST", pasteEndpoint, { text, name });
    says.textContent = "";
    deliver(press.dataset.store, answer);
    for (const id of [pasteText, pasteName]) setProps(id, { value: "" });
    press.closest("details").open = false;
  } catch (error) {
    says.textContent = error.message;
  } finally {
    press.disabled = false;
  }
}
