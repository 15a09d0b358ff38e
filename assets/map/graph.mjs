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

/**
 * Have plotly draw in as many pixels as the screen has; call it before each drawing.
 *
 * By itself it draws two by two for each that a plain screen shows.  And it sets the size of its canvases with every
 * drawing, for which a browser makes their memory anew even where it is the same: what was drawn there plotly wipes
 * itself.  Source: a map of 1,050 × 795 drawn by the processor, milliseconds a drawing: 280 for sizes alone, none now.
 * @param {Graph} gd
 */
export function asTheScreen(gd) {
  gd._context.plotGlPixelRatio = Math.min(Math.max(window.devicePixelRatio, 1), 2);
  for (const canvas of gd.querySelectorAll("canvas.gl-canvas")) {
    canvas.setAttribute = (name, value) => {
      if (canvas.getAttribute(name) !== String(value)) Element.prototype.setAttribute.call(canvas, name, value);
    };
  }
}
