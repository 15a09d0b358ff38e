/*
 * What is done before anything is painted and before Dash starts: the one script that is no module, since those run when the page has been read.
 */

/* Light or dark, and which panels are folded, so that nothing flashes; theme.mjs has all that comes later. */
(function () {
  "use strict";
  /** What the browser keeps under a name; null without a storage, or with something else in it. */
  function kept(name) {
    try {
      return JSON.parse(window.localStorage.getItem(name));
    } catch {
      return null;
    }
  }
  const choice = kept("theme-choice");
  const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.setAttribute("data-mantine-color-scheme", ["light", "dark"].includes(choice) ? choice : system);
  const narrow = window.matchMedia("(width <= 1100px)").matches;
  const shown = new URLSearchParams(window.location.search).has("run");
  const folded = kept("folded-panels") || {};
  document.documentElement.dataset.side = narrow || shown ? "closed" : "open";
  document.documentElement.dataset.inspector = narrow || folded.inspector ? "closed" : "open";
})();

/*
 * Only steps that concern the page's components are told to them.  Whatever Dash does it does in small steps – 1,300 while the page opens, 180
 * when a point is chosen – and after each of them every one of the page's 430 components asks whether it is concerned: half of what the page's
 * processor does.  Most steps but keep books on callbacks and change no component; those of a moment are told together, in a task of their own.
 *
 * Dash puts its store into `dash_stores` when itself has subscribed and before its components do.
 */
(function () {
  "use strict";
  const channel = new MessageChannel();
  let waiting = [];
  channel.port1.onmessage = () => {
    const due = waiting;
    waiting = [];
    for (const tell of due) tell();
  };
  function same(one, other) {
    const names = Object.keys(one);
    return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
  }
  /** Says of the steps of a store whether they change a component, one after the other; of every step where that cannot be known. */
  function concerning(store) {
    let layout = null;
    let hashes = {};
    return () => {
      const now = store.getState();
      const does = !now.layoutHashes || now.layout !== layout || !same(now.layoutHashes, hashes);
      layout = now.layout;
      hashes = now.layoutHashes;
      return does;
    };
  }
  function told(store, subscribe) {
    return (listener) => {
      const concerns = concerning(store);
      let due = false;
      let listens = true;
      const tell = () => {
        if (due && listens) {
          due = false;
          listener();
        }
      };
      const unsubscribe = subscribe(() => {
        const waits = due;
        due = true;
        if (concerns()) {
          tell();
        } else if (!waits && waiting.push(tell) === 1) {
          channel.port2.postMessage(null);
        }
      });
      return () => {
        listens = false;
        unsubscribe();
      };
    };
  }
  const stores = [];
  stores.push = (store) => {
    store.subscribe = told(store, store.subscribe);
    return Array.prototype.push.call(stores, store);
  };
  window.dash_stores = stores;
})();
