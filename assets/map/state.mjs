/**
 * What is on the map now, shared by those who draw it, ask about it and lie on it.  It does nothing.
 */
export const onMap = { sequence: 0, base: "", recent: [], given: {}, chosen: null, range: null };

/** For tests and for the curious: what is drawn, what it cost, what is marked. */
export const stats = { points: 0, total: 0, inView: 0, complete: true, webgl: true, fetchBytes: 0, clickToPaintMs: null, draws: 0, lit: null };
