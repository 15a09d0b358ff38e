/** Small things that several tests need: points, views, a page that is not there. */
import { placed } from "../../assets/map/grid.mjs";

/** @returns {object} points at the given places; all of cluster 0 unless labels say otherwise */
export function pointsAt(places, labels = places.map(() => 0)) {
  const [x, y] = [0, 1].map((axis) => Float32Array.from(places, (place) => place[axis]));
  const side = (values) => {
    const there = [...values].filter((value) => !Number.isNaN(value));
    return [Math.min(...there), Math.max(...there)];
  };
  return placed({ n: places.length, label: Int32Array.from(labels), bytes: 0 }, { x, y, bounds: { x: side(x), y: side(y) } });
}

/** @returns {function} numbers from 0 to 1 that look drawn by lot, the same every time */
export function lots(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** @returns {number[][]} places drawn by lot in a square of side 1 */
export function scattered(n, seed = 1) {
  const draw = lots(seed);
  return Array.from({ length: n }, () => [draw(), draw()]);
}

/**
 * Have a page whose address changes as a browser's does.
 * @returns {{put: [string, object][], went: string[]}} what its stores were given, and where it went: = for an entry in place of the last
 */
export function pageAt(search) {
  const [put, went, items] = [[], [], new Map()];
  const location = { pathname: "/", search };
  const to = (sign) => (_state, _title, url) => {
    location.search = url.slice(url.indexOf("/") + 1);
    went.push(sign + location.search);
  };
  globalThis.document ??= { getElementById: () => null, querySelectorAll: () => [] };
  const storage = {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, text) => items.set(name, text),
    removeItem: (name) => items.delete(name),
  };
  globalThis.window = {
    location,
    history: { pushState: to(""), replaceState: to("=") },
    dispatchEvent: ({ type }) => put.push(["url", { type, search: location.search }]),
    sessionStorage: storage,
    localStorage: storage,
    dash_clientside: { set_props: (id, props) => put.push([id, props]), no_update: "no update" },
  };
  return { put, went };
}

/** Have words be measured as if every letter were as wide. */
export function measureWords(perLetter = 7) {
  const pen = { measureText: (words) => ({ width: perLetter * words.length }) };
  globalThis.document = { createElement: () => ({ getContext: () => pen }) };
}
