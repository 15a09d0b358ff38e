/**
 * The dialog that saves a picture of the map: format, size, title, what is in it, on which ground.
 * It makes no picture; picture.mjs does.
 */
import { isNamed } from "../map/names.mjs";
import { onMap } from "../map/state.mjs";
import { notify } from "../shell/dash.mjs";
import { byId, closest, one } from "../shell/dom.mjs";
import { sentenceOf } from "../shell/server.mjs";
import { fileName } from "./facts.mjs";
import { toPng, toSvg } from "./picture.mjs";

const LEAST = 200;
const MOST = 8000;
const VIEW = "view";
const OWN = "own";
const SIZES = [
  [VIEW, "As large as on screen"],
  ["1600x1000", "1,600 × 1,000"],
  ["3200x2000", "3,200 × 2,000"],
  ["3508x2480", "A4 landscape, 300 dpi"],
  [OWN, "Other"],
];
const GROUNDS = [
  ["shown", "As on screen"],
  ["light", "Light"],
  ["dark", "Dark"],
  ["transparent", "Transparent"],
];
/** @type {{box: HTMLDialogElement|null, run: string|null}} */
const state = { box: null, run: null };

/**
 * @template {keyof HTMLElementTagNameMap} Kind
 * @param {Kind} kind
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node|string)} children
 * @returns {HTMLElementTagNameMap[Kind]} a new element with properties and children
 */
function make(kind, properties = {}, ...children) {
  const made = Object.assign(document.createElement(kind), properties);
  made.append(...children);
  return made;
}

/**
 * @param {string} caption
 * @param {HTMLElement} field
 * @param {string} [className]
 * @returns {HTMLElement} a field under its caption
 */
const labelled = (caption, field, className = "") => make("label", { className }, make("span", { textContent: caption }), field);

/**
 * @param {string} name
 * @param {string[][]} options
 * @param {string} value
 * @returns {HTMLElement} a choice of some values
 */
function choice(name, options, value) {
  const made = make("select", { name }, ...options.map(([key, words]) => make("option", { value: key, textContent: words })));
  return Object.assign(made, { value });
}

/**
 * @param {string} type
 * @param {string} name
 * @param {string} words
 * @param {Record<string, unknown>} [properties]
 * @returns {HTMLElement} a box to tick, or a button of a group
 */
function tick(type, name, words, properties = {}) {
  return make("label", { className: "save-tick" }, make("input", { type, name, checked: true, ...properties }), words);
}

/**
 * @param {string} name
 * @param {string} words
 */
const pixels = (name, words) => {
  const field = make("input", { name, inputMode: "numeric", autocomplete: "off", size: 6 });
  field.setAttribute("aria-label", `${words} in pixels`);
  return field;
};

/** @returns {HTMLElement[]} the fields, from top to bottom */
function fields() {
  const format = make("fieldset", {}, make("legend", { textContent: "Format" }));
  format.append(tick("radio", "format", "PNG, for slides", { value: "png" }));
  format.append(tick("radio", "format", "SVG, to edit and print", { value: "svg", checked: false }));
  const size = make("div", { className: "save-size" }, labelled("Size", choice("size", SIZES, "1600x1000")));
  size.append(make("div", { className: "save-pixels" }, pixels("width", "Width"), "×", pixels("height", "Height"), "pixels"));
  const title = labelled("Title", make("input", { name: "title", autocomplete: "off", maxLength: 200 }));
  const parts = make("div", { className: "save-parts" }, tick("checkbox", "legend", "Legend"));
  parts.append(tick("checkbox", "names", "Cluster names"));
  return [format, size, title, parts, labelled("Background", choice("background", GROUNDS, "shown"))];
}

/** @returns {HTMLDialogElement} the dialog, made once */
function built() {
  const box = make("dialog", { id: "save-dialog", className: "save-dialog" });
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-labelledby", "save-heading");
  const wrong = make("p", { className: "save-wrong", id: "save-wrong" });
  wrong.setAttribute("role", "alert");
  const leave = make("button", { type: "button", className: "ghost", textContent: "Cancel" });
  const go = make("button", { type: "submit", className: "button save-go", textContent: "Save" });
  const form = make("form", { method: "dialog", noValidate: true }, make("h2", { id: "save-heading", textContent: "Save picture" }));
  form.append(...fields(), wrong, make("div", { className: "buttons" }, leave, go));
  leave.addEventListener("click", () => box.close());
  form.addEventListener("submit", submit);
  form.addEventListener("input", ({ target }) => follow(form, /** @type {HTMLInputElement} */ (target).name));
  box.append(form);
  document.body.append(box);
  return box;
}

/**
 * @param {string} value
 * @returns {number[]} the pixels of a choice of size
 */
function pixelsOf(value) {
  const holder = byId("map-holder");
  if (value === VIEW) return [holder.clientWidth, holder.clientHeight];
  return value.split("x").map(Number);
}

/**
 * A choice of size fills the numbers; numbers of one's own are "Other".
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function follow(form, name) {
  const { size, width, height } = fieldsOf(form);
  if (name === "width" || name === "height") size.value = OWN;
  else if (size.value !== OWN) [width.value, height.value] = pixelsOf(size.value).map(String);
  byId("save-wrong").textContent = "";
}

/**
 * @param {string} words
 * @returns {number|null} the pixels that words say; null when they are none, too few or too many
 */
function wholeOf(words) {
  const number = /^\s*\d[\d,\s]*$/.test(words) ? Number(words.replace(/[,\s]/g, "")) : NaN;
  return number >= LEAST && number <= MOST ? number : null;
}

/**
 * @param {HTMLFormElement} form
 * @returns {Record<string, HTMLInputElement>} its fields by their names
 */
const fieldsOf = (form) => /** @type {any} */ (form.elements);

/**
 * @param {HTMLFormElement} form
 * @returns {Saving} what is wished for; throws a sentence for a size that cannot be
 */
function wishOf(form) {
  const elements = fieldsOf(form);
  const [width, height] = ["width", "height"].map((name) => {
    const number = wholeOf(elements[name].value);
    if (number !== null) return number;
    const given = elements[name].value.trim() || "nothing";
    throw new Error(`The ${name} is ${given}; it must be a whole number of pixels from ${LEAST} to 8,000.`);
  });
  const shown = onMap.shown.theme;
  const background = elements.background.value;
  const theme = background === "light" || background === "dark" ? background : shown;
  const [legend, names] = [elements.legend.checked, elements.names.checked];
  return { width, height, title: elements.title.value.trim(), legend, names, background, theme };
}


/**
 * Hand a file over.
 * @param {Blob} blob
 * @param {string} name
 */
function download(blob, name) {
  const address = URL.createObjectURL(blob);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/**
 * Make the picture and hand it over, or say what is wrong.
 * @param {SubmitEvent} event
 */
async function submit(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = /** @type {HTMLButtonElement} */ (one(form, ".save-go"));
  const wrong = byId("save-wrong");
  if (button.disabled) return;
  wrong.textContent = "";
  Object.assign(button, { disabled: true, textContent: "Painting…" });
  try {
    const wish = wishOf(form);
    const format = fieldsOf(form).format.value;
    const paint = format === "svg" ? toSvg : toPng;
    await new Promise((done) => setTimeout(done, 30)); // so that the button says so before the work begins
    download(await paint(wish), fileName(onMap.view.name, format));
    if (state.box) state.box.close();
  } catch (error) {
    wrong.textContent = sentenceOf(error);
  } finally {
    Object.assign(button, { disabled: false, textContent: "Save" });
  }
}

/** Open the dialog; for another run its title begins anew. */
function open() {
  const { view, shades, shown } = onMap;
  if (!view || !shades) {
    notify("There is no map to save yet; open a run first.", "info");
    return;
  }
  state.box = state.box || built();
  const form = /** @type {HTMLFormElement} */ (one(state.box, "form"));
  if (state.run !== view.run) fieldsOf(form).title.value = view.name;
  state.run = view.run;
  one(form, "label:has([name=names])").hidden = !isNamed(shown);
  follow(form, "size");
  state.box.showModal();
}

/** Listen to the button that opens it. */
export function listen() {
  document.addEventListener("click", (event) => {
    if (closest(event, "#map-save")) open();
  });
}
