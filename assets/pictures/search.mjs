/**
 * The search box: a picture dropped, chosen or pasted is sent as it is; the hits go into the store.
 * Words are searched by an ordinary callback.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const clientside = (window.dash_clientside = window.dash_clientside || {});
  const EXCERPT = 280;

  const zoneOf = (event) => (event.target.closest ? event.target.closest("#search-zone") : null);
  const pictureIn = (files) => Array.from(files || []).find((file) => file.type.startsWith("image/"));
  const short = (hit) => (hit.text ? { ...hit, text: hit.text.slice(0, EXCERPT) } : hit);

  /** Search with a picture. */
  async function searchPicture(file) {
    const { view } = explorer.map;
    if (!view) return;
    const zone = document.getElementById("search-zone");
    zone.classList.add("searching");
    clientside.set_props("inspector-tabs", { value: "search" });
    try {
      const answer = await explorer.fetched(explorer.runUrl(view.run, "search/image"), { method: "POST", body: file });
      const found = await answer.json();
      explorer.set("hits", { ...found, run: view.run, query: file.name || "a picture", hits: found.hits.map(short) });
    } catch (error) {
      explorer.notify(error.message);
    } finally {
      zone.classList.remove("searching");
    }
  }

  /** Let the user choose a picture. */
  function choose() {
    const input = Object.assign(document.createElement("input"), { type: "file", accept: "image/*" });
    input.addEventListener("change", () => input.files[0] && searchPicture(input.files[0]));
    input.click();
  }

  function drop(event) {
    const zone = zoneOf(event);
    if (!zone) return;
    event.preventDefault();
    event.stopPropagation();
    zone.classList.remove("over");
    const picture = pictureIn(event.dataTransfer.files);
    if (picture) searchPicture(picture);
    else explorer.notify("that is not a picture; drop one picture here, or type words. Data goes to “Add data”.");
  }

  function over(event) {
    const zone = zoneOf(event);
    if (!zone) return;
    event.preventDefault();
    event.stopPropagation();
    zone.classList.add("over");
  }

  document.addEventListener("dragover", over, true);
  document.addEventListener("drop", drop, true);
  document.addEventListener("dragleave", (event) => zoneOf(event) && zoneOf(event).classList.remove("over"), true);
  document.addEventListener("click", (event) => event.target.closest("#search-image") && choose());
  document.addEventListener("paste", (event) => {
    const picture = zoneOf(event) && pictureIn(event.clipboardData.files);
    if (!picture) return;
    event.preventDefault();
    searchPicture(picture);
  });

  clientside.explorer_search = {
    /** Leave the search. */
    clear: () => [null, ""],
    /** The box works when there is a map; the button to clear it shows when there are hits. */
    ready: (view, hits) => [!view, `search-zone${view ? "" : " off"}${hits ? " has-hits" : ""}`],
  };
})();
