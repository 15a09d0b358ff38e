/**
 * Small pictures of rows, fetched in sheets of many and kept; which rows have one, and how well they stand for others.
 * It asks for what is wanted now and nothing else, and stops asking for what no longer is.
 */
import { columnsOf, fetched, runUrl } from "../shell/server.mjs";

const SIDES = [32, 64, 96, 160];
const COLUMNS = 8;
const LANES = 2;
const SMALL = 32;
const ROWS = { small: 256, large: 64 };
const MOST_PIXELS = 24e6;
const HEADER = 8;
/** @typedef {{image: ImageBitmap, used: number, keys: string[]}} Sheet many small pictures in one */
/** @typedef {{sheet: Sheet, image: ImageBitmap, left: number, top: number, side: number}} Sprite one in its sheet */
/** @typedef {{run: string, side: number, rows: Set<number>, stop: () => void}} Flight a sheet that was asked for */
/** @typedef {{run: string, rows: number[], side: number, arrived: () => void, failed: Set<number>}} Wanted */

/** @type {Map<string, Sprite>} */
const kept = new Map();
/** @type {Set<Sheet>} */
const sheets = new Set();
/** @type {Set<string>} */
const gone = new Set();
/** @type {Set<Flight>} */
const flights = new Set();
export const stats = { requests: 0, rows: 0, bytes: 0 };
/** @type {Wanted|null} */
let wish = null;
let clock = 0;
/**
 * @param {string|null} run
 * @param {number} row
 */
const keyOf = (run, row) => `${run}/${row}`;

/**
 * Read the binary layout that GET /runs/{key}/pictures documents.
 * @param {ArrayBuffer} buffer
 */
function decode(buffer) {
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  if (magic !== "EEW1") throw new Error("the list of pictures has an unknown layout; reload the page.");
  return new Uint8Array(buffer, HEADER, new Uint32Array(buffer, 4, 1)[0]);
}

/** @returns {Promise<Uint8Array>} per row 0 without a picture, else how well it stands for its cluster, to 255 */
export const worth = columnsOf("pictures", decode);

/**
 * @param {number} pixels
 * @returns {number} the side to ask for, for pictures so many pixels wide on the screen itself
 */
export const sideFor = (pixels) => SIDES.find((side) => side >= 0.95 * pixels) || SIDES[SIDES.length - 1];

/**
 * @param {string|null} run
 * @param {number} row
 * @returns {Sprite|undefined} where a row's picture is: image, left, top, side
 */
export function of(run, row) {
  const found = kept.get(keyOf(run, row));
  if (found) found.sheet.used = ++clock;
  return found;
}

/** @returns {number[]} the next rows to ask for: wanted, not here, not on their way */
function missing() {
  if (!wish) return [];
  const { run, rows, side, failed } = wish;
  const most = side <= SMALL ? ROWS.small : ROWS.large;
  const found = [];
  for (const row of rows) {
    const key = keyOf(run, row);
    const here = kept.get(key);
    if (gone.has(key) || failed.has(row) || (here && here.side >= side)) continue;
    if ([...flights].some((flight) => flight.run === run && flight.side >= side && flight.rows.has(row))) continue;
    if (found.push(row) === most) break;
  }
  return found;
}

/** Let go of the sheets that were not shown for longest. */
function sweep() {
  const pixels = () => [...sheets].reduce((sum, { image }) => sum + image.width * image.height, 0);
  while (sheets.size > 1 && pixels() > MOST_PIXELS) {
    const oldest = [...sheets].reduce((a, b) => (a.used < b.used ? a : b));
    sheets.delete(oldest);
    oldest.image.close();
    oldest.keys.filter((key) => kept.get(key)?.sheet === oldest).forEach((key) => kept.delete(key));
  }
}

/**
 * Keep a sheet that has come.
 * @param {Response} answer
 * @param {Flight} flight
 */
async function keep(answer, { run, side, rows }) {
  const without = new Set((answer.headers.get("Rows-Without-Picture") || "").split(",").filter(Boolean).map(Number));
  const body = await answer.blob();
  stats.bytes += body.size;
  const image = await createImageBitmap(body);
  /** @type {Sheet} */
  const sheet = { image, used: ++clock, keys: [] };
  [...rows].forEach((row, i) => {
    const key = keyOf(run, row);
    if (without.has(row)) return gone.add(key);
    sheet.keys.push(key);
    return kept.set(key, { sheet, image, left: (i % COLUMNS) * side, top: Math.floor(i / COLUMNS) * side, side });
  });
  sheets.add(sheet);
  sweep();
}

/**
 * Ask for a sheet, then for the next.
 * @param {number[]} rows
 */
async function fly(rows) {
  if (!wish) return;
  const { run, side, failed, arrived } = wish;
  const aborter = new AbortController();
  const flight = { run, side, rows: new Set(rows), stop: () => aborter.abort() };
  flights.add(flight);
  Object.assign(stats, { requests: stats.requests + 1, rows: stats.rows + rows.length });
  try {
    const url = runUrl(run, `sprites?side=${side}&rows=${rows.join()}`);
    await keep(await fetched(url, { signal: aborter.signal }), flight);
  } catch {
    rows.forEach((row) => failed.add(row)); // until the next wish; the points are there meanwhile
  }
  flights.delete(flight);
  arrived();
  launch();
}

function launch() {
  while (wish && flights.size < LANES) {
    const rows = missing();
    if (!rows.length) return;
    fly(rows);
  }
}

/**
 * Want the pictures of some rows, the first ones first; *arrived()* is called whenever some have come.
 * @param {string} run
 * @param {number[]} rows
 * @param {number} side
 * @param {() => void} arrived
 */
export function want(run, rows, side, arrived) {
  wish = { run, rows, side, arrived, failed: new Set() };
  const wanted = new Set(rows);
  flights.forEach((flight) => {
    if (flight.run !== run || ![...flight.rows].some((row) => wanted.has(row))) flight.stop();
  });
  launch();
}

/** Want nothing any more. */
export function rest() {
  wish = null;
  flights.forEach((flight) => flight.stop());
}

/** @returns {boolean} whether something is on its way */
export const isWaiting = () => flights.size > 0;
