/**
 * What lies over the points and hides them: the pictures, which register here.  Names and marks keep clear of it.
 */

/** Nothing lies there until somebody says so. */
export const cover = {
  place: (gd, shown) => undefined,
  at: (x, y) => -1,
  boxOf: (row) => null,
  boxes: () => [],
  side: () => 0,
};

/**
 * Have something lie over the points.
 * @param {Cover} layer
 */
export const coverWith = (layer) => Object.assign(cover, layer);
