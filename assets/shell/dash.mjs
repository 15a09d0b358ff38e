/**
 * What the page's modules ask of Dash: to put values into its stores and fields, and what it is calling for.
 */

/**
 * @param {string} id
 * @param {Record<string, unknown>} props
 */
export const setProps = (id, props) => window.dash_clientside.set_props(id, props);

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
