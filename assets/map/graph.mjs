/**
 * Plotly's element on the page, and whether this browser can draw in it.
 */

/** @returns {Promise<Graph>} plotly's element, once plotly has loaded and the empty figure stands */
export async function graph() {
  for (;;) {
    const element = /** @type {Graph} */ (document.querySelector("#map .js-plotly-plot"));
    if (element && element._fullLayout && window.Plotly) return element;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** @returns {boolean} whether this browser draws with WebGL, without which plotly's points do not show */
export function hasWebgl() {
  const pen = document.createElement("canvas").getContext("webgl");
  const losing = pen && pen.getExtension("WEBGL_lose_context");
  if (losing) losing.loseContext();
  return Boolean(pen);
}
