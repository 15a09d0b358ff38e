/**
 * Places names beside their points: a pure function of points on screen, names, and what else lies there.
 * A name stands on or beside its own points, or a line ties it to one of them; it covers few points, and no other name.
 */
import { barOf, cross, edgeOf, grown, leaderOf, overlap, passes } from "./boxes.mjs";
import { counting, feetOf, ownOf, sorted, veiling } from "./crowd.mjs";
import { Watching, dot } from "./whose.mjs";

const SEEN = 8;
const TIED = 11;
const RINGS = [
  [2, 9, 18, 30, 46, 66, 90, 125],
  [150, 172, 196],
];
const ON = -1;
const NOWHERE = [[0, 0]];
const DIRECTIONS = Array.from({ length: 16 }, (_, turn) => [Math.cos((turn * Math.PI) / 8), Math.sin((turn * Math.PI) / 8)]);
const GAP = 3;
const IN_THE_WAY = 3;
const MOST_TRIES = 36;
const FAR_NUMBER = 70;
const COVERED = 0.048;
const EDGE = 4;
const STRANGE = 45;
const PASSED = 4;
const THROUGH = { together: 3, all: 6 };
const SURE = 1.3;
const OFF_MIDDLE = { tied: 0.45, beside: 0.25 };
const CLEAR = 0.1;
const STRAY = 25;
const VEIL = 0.5;
const ANOTHER_LINE = 4;
/** @typedef {{name: Wanted, format: Format, foot: Foot, cost: number, tied: boolean, box: Box}} Best the best place so far */
/** @typedef {{quick: number, box: Box}} Place a place, and what is quickly said against it */
/** @typedef {{name: Wanted, seen: number[], all: number[]}} Waiting a name and its points: those in view, and all */

/** Finds places for names, one after the other; what was placed stays. */
class Placing {
  /** @param {Placement} given */
  constructor({ crowd, names, view, taken, pictures, dot }) {
    this.crowd = crowd;
    this.view = view;
    this.taken = taken;
    this.count = counting(crowd);
    this.veiled = pictures.length ? veiling(pictures, crowd.region) : () => 0;
    this.cells = sorted(crowd);
    this.watching = new Watching(crowd, this.cells, pictures, view, this.count);
    this.own = ownOf(crowd, names);
    const { left, top, right, bottom } = view;
    this.seen = this.count(left, top, right, bottom);
    this.room = COVERED * this.seen;
    this.each = Math.max(0.4, this.room / Math.max(1, names.length));
    this.dot = dot;
    /** @type {Map<number[], Foot[]>} */
    this.known = new Map();
    /** @type {Map<Foot, boolean>} */
    this.firm = new Map();
    /** @type {Map<string, Waiting>} */
    this.moving = new Map();
    this.tries = 0;
    /** @type {Settled[]} */
    this.settled = [];
    /** @type {Leader[]} */
    this.leaders = [];
  }

  /**
   * @param {number} i
   * @returns {number[]} the points of a name that are in view and under no button; none where they are but a few of its
   */
  inView(i) {
    const { x, y } = this.crowd;
    /** @param {Box} box */
    const within = ({ left, right, top, bottom }) => {
      return (/** @type {number} */ at) => x[at] > left && x[at] < right && y[at] > top && y[at] < bottom;
    };
    const [seen, hidden] = [within(this.view), this.taken.map(within)];
    const there = this.own[i].filter(seen);
    if (there.length < Math.min(3, 0.25 * this.own[i].length)) return [];
    return there.filter((at) => !hidden.some((under) => under(at)));
  }

  /**
   * @param {number[]} own
   * @param {Wanted} name
   * @returns {Foot[]} where a name of some points may stand, found once
   */
  feet(own, name) {
    const known = this.known.get(own) || feetOf(this.crowd, own, this.cells, name);
    this.known.set(own, known);
    return known;
  }

  /**
   * @param {Box} box
   * @returns {boolean} whether no other name, no line and none of the map's buttons is in the way of a name
   */
  isFree(box) {
    for (const other of this.taken) if (overlap(box, other, GAP)) return false;
    for (const { box: other } of this.settled) if (overlap(box, other, GAP)) return false;
    for (const leader of this.leaders) if (passes(leader, box)) return false;
    return true;
  }

  /**
   * @param {Leader} leader
   * @param {number[]} clusters
   * @returns {boolean} whether a line is long enough to be seen, passes through no name, under no button and over no
   *   picture of others, and crosses no other line
   */
  isClear(leader, clusters) {
    for (const { box } of this.settled) if (passes(leader, box)) return false;
    for (const other of this.leaders) if (cross(leader, other)) return false;
    for (const box of this.taken) if (passes(leader, box)) return false;
    const { pictures } = this.watching;
    for (const picture of pictures) if (passes(leader, picture) && !clusters.includes(picture.label)) return false;
    return this.watching.lengthOf(leader, clusters) >= SEEN;
  }

  /**
   * @param {Box} box
   * @param {Foot} foot
   * @param {Wanted} name
   * @returns {boolean} whether a line may tie a name to a point
   */
  mayTie(box, foot, { clusters, numeral }) {
    return this.isFirm(foot, clusters) && this.isClear(leaderOf(box, foot, numeral), clusters);
  }

  /**
   * @param {Foot} foot
   * @param {number[]} clusters
   * @returns {boolean} whether a line may end at a point: what is about it is of its clusters; found once
   */
  isFirm(foot, clusters) {
    const known = this.firm.get(foot);
    if (known !== undefined) return known;
    const { own, others } = this.watching.near(dot(foot.x, foot.y), "foot", clusters);
    const firm = own >= others;
    this.firm.set(foot, firm);
    return firm;
  }

  /**
   * @param {Wanted} name
   * @param {Foot} foot
   * @param {number} away
   * @param {Box} box
   * @returns {{more: number, tied: boolean}|null} what else speaks against a place, and whether it needs a line; null: it is not free
   */
  judged(name, foot, away, box) {
    if (!this.isFree(box)) return null;
    const { clusters } = name;
    if (away > TIED && !name.broad && !this.mayTie(box, foot, name)) return null;
    const { own, others, on } = this.watching.near(box, "name", clusters);
    if (name.broad) {
      return !this.isOverPictures(box) && others <= own && this.watching.isAmid(box, clusters) ? { more: 0, tied: false } : null;
    }
    const more = (OFF_MIDDLE.tied - OFF_MIDDLE.beside) * foot.away;
    if (on.others > Math.max(2, on.own)) return null;
    const bar = this.watching.near(name.numeral ? box : barOf(box, foot), "bar", clusters);
    const astray = SURE * others > own || SURE * bar.others > bar.own;
    const tied = away > TIED || own === 0 || astray;
    if (!tied) return { more: 0, tied };
    if (away <= TIED && !this.mayTie(box, foot, name)) return null;
    const leader = leaderOf(box, foot, name.numeral);
    const { all, most } = this.watching.passed(leader, clusters);
    if (most >= THROUGH.together || all >= THROUGH.all) return null;
    return { more: more + (astray ? STRANGE : 0) + PASSED * all, tied };
  }

  /**
   * @param {Box} box
   * @returns {boolean} whether more of a name lies over pictures than the width of their edge
   */
  isOverPictures({ left, top, right, bottom }) {
    return this.veiled(left, top, right, bottom) > CLEAR * (right - left) * (bottom - top);
  }

  /**
   * @param {Best} best
   * @param {number} base
   * @param {number} left
   * @param {number} top
   * @returns {Place|null} a place of a name with what is quickly said against it; null where that is enough
   */
  quick({ format, cost }, base, left, top) {
    const [right, bottom] = [left + format.width, top + format.height];
    const wider = this.dot / 3;
    const covered = this.count(left - wider, top - wider, right + wider, bottom + wider);
    const quick = base + (40 * covered) / this.each + VEIL * this.veiled(left, top, right, bottom);
    if (quick >= cost || this.count(left, top, right, bottom) > this.room) return null;
    return { quick, box: { left, top, right, bottom } };
  }

  /**
   * @param {Best} best
   * @param {Box} within
   * @param {number} ring
   * @param {number} base
   * @returns {Place[]} the places of a ring about a point, the best first
   */
  placesOn(best, within, ring, base) {
    const { foot, format } = best;
    const { width, height } = format;
    const { view } = this;
    const beside = within === this.crowd.region;
    /** @type {Place[]} */
    const places = [];
    for (const [cos, sin] of ring === ON ? NOWHERE : DIRECTIONS) {
      const reach = Math.min(width / 2 / Math.max(1e-6, Math.abs(cos)), height / 2 / Math.max(1e-6, Math.abs(sin))) + ring;
      const [left, top] = [foot.x - width / 2 + (cos && cos * reach), foot.y - height / 2 + (sin && sin * reach)];
      if (left < within.left || left + width > within.right || top < within.top || top + height > within.bottom) continue;
      if (beside && left < view.right && left + width > view.left && top < view.bottom && top + height > view.top) continue;
      const place = this.quick(best, base, left, top);
      if (place) places.push(place);
    }
    return places.sort((a, b) => a.quick - b.quick);
  }

  /**
   * Look at the places about a point: on it, and in rings, the name's edge as far away as they say.
   * @param {Best} best
   * @param {Box} within
   * @param {number[]} rings
   */
  around(best, within, rings) {
    const { format, foot, name } = best;
    const off = name.broad ? OFF_MIDDLE.tied : OFF_MIDDLE.beside;
    const base = off * foot.away + STRAY * (1 - foot.amid) + ANOTHER_LINE * (format.lines.length - 1);
    for (const ring of rings) {
      const away = Math.max(0, ring);
      if (base + away >= best.cost || (name.numeral && away > FAR_NUMBER)) return;
      if (away > TIED && !name.broad && !this.isFirm(foot, name.clusters)) return;
      for (const { quick, box } of this.placesOn(best, within, ring, base + away)) {
        if (quick >= best.cost) break;
        const judged = this.judged(name, foot, away, box);
        if (judged && quick + judged.more < best.cost) Object.assign(best, { box, cost: quick + judged.more, tied: judged.tied });
      }
    }
  }

  /**
   * @param {Wanted} name
   * @param {number[]} own
   * @param {Box} within
   * @param {number[]} rings
   * @param {Format[]} [formats]
   * @returns {Settled|null} the best place for a name
   */
  find(name, own, within, rings, formats = name.formats) {
    /** @type {Settled|null} */
    let found = null;
    let cost = Infinity;
    for (const foot of this.feet(own, name)) {
      for (const format of formats) {
        const best = { name, format, foot, cost, tied: false, box: within };
        this.around(best, within, rings);
        if (best.cost < cost) found = { name, box: best.box, foot, lines: format.lines, size: format.size, tied: best.tied };
        cost = best.cost;
      }
    }
    return found;
  }

  /**
   * Have a name stand where it stood, if that is still right.
   * @param {Wanted} name
   * @param {Settled|undefined} stood
   * @param {Box} within
   * @returns {boolean} whether it does
   */
  stay(name, stood, within) {
    if (!stood || !name.ways.some(({ lines, size }) => size === stood.size && lines.join() === stood.lines.join())) return false;
    const { box, foot, tied } = stood;
    const { left, top, right, bottom } = box;
    if (left < within.left || top < within.top || right > within.right || bottom > within.bottom) return false;
    if (this.count(left, top, right, bottom) > this.room || this.isOverPictures(box)) return false;
    const [x, y] = edgeOf(box, foot);
    const away = Math.hypot(x - foot.x, y - foot.y);
    const judged = this.judged(name, foot, tied ? Math.max(away, TIED + 1) : Math.min(away, TIED), box);
    if (judged) this.keep({ ...stood, name, tied: judged.tied });
    return judged !== null;
  }

  /**
   * @param {Wanted} name
   * @param {number[]} own
   * @param {Box} within
   * @param {number[]} rings
   * @param {Format[]} [formats]
   * @returns {boolean} whether the name has found a place
   */
  settle(name, own, within, rings, formats = name.formats) {
    const found = this.find(name, own, within, rings, formats);
    if (found) this.keep(found);
    return found !== null;
  }

  /**
   * @param {Box} box
   * @returns {number} how many points in view a name covers, exactly: what cells add would use up the room for others
   */
  hidden({ left, top, right, bottom }) {
    if (!overlap({ left, top, right, bottom }, this.view)) return 0;
    let all = 0;
    this.cells.each({ left, top, right, bottom }, () => all++);
    return all;
  }

  /** @param {Settled} found */
  keep(found) {
    this.settled.push(found);
    if (found.tied) this.leaders.push(leaderOf(found.box, found.foot, found.name.numeral));
    this.room = Math.max(0, this.room - this.hidden(found.box));
  }

  /** @param {Settled} settled */
  drop(settled) {
    this.settled.splice(this.settled.indexOf(settled), 1);
    this.leaders = this.settled.filter(({ tied }) => tied).map(({ box, foot, name }) => leaderOf(box, foot, name.numeral));
    this.room += this.hidden(settled.box);
  }

  /**
   * @param {Waiting} one
   * @returns {Settled[]} the names that stand nearest to where another wants to
   */
  inTheWay({ name, seen }) {
    const [foot] = this.feet(seen, name);
    /** @param {Settled} other */
    const away = ({ box }) => Math.hypot(...edgeOf(box, foot).map((value, axis) => value - (axis ? foot.y : foot.x)));
    const others = this.settled.filter((other) => !other.name.broad && this.moving.has(other.name.key));
    return others.sort((a, b) => away(a) - away(b)).slice(0, IN_THE_WAY);
  }

  /**
   * Make room for a name by having another one stand elsewhere.
   * @param {Waiting} one
   * @param {Box} within
   * @returns {boolean} whether both have a place now
   */
  makeRoom(one, within) {
    return this.inTheWay(one).some((other) => {
      if (this.tries++ > MOST_TRIES) return false;
      this.drop(other);
      const found = this.find(one.name, one.seen, within, RINGS[0]);
      if (found) this.keep(found);
      const { seen } = /** @type {Waiting} */ (this.moving.get(other.name.key));
      const again = found && this.find(other.name, seen, within, [ON, ...RINGS[0]]);
      if (again) this.keep(again);
      else if (found) this.drop(found);
      if (!again) this.keep(other);
      return again !== null;
    });
  }
}

/**
 * Place names: those whose points are in view wholly in it, the others around it, for when the map is moved; broad ones
 * where not all that is in view has a name of its own.
 * @param {Placement} given `names`, the most important first; `pinned` are names that keep their place, those of `before`
 *   do where it is still right
 * @returns {Settled[]} the names that found room
 */
export function place(given) {
  const { names, view, pinned, before, crowd } = given;
  const placing = new Placing(given);
  pinned.forEach((one) => placing.keep(one));
  const inside = grown(view, -EDGE);
  const known = new Set(pinned.map(({ name }) => name.key));
  const all = names.map((name, i) => ({ name, seen: placing.inView(i), all: placing.own[i] }));
  const waiting = all.filter(({ name }) => !known.has(name.key));
  waiting.forEach((one) => placing.moving.set(one.name.key, one));
  /**
   * @param {boolean} broad
   * @param {boolean} seen
   * @param {(one: Waiting) => boolean} settle
   */
  const round = (broad, seen, settle) =>
    waiting.forEach((one) => {
      if (known.has(one.name.key) || Boolean(one.name.broad) !== broad || one.seen.length > 0 !== seen) return;
      if (settle(one)) known.add(one.name.key);
    });
  const stood = new Map(before.map((one) => [one.name.key, one]));
  round(false, true, ({ name }) => placing.stay(name, stood.get(name.key), inside));
  round(false, true, ({ name, seen }) => placing.settle(name, seen, inside, [ON, ...RINGS[0]]));
  round(false, true, ({ name, seen }) => placing.settle(name, seen, inside, RINGS[1]));
  round(false, true, ({ name, seen }) => placing.settle(name, seen, inside, [ON, ...RINGS[0]], name.tight));
  round(false, true, (one) => placing.makeRoom(one, inside));
  const isLacking = waiting.some(({ name, seen }) => !name.broad && seen.length > 0 && !known.has(name.key));
  round(true, true, ({ name }) => placing.stay(name, stood.get(name.key), inside));
  if (isLacking) {
    round(true, true, ({ name, seen }) => placing.settle(name, seen, inside, RINGS[0]));
  }
  placing.room = Infinity;
  round(false, false, ({ name, all: own }) => placing.settle(name, own, crowd.region, [ON, ...RINGS[0]]));
  return placing.settled;
}
