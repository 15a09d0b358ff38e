/**
 * The one module that the page loads.  It starts Dash once everything is there that Dash calls.
 */
document.addEventListener("DOMContentLoaded", () => new window.DashRenderer());
