/**
 * Which run follows which on the same map, so that the page stays as it is while the next one is opened.
 */

/** @type {{from: string|null, to: string|null}} */
const following = { from: null, to: null };

/**
 * @param {string} from
 * @param {string} to a run with other clusters on the map of the run *from*
 */
export const sameMap = (from, to) => Object.assign(following, { from, to });

/**
 * @param {string|null|undefined} from
 * @param {string|null} to
 * @returns {boolean} whether the one run is the other one with other clusters, on the way there or back
 */
export const follows = (from, to) =>
  Boolean(from && to) && ((following.from === from && following.to === to) || (following.from === to && following.to === from));
