/**
 * What lies over the points and hides them: the pictures, which register here.  Names and marks keep clear of it.
 */

/** @type {Cover} nothing lies there until somebody says so */
export const cover = {
  place: () => undefined,
  at: () => -1,
  boxOf: () => null,
  boxes: () => [],
  side: () => 0,
};

/**
 * Have something lie over the points.
 * @param {Cover} layer
 */
export const coverWith = (layer) => Object.assign(cover, layer);
