/**
 * Whose a place on screen looks to be: what of which clusters somebody sees on a name, about it, about its bar, and
 * where its line goes.  A point under a picture is seen as that picture.  It places nothing.
 */
import { grown, overlap } from "./boxes.mjs";

/** How far, and at how many marks, one looks to say whose a name is, its bar, the end of its line. */
const LOOKED = { name: { reach: 40, most: 20 }, bar: { reach: 26, most: 6 }, foot: { reach: 14, most: 6 } };
const NEARER = [3, 7, 16];
const ENOUGH = 1.5;
const REGION = { about: 60, each: 0.2, strange: 0.12 };
const FALLS = 8;
const STEP = 14;
const ON_LINE = 4;
const STRETCH = 40;
const LEAST = 1;
/** @typedef {{own: number, others: number}} Share */
/** @typedef {Share & {on: Share}} Seen what is nearest to a box, the farther the less, and what is on it */

/**
 * @param {Box} box
 * @param {number} left
 * @param {number} top
 * @param {number} right
 * @param {number} bottom
 * @returns {number} how far a box is from another; 0 where they meet
 */
function apart(box, left, top, right, bottom) {
  const dx = Math.max(0, box.left - right, left - box.right);
  const dy = Math.max(0, box.top - bottom, top - box.bottom);
  return Math.sqrt(dx * dx + dy * dy);
}

/**
 * @param {number} x
 * @param {number} y
 * @returns {Box}
 */
export const dot = (x, y) => ({ left: x, right: x, top: y, bottom: y });

/**
 * @param {number[]} places along a line
 * @returns {number} the most of them in a stretch
 */
function closest(places) {
  places.sort((a, b) => a - b);
  let [most, from] = [0, 0];
  places.forEach((place, at) => {
    while (place - places[from] > STRETCH) from++;
    most = Math.max(most, at - from + 1);
  });
  return most;
}

/** Counts marks by how far away they are: own ones and others. */
class Nearest {
  /** @param {{reach: number, most: number}} looked how far and at how many marks one looks */
  constructor({ reach, most }) {
    this.reach = reach;
    this.most = most;
    this.sides = [0, 1].map(() => new Float64Array(Math.ceil(reach) + 1));
  }

  clear() {
    this.sides.forEach((side) => side.fill(0));
  }

  /**
   * @param {number} away
   * @param {number} side 0 for one of its own, 1 for another's
   * @param {number} weight
   */
  add(away, side, weight) {
    if (away <= this.reach) this.sides[side][Math.ceil(away)] += weight;
  }

  /**
   * @param {number} reach
   * @returns {boolean} whether there are enough marks so near
   */
  isFull(reach) {
    const [own, others] = this.sides;
    for (let away = 0, left = this.most; away <= reach; away++) if ((left -= own[away] + others[away]) <= 0) return true;
    return false;
  }

  /** @returns {Seen} the nearest marks of each side, the farther ones counting less */
  seen() {
    const [mine, theirs] = this.sides;
    let [own, others, left] = [0, 0, this.most];
    for (let away = 0; away < mine.length && left > 0; away++) {
      const all = mine[away] + theirs[away];
      if (!all) continue;
      const weight = Math.min(1, left / all) / (1 + away / FALLS);
      own += mine[away] * weight;
      others += theirs[away] * weight;
      left -= all;
    }
    return { own, others, on: { own: mine[0], others: theirs[0] } };
  }
}

/** Watches the points and the pictures of a view. */
export class Watching {
  /**
   * @param {Crowd} crowd
   * @param {{each: (box: Box, visit: (at: number) => void) => void}} cells
   * @param {Lying[]} pictures the later ones lie over the earlier
   * @param {Box} view what is to be seen: a name in it is judged by nothing else
   * @param {(left: number, top: number, right: number, bottom: number) => number} count how many points a box covers
   */
  constructor(crowd, cells, pictures, view, count) {
    this.count = count;
    this.view = view;
    this.crowd = crowd;
    this.nearest = { name: new Nearest(LOOKED.name), bar: new Nearest(LOOKED.bar), foot: new Nearest(LOOKED.foot) };
    this.cells = cells;
    /** which picture lies over a point, from 1 on; 0 for none */
    this.under = new Int32Array(crowd.n);
    pictures.forEach((box, i) => cells.each(box, (at) => (this.under[at] = i + 1)));
    const weight = new Int32Array(pictures.length + 1);
    this.under.forEach((picture, at) => {
      const [x, y] = [crowd.x[at], crowd.y[at]];
      if (picture && x >= view.left && x <= view.right && y >= view.top && y <= view.bottom) weight[picture]++;
    });
    this.pictures = pictures.map((picture, i) => ({ ...picture, weight: Math.max(LEAST, weight[i + 1]) }));
  }

  /**
   * @param {Box} box
   * @returns {Box} what is seen of a box, unless nothing is
   */
  seen(box) {
    const { left, right, top, bottom } = this.view;
    if (!overlap(box, this.view)) return box;
    return {
      left: Math.max(left, box.left),
      right: Math.min(right, box.right),
      top: Math.max(top, box.top),
      bottom: Math.min(bottom, box.bottom),
    };
  }

  /**
   * @param {Box} box
   * @param {"name"|"bar"|"foot"} part what of a name it is
   * @param {number[]} clusters
   * @returns {Seen} what is to be seen of some clusters, and of others, on a box and near it; what is in none is nobody's
   */
  near(box, part, clusters) {
    const nearest = this.nearest[part];
    for (const reach of NEARER) {
      const { left, top, right, bottom } = grown(box, reach);
      if (this.count(left, top, right, bottom) < ENOUGH * nearest.most) continue;
      this.look(nearest, box, clusters, reach);
      if (nearest.isFull(reach)) return nearest.seen();
    }
    this.look(nearest, box, clusters, nearest.reach);
    return nearest.seen();
  }

  /**
   * Count what lies on a box and up to a distance about it.
   * @param {Nearest} nearest
   * @param {Box} box
   * @param {number[]} clusters
   * @param {number} reach
   */
  look(nearest, box, clusters, reach) {
    const { x, y, label } = this.crowd;
    nearest.clear();
    this.cells.each(this.seen(grown(box, reach)), (at) => {
      if (label[at] < 0 || this.under[at]) return;
      nearest.add(apart(box, x[at], y[at], x[at], y[at]), clusters.includes(label[at]) ? 0 : 1, 1);
    });
    for (const { left, top, right, bottom, label: whose, weight } of this.pictures) {
      if (whose >= 0) nearest.add(apart(box, left, top, right, bottom), clusters.includes(whose) ? 0 : 1, weight);
    }
  }

  /**
   * @param {Box} box
   * @param {number[]} clusters
   * @returns {boolean} whether a box lies amid several clusters of its own, and next to no other
   */
  isAmid(box, clusters) {
    /** @type {Map<number, number>} */
    const counts = new Map();
    let others = 0;
    const { x, y, label } = this.crowd;
    this.cells.each(grown(box, REGION.about), (at) => {
      if (apart(box, x[at], y[at], x[at], y[at]) > REGION.about) return;
      if (clusters.includes(label[at])) counts.set(label[at], (counts.get(label[at]) || 0) + 1);
      else if (label[at] >= 0) others++;
    });
    const most = Math.max(...counts.values());
    const amid = [...counts.values()].filter((count) => count >= Math.max(2, REGION.each * most));
    return amid.length > 1 && others <= REGION.strange * amid.reduce((sum, count) => sum + count, 0);
  }

  /**
   * @param {Leader} leader
   * @param {number[]} clusters
   * @returns {{all: number, most: number}} how many points of other clusters lie on a line, and the most of one of them in a stretch of it
   */
  passed({ foot: [x, y], end: [x2, y2] }, clusters) {
    const { label, x: xs, y: ys } = this.crowd;
    const [dx, dy] = [x2 - x, y2 - y];
    const length = Math.hypot(dx, dy);
    const steps = Math.max(1, Math.ceil(length / STEP));
    /** @type {Map<number, number[]>} */
    const places = new Map();
    /** @type {Set<number>} */
    const met = new Set();
    for (let step = 0; step < steps; step++) {
      const share = (step + 0.5) / steps;
      this.cells.each(grown(dot(x + share * dx, y + share * dy), length / steps / 2 + ON_LINE), (at) => {
        if (label[at] < 0 || this.under[at] || met.has(at) || clusters.includes(label[at])) return;
        const along = ((xs[at] - x) * dx + (ys[at] - y) * dy) / length;
        const off = Math.abs((xs[at] - x) * dy - (ys[at] - y) * dx) / length;
        if (off > ON_LINE || along < 0 || along > length) return;
        met.add(at);
        const known = places.get(label[at]);
        if (known) known.push(along);
        else places.set(label[at], [along]);
      });
    }
    const most = Math.max(0, ...[...places.values()].map(closest));
    return { all: met.size, most };
  }

  /**
   * @param {Leader} leader
   * @param {number[]} clusters
   * @returns {number} how much of a line is seen: up to its point or, where that is under its own picture, up to that
   */
  lengthOf({ foot: [x, y], end: [x2, y2] }, clusters) {
    const over = this.pictures.findLast((one) => x >= one.left && x <= one.right && y >= one.top && y <= one.bottom);
    const { left, top, right, bottom } = over && clusters.includes(over.label) ? over : dot(x, y);
    return apart(dot(x2, y2), left, top, right, bottom);
  }
}
