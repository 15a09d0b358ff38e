/**
 * What the map marks of a row in focus: its true neighbours, asked once, and how long they took to come.
 */
import { fetched, runUrl } from "../shell/server.mjs";
import { loadPoints } from "./points.mjs";
import { onMap, stats } from "./state.mjs";

/** @typedef {{row: number, similarity: number, far_on_map: boolean}} Answered */
/** @typedef {{row: number, neighbors: Answered[], only_on_map: {row: number}[], map_dims: number, edges?: Edge[]}} Answer the server's */

const KEPT_ANSWERS = 50;
const asked = new Map();

/**
 * @param {string} run
 * @param {Answer} answer
 * @returns {Marks} what the map marks of an answer: true neighbours, which are far on it, and who is near on it alone; a node's edges
 */
function marksOf(run, { row, neighbors: found, only_on_map: strangers, edges }) {
  const near = found.map((n) => ({ row: n.row, similarity: n.similarity, far: n.far_on_map }));
  const links = edges ? { edges: edges.map((edge) => ({ row: edge.row, way: edge.way })) } : {};
  return { run, row, neighbors: near, strangers: strangers.map((n) => n.row), ...links };
}

/**
 * @param {Place & {run: string}} place
 * @returns {Promise<Marks|null>} the rows nearest to a place's row, kept for the last places
 */
export async function askNeighbors({ run, row, k, metric, arrangement }) {
  const dims = arrangement === "3d" ? 3 : 2;
  const by = metric === "map" ? "" : `&metric=${metric}`;
  const url = runUrl(run, `neighbors/${row}?k=${k}&apart=true${by}${dims === 3 ? "&dims=3" : ""}`);
  if (!asked.has(url)) {
    const coming = fetched(url).then((answer) => answer.json());
    coming.catch(() => asked.delete(url));
    asked.set(url, coming);
    if (asked.size > KEPT_ANSWERS) asked.delete(asked.keys().next().value);
  }
  // What does not exist is said by the inspector; the map then marks nothing.
  const answer = await asked.get(url).catch(() => null);
  if (answer && answer.map_dims !== dims) asked.delete(url); // the 3-D map is not there yet
  return answer && marksOf(run, answer);
}

/**
 * The place's neighbours, for the store that the map draws from.
 * @param {Place|null} place
 * @param {View|null} view
 */
export async function neighbors(place, view) {
  if (!place || !view || place.run !== view.run || place.row === null) return null;
  const points = await loadPoints(place.run).catch(() => null);
  return points && place.row < points.n ? askNeighbors({ ...place, run: view.run }) : null;
}

/**
 * Note the time from the last click to its neighbours on screen.
 * @param {Marks|null} marks
 */
export function painted(marks) {
  stats.focus = marks ? marks.row : null;
  stats.neighbors = marks ? marks.neighbors.map((near) => near.row) : [];
  stats.far = marks ? marks.neighbors.filter((near) => near.far).map((near) => near.row) : [];
  if (!onMap.clickedAt || !marks || !marks.neighbors.length || marks.row !== onMap.clickedRow) return;
  const since = onMap.clickedAt;
  onMap.clickedAt = null;
  requestAnimationFrame(() => (stats.clickToPaintMs = performance.now() - since));
}
