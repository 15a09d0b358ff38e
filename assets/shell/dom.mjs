/**
 * Elements of the page: found, made, and which of them an event is on.  It knows none of them by name.
 */
const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} id
 * @returns {HTMLElement} the element; null where the page has none yet, which is asked by those who may come that early
 */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * @param {string} id
 * @returns {HTMLCanvasElement} the canvas; null where the page has none yet
 */
export const canvasById = (id) => /** @type {HTMLCanvasElement} */ (document.getElementById(id));

/**
 * @param {string} id
 * @returns {HTMLInputElement} the field; null where the page has none yet
 */
export const fieldById = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id));

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement} the first that is selected; null for none, which is asked by those who do not know
 */
export const one = (root, selector) => /** @type {HTMLElement} */ (root.querySelector(selector));

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement[]} all that are selected
 */
export const every = (root, selector) => /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);

/**
 * @param {HTMLCanvasElement} [canvas] one that is not on the page, for measuring, where none is given
 * @param {CanvasRenderingContext2DSettings} [settings]
 * @returns {CanvasRenderingContext2D} its pen
 */
export const penOf = (canvas = document.createElement("canvas"), settings = undefined) =>
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", settings));

/**
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement|null} the element that an event is on, or the nearest around it, of those that are selected
 */
export function closest({ target }, selector) {
  return target instanceof Element ? target.closest(selector) : null;
}

/**
 * @template {keyof HTMLElementTagNameMap} Kind
 * @param {Kind} kind
 * @param {string} className
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Kind]} a new element with a class and plain text
 */
export function make(kind, className, text) {
  const made = document.createElement(kind);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const TAIL = [10, 24];

/**
 * @param {string} name
 * @returns {HTMLElement} a name that is cut in its middle where there is no room: ends tell names apart
 */
export function named(name) {
  const whole = make("span", "cut-name");
  const [least, most] = TAIL;
  const blank = name.lastIndexOf(" ", name.length - least - 1);
  const cut = blank >= name.length - most ? blank + 1 : name.length - least;
  const from = name.length > most ? cut : 0;
  whole.append(make("span", "cut-head", name.slice(0, from)), make("span", "cut-tail", name.slice(from)));
  return whole;
}

/**
 * @param {string} kind
 * @param {Record<string, string|number>} [attributes]
 * @param {(Node|string)[]} [children]
 * @returns {SVGElement} a new element of a picture
 */
export function drawn(kind, attributes = {}, children = []) {
  const made = document.createElementNS(SVG, kind);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, String(value)));
  made.append(...children);
  return made;
}

/**
 * @param {string} className
 * @param {string} words
 * @param {() => void} press
 * @returns {HTMLButtonElement} a button that does something
 */
export function buttonOf(className, words, press) {
  const button = make("button", className, words);
  button.type = "button";
  button.addEventListener("click", press);
  return button;
}

/**
 * Have a button work or not.  One that has the focus keeps it, and is only said not to work: who is at the keys would else be
 * nowhere on the page.
 * @param {Element} button
 * @param {boolean} works
 */
export function enable(button, works) {
  button.toggleAttribute("disabled", !works && button !== document.activeElement);
  button.setAttribute("aria-disabled", String(!works));
}
