/**
 * What is on the map now, shared by those who draw it, ask about it and lie on it.  It does nothing.
 */

const NOTHING = { sequence: 0, base: "", recent: [], chosen: null, range: null };

/** @type {OnMap} nothing is there before the first run: who may be asked that early looks whether there are points */
export const onMap = /** @type {any} */ (NOTHING);

/** @type {Record<string, any>} for tests and for the curious: what is drawn, what it cost, what is marked */
export const stats = { points: 0, total: 0, inView: 0, complete: true, webgl: true, fetchBytes: 0 };
Object.assign(stats, { clickToPaintMs: null, draws: 0, lit: null });
