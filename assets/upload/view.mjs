/**
 * Shows how far an upload is, what went wrong with it, and the curtain that says where a drop goes.
 * It sends nothing: it draws the batches, and its buttons call back to those who send them.
 */
import { byId, one } from "../shell/dom.mjs";
import { shownOf, tell } from "./batches.mjs";
import { cancel, close } from "./sending.mjs";

const SPEAK_MS = 2500;
const DRAW_MS = 80;
const RATE_WINDOW_MS = 4000;
/** @type {{batch: Batch|null, state: string}} */
let shown = { batch: null, state: "" };
let drawing = 0;
let spokenAt = 0;

function draw() {
  if (drawing === 0) drawing = setTimeout(drawNow, DRAW_MS);
}

function drawNow() {
  drawing = 0;
  const place = one(document, "[data-upload-progress]");
  if (place === null) return;
  const batch = shownOf();
  place.dataset.state = batch === undefined ? "idle" : batch.state;
  place.hidden = batch === undefined;
  if (batch === undefined) return place.replaceChildren();
  if (shown.batch !== batch || shown.state !== batch.state || place.childElementCount === 0) {
    place.replaceChildren(...(batch.state === "failed" ? failedParts(batch) : busyParts(batch)));
    shown = { batch, state: batch.state };
  }
  if (batch.state !== "failed") fill(place, batch);
}

/** @param {Batch} batch */
function busyParts(batch) {
  const bar = make("progress", { max: 1 }, "");
  bar.setAttribute("aria-label", "Upload");
  const stop = button("Cancel", () => cancel(batch));
  stop.dataset.testid = "upload-cancel";
  return [make("div", { className: "upload-line" }, ""), bar, make("div", { className: "upload-detail" }, ""), stop];
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
 * @param {HTMLElement} place
 * @param {Batch} batch
 */
function fill(place, batch) {
  const total = batch.files.reduce((sum, one) => sum + one.file.size, 0);
  const sent = batch.files.reduce((sum, one) => sum + one.sent, 0);
  const count = batch.files.length;
  const what = count === 1 ? batch.files[0].name : `${count.toLocaleString("en")} files`;
  /** @type {Record<string, string>} */
  const lines = { looking: batch.note, queued: `Next: ${what}`, sending: `Sending ${what}`, reading: `Reading ${what}…` };
  const [line, bar, detail] = place.children;
  line.textContent = lines[batch.state];
  if (batch.state === "sending") /** @type {HTMLProgressElement} */ (bar).value = total === 0 ? 0 : sent / total;
  else bar.removeAttribute("value");
  detail.textContent = batch.state === "sending" ? batch.note || `${amount(sent, total)}${rate(batch, sent)}${more(count, batch)}` : "";
  speak(`${line.textContent} ${detail.textContent}`, SPEAK_MS);
}

/**
 * @param {number} sent
 * @param {number} total
 */
function amount(sent, total) {
  const [unit, name, digits] = total < 1e6 ? [1e3, "KB", 0] : total < 1e9 ? [1e6, "MB", 1] : [1e9, "GB", 2];
  return `${(sent / unit).toFixed(digits)} of ${(total / unit).toFixed(digits)} ${name}`;
}

/**
 * @param {Batch} batch
 * @param {number} sent
 */
function rate(batch, sent) {
  const now = performance.now();
  batch.marks.push([now, sent]);
  while (batch.marks.length > 2 && now - batch.marks[0][0] > RATE_WINDOW_MS) batch.marks.shift();
  const [since, before] = batch.marks[0];
  const perSecond = (sent - before) / Math.max(now - since, 1) * 1000;
  return now - since > 300 && perSecond > 0 ? ` · ${(perSecond / 1e6).toFixed(1)} MB/s` : "";
}

/**
 * @param {number} count
 * @param {Batch} batch
 */
function more(count, batch) {
  const done = batch.files.filter((one) => one.done).length;
  return count > 1 ? ` · ${done.toLocaleString("en")} of ${count.toLocaleString("en")} files` : "";
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
