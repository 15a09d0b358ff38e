/**
 * What the page's modules ask of Dash: to put values into its stores and fields, and what it is calling for.
 */

/** Properties that no callback listens to: they may be left alone whenever they are what they are to be. */
const UNHEARD = ["className", "hidden", "disabled", "opened", "placeholder"];

/**
 * @param {DashOutput} output
 * @param {unknown} value
 * @returns {boolean} whether the page has *value* there already: nothing where nothing was, or a look that stays
 */
function isThere({ id, property }, value) {
  const [name] = property.split("@"); // what several functions may set has a mark of each behind its name
  const now = window.dash_component_api?.getLayout(id)?.props?.[name];
  return value === null || value === undefined ? now === null || now === undefined : UNHEARD.includes(name) && now === value;
}

/**
 * Set properties of one of Dash's components; not those that are there already, see `sparing`.
 * @param {string} id
 * @param {Record<string, unknown>} props
 */
export function setProps(id, props) {
  const changed = Object.entries(props).filter(([property, value]) => !isThere({ id, property }, value));
  if (changed.length) window.dash_clientside.set_props(id, Object.fromEntries(changed));
}

/**
 * @param {string} id
 * @returns {any} what a store holds
 */
export const storeOf = (id) => window.dash_component_api?.getLayout(id)?.props?.data;

/**
 * Put a value into a store.
 * @param {string} id
 * @param {unknown} data
 */
export const setStore = (id, data) => setProps(id, { data });

/**
 * Show an error, or with kind "info" a message.
 * @param {string} text
 * @param {string} [kind]
 */
export const notify = (text, kind = "error") => setStore("notice", { kind, text });

/** @returns {unknown} what a clientside function returns for an output that stays as it is */
export const noUpdate = () => window.dash_clientside.no_update;

/** @returns {string|undefined} whose change Dash is calling for; to be asked before the first await, after which it is gone */
export const triggeredBy = () => window.dash_clientside.callback_context.triggered_id;

/**
 * @param {DashOutput|DashOutput[]|undefined} outputs
 * @param {unknown} values what a clientside function returns for them
 * @returns {unknown} the same, without what is there already
 */
function changed(outputs, values) {
  if (!outputs || values === noUpdate()) return values;
  if (!Array.isArray(outputs)) return isThere(outputs, values) ? noUpdate() : values;
  return Array.isArray(values) ? values.map((value, at) => changed(outputs[at], value)) : values;
}

/**
 * Have the functions that Dash calls set nothing that is there already: each setting has every component of the page
 * look whether it is meant, and nothing that was nothing calls the server for all that follows from it.
 * @template {Record<string, (...args: any[]) => unknown>} Functions
 * @param {Functions} functions
 * @returns {Functions}
 */
export function sparing(functions) {
  const spared = Object.entries(functions).map(([name, called]) => [
    name,
    (/** @type {unknown[]} */ ...args) => {
      const { outputs_list: outputs } = window.dash_clientside.callback_context;
      const values = called(...args);
      return values instanceof Promise ? values.then((late) => changed(outputs, late)) : changed(outputs, values);
    },
  ]);
  return Object.fromEntries(spared);
}
