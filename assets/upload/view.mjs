/**
 * Shows how far uploads are, what went wrong with one, and the curtain that says where a drop goes.
 * It sends nothing: it draws the batches, and its buttons call back to those who send them.
 */
import { byId, one } from "../shell/dom.mjs";
import { batches, shownOf, tell } from "./batches.mjs";
import { amount, pace, speed } from "./rates.mjs";
import { cancel, close, goOn, hold } from "./sending.mjs";

const SPEAK_MS = 2500;
const DRAW_MS = 80;
const MOST_SHOWN = 4;
/** @type {WeakMap<Batch, {part: HTMLElement, state: string}>} */
const parts = new WeakMap();
let drawing = 0;
let spokenAt = 0;

function draw() {
  if (drawing === 0) drawing = setTimeout(drawNow, DRAW_MS);
}

function drawNow() {
  drawing = 0;
  const place = one(document, "[data-upload-progress]");
  if (place === null) return;
  const first = shownOf();
  place.dataset.state = first === undefined ? "idle" : first.state;
  place.hidden = first === undefined;
  if (first === undefined) return place.replaceChildren();
  const shown = [first, ...batches.filter((batch) => batch !== first)].slice(0, MOST_SHOWN);
  const wanted = batches.filter((batch) => shown.includes(batch)).map(partOf);
  if (batches.length > shown.length) wanted.push(restPart(place, batches.length - shown.length));
  // Only what changed: who has the focus keeps it.
  if (wanted.length !== place.children.length || wanted.some((part, i) => part !== place.children[i])) place.replaceChildren(...wanted);
  for (const batch of shown) if (batch.state !== "failed") fill(/** @type {HTMLElement} */ (partOf(batch)), batch, batch === first);
}

/**
 * @param {HTMLElement} place
 * @param {number} count
 */
function restPart(place, count) {
  const rest = one(place, ".upload-rest") || make("p", { className: "upload-rest" }, "");
  rest.textContent = `and ${count.toLocaleString("en")} more`;
  return rest;
}

/** @param {Batch} batch */
function partOf(batch) {
  const known = parts.get(batch);
  if (known !== undefined && known.state === batch.state) return known.part;
  const part = known === undefined ? make("div", { className: "upload-batch" }, "") : known.part;
  part.dataset.state = batch.state;
  part.replaceChildren(...(batch.state === "failed" ? failedParts(batch) : busyParts(batch)));
  parts.set(batch, { part, state: batch.state });
  return part;
}

/** @param {Batch} batch */
function busyParts(batch) {
  const bar = make("progress", { max: 1 }, "");
  bar.setAttribute("aria-label", "Upload");
  const stop = button("Cancel", () => cancel(batch));
  stop.dataset.testid = "upload-cancel";
  const buttons = make("div", { className: "upload-buttons" }, "");
  if (batch.state === "sending") buttons.append(button("Pause", () => hold(batch)));
  if (batch.state === "paused") buttons.append(button("Go on", () => goOn(batch)));
  buttons.append(stop);
  return [make("div", { className: "upload-line" }, ""), bar, make("div", { className: "upload-detail" }, ""), buttons];
}

/** @param {Batch} batch */
function failedParts(batch) {
  const sentence = make("p", { className: "upload-error" }, batch.error);
  sentence.setAttribute("role", "alert");
  sentence.dataset.testid = "upload-error";
  const leave = button("Close", () => close(batch));
  return batch.again === null ? [sentence, leave] : [sentence, button("Go on", batch.again), leave];
}

/**
 * @param {HTMLElement} part
 * @param {Batch} batch
 * @param {boolean} aloud
 */
function fill(part, batch, aloud) {
  const total = batch.files.reduce((sum, one) => sum + one.file.size, 0);
  const sent = batch.files.reduce((sum, one) => sum + one.sent, 0);
  const count = batch.files.length;
  const what = count === 1 ? batch.files[0].name : `${count.toLocaleString("en")} files`;
  /** @type {Record<string, string>} */
  const lines = {
    looking: batch.note, queued: `Next: ${what}`, sending: `Sending ${what}`, paused: `Paused: ${what}`, reading: `Reading ${what}…`,
  };
  const [line, bar, detail] = part.children;
  line.textContent = lines[batch.state];
  if (batch.state === "sending" || batch.state === "paused") /** @type {HTMLProgressElement} */ (bar).value = total === 0 ? 0 : sent / total;
  else bar.removeAttribute("value");
  detail.textContent = detailOf(batch, sent, total);
  if (aloud) speak(`${line.textContent} ${detail.textContent}`, SPEAK_MS);
}

/**
 * @param {Batch} batch
 * @param {number} sent
 * @param {number} total
 */
function detailOf(batch, sent, total) {
  if (batch.state === "paused") return `${amount(sent, total)} are kept for a day`;
  if (batch.state !== "sending") return "";
  const rate = speed(batch.marks, performance.now(), sent);
  return batch.note || `${amount(sent, total)}${pace(batch.marks, rate, total - sent)}${more(batch)}`;
}

/** @param {Batch} batch */
function more({ files }) {
  const done = files.filter((one) => one.done).length;
  return files.length > 1 ? ` · ${done.toLocaleString("en")} of ${files.length.toLocaleString("en")} files` : "";
}

/**
 * @param {string} text
 * @param {number} [every]
 */
function speak(text, every = 0) {
  const place = document.querySelector("[data-upload-live]");
  if (place === null || performance.now() - spokenAt < every) return;
  spokenAt = performance.now();
  place.textContent = text;
}

/**
 * @template {keyof HTMLElementTagNameMap} Kind
 * @param {Kind} tag
 * @param {object} properties
 * @param {string} text
 */
function make(tag, properties, text) {
  return Object.assign(document.createElement(tag), properties, { textContent: text });
}

/**
 * @param {string} label
 * @param {() => void} act
 */
function button(label, act) {
  const made = make("button", { type: "button", className: "upload-button" }, label);
  made.addEventListener("click", act);
  return made;
}

/** @param {boolean} shown */
export function curtain(shown) {
  let cover = byId("upload-curtain");
  if (cover === null) {
    cover = make("div", { id: "upload-curtain", hidden: true }, "Drop to add it as a dataset");
    cover.setAttribute("aria-hidden", "true");
    document.body.append(cover);
  }
  cover.hidden = !shown;
}

/** Unfold the part of the page that shows the progress, when it is folded away. */
function reveal() {
  const place = one(document, "[data-upload-progress]");
  const fold = place && place.closest(".mantine-Accordion-item");
  const closed = fold && one(fold, '.mantine-Accordion-control[aria-expanded="false"]');
  if (closed) closed.click();
}

/** Show the batches from now on. */
export const listen = () => tell({ draw, speak, reveal });
