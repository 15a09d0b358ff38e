/**
 * Which names the map shows and where: those of the clusters, over them a few broad ones, finer ones when near; numbers
 * where it is narrow.  It draws nothing.  While the map is moved every name keeps its place beside its point.
 */
import { overlap } from "./boxes.mjs";
import { cover } from "./cover.mjs";
import { crowdOf } from "./crowd.mjs";
import { place } from "./placing.mjs";
import { stats } from "./state.mjs";
import { NUMBER_SIZE, formatsOf, numberFormats, tightFormatsOf, widthOf } from "./wording.mjs";

const NEAREST_ZOOM = 3;
const AIR = 1.12;
const BESIDE = 0.6;
const NARROW = 480;
const FEWEST_NAMES = 16;
const PX_A_NAME = { words: 4200, number: 1500 };
const MOST_BROAD = 8;
const BROADER = 2.5;
const FEWEST_UNDER = 8;
const TRUE = 0.65; // as MOSTLY_TRUE of the server
const FULL = 0.25;
const DOT_PX = 6;
const CROWDED = 30;
const ALIKE = 0.6;
const SIZES_KEPT = 7;
/** @typedef {Pick<Shown, "view"|"focus"|"points">} Naming what is to be named */
/** @typedef {{taken?: Box[], moving?: boolean, measure?: (words: string, size: number) => number, room?: Size}} Around
 *   what else lies there; *room* is the size of the map as far as the choice of names goes, which no panel beside it changes */
/**
 * @typedef {object} Layout the names on screen
 * @property {string} key for what they were placed
 * @property {string} of which names there are, of whatever size the map is
 * @property {string} at in which view
 * @property {number} scale at which they were last placed without regard to where they stood
 * @property {number} level
 * @property {Settled[]} settled
 * @property {Set<string>} chosen which names it may have while the map is no larger than *largest*
 * @property {Size} largest
 * @property {Size} size of the map
 * @property {Map<string, {settled: Settled[], perY: number}>} rested the names at each size that it had, and how near it was
 */

/** @type {Layout} */
const NONE = { key: "", of: "", at: "", scale: 0, level: 0, settled: [], chosen: new Set(), largest: { width: 0, height: 0 }, size: { width: 0, height: 0 }, rested: new Map() };
let last = NONE;

/**
 * @param {Points} points
 * @param {Frame} frame
 * @returns {number} how near the map is: 0 when all of it is in view, 1 at twice that size, and so on
 */
function zoomOf({ bounds }, { perY, width, height }) {
  const [across, up] = [bounds.x, bounds.y].map(([low, high]) => (high - low || 1) * AIR);
  return Math.log2(perY / Math.min(width / across, height / up));
}

/**
 * @param {Points} points
 * @param {Frame} frame
 * @param {Size} room
 * @returns {number} the same for a map of another size: 0, too, where all is in view of the smaller map that a panel has left
 */
function zoomFor(points, frame, room) {
  const zoom = zoomOf(points, { ...frame, ...room });
  return zoom > 0 ? zoom : Math.min(0, zoomOf(points, frame));
}

/** @param {Size} size */
export const isNarrow = ({ width }) => width < NARROW;

/**
 * @param {View} view
 * @returns {number} the level of the clusters themselves: the finest that is no finer than they are
 */
function clusterLevel({ levels, clusters }) {
  return Math.max(0, levels.filter((groups) => groups.length <= clusters.length).length - 1);
}

/**
 * @param {View} view
 * @param {number} zoom
 * @param {Size} size
 * @returns {number} the level for a zoom: at the whole map the clusters, or the finest broader ones for which there is
 *   room; then finer with each step
 */
function levelFor(view, zoom, size) {
  const each = isNarrow(size) ? PX_A_NAME.number : PX_A_NAME.words;
  const room = Math.max(FEWEST_NAMES, (size.width * size.height) / each);
  const few = view.levels.filter((groups) => groups.length <= room).length;
  const far = Math.min(Math.max(0, few - 1), clusterLevel(view));
  const lastLevel = view.levels.length - 1;
  const step = Math.min(1.5, Math.max(0.7, NEAREST_ZOOM / Math.max(1, lastLevel - far)));
  return Math.min(lastLevel, Math.max(0, far + Math.round(zoom / step)));
}

/**
 * @param {View} view
 * @param {number} level
 * @param {number} zoom
 * @returns {Group[]} the broader groups named over those of a level: as fine as leaves about eight of them
 *   in view; none where names are few
 */
function broadOver({ levels }, level, zoom) {
  const share = Math.min(1, 4 ** -zoom);
  /** @param {Group[]} groups */
  const fits = (groups) => groups.length * BROADER <= levels[level].length && groups.length * share <= MOST_BROAD;
  if (levels[level].length < FEWEST_UNDER) return [];
  const over = levels.slice(0, level).reverse().find(fits);
  const fine = new Set(levels[level].map((group) => group.clusters.join()));
  return (over || []).filter((group) => isTrue(group) && (group.clusters.length > 1 || !fine.has(group.clusters.join())));
}

/**
 * @param {Group} group
 * @returns {boolean} whether a name is true of most of what it joins, as far as that is known
 */
const isTrue = ({ true_of: share }) => share === undefined || share === null || share >= TRUE;

/**
 * @param {View} view
 * @param {number} level
 * @returns {Group[]} what is named at a level: its groups, or the clusters of one whose name is not true of them all
 */
function groupsOf({ levels, clusters }, level) {
  return levels[level].flatMap((group) => {
    const parts = isTrue(group) ? [] : clusters.filter(({ cluster }) => group.clusters.includes(cluster));
    return parts.length ? parts.map((part) => ({ ...part, clusters: [part.cluster] })) : [group];
  });
}

/**
 * @param {View} view
 * @param {number[]} focus
 * @returns {Group|undefined} the cluster, or the group of them, that is in focus
 */
function focusedGroup({ levels, clusters }, focus) {
  if (focus.length === 1) {
    const focused = clusters.find((cluster) => cluster.cluster === focus[0]);
    return focused && { ...focused, clusters: focus, reach: 0 };
  }
  return focus.length ? levels.flat().find((group) => group.clusters.join() === focus.join()) : undefined;
}

/**
 * @param {Points} points
 * @param {Group} group
 * @returns {{x: number, y: number}|null} where a group has its middle: on the map where the server says, else where the
 *   arrangement does
 */
function anchorOf(points, group) {
  if (points.anchor) return points.anchor(group);
  const { x, y } = group;
  return x === null || x === undefined || y === null || y === undefined ? null : { x, y };
}

/**
 * @param {string[]} names
 * @returns {(phrase: string) => boolean} whether only one of the names begins with a phrase
 */
function aloneAmong(names) {
  /** @type {Map<string, number>} */
  const times = new Map();
  names.forEach((name) => {
    const phrase = name.split(", ")[0].toLowerCase();
    times.set(phrase, (times.get(phrase) || 0) + 1);
  });
  return (phrase) => times.get(phrase.toLowerCase()) === 1;
}

/**
 * @param {Naming} naming
 * @param {number} level
 * @param {Frame} frame
 * @param {{measure: (words: string, size: number) => number, room: Size}} by
 * @returns {Wanted[]} the names of a level and the broader ones, the most important first: what is in focus, then by size
 */
function wantedOf({ view, focus, points }, level, frame, { measure, room }) {
  const narrow = isNarrow(frame);
  const numbered = groupsOf(view, level).map((group, number) => ({ group, number, broad: false }));
  const own = focusedGroup(view, focus);
  const others = numbered.filter(({ group }) => !own || group.name !== own.name);
  const mine = own ? [{ group: own, number: numbered.findIndex(({ group }) => group.name === own.name), broad: false }] : [];
  const broad = narrow ? [] : broadOver(view, level, zoomFor(points, frame, room)).map((group) => ({ group, number: 0, broad: true }));
  const growth = numbered.length > CROWDED ? 1.2 : 2.5;
  const isAlone = aloneAmong(numbered.map(({ group }) => group.name));
  const biggest = numbered.reduce((most, { group }) => Math.max(most, group.size), 1);
  const wanted = [...mine, ...[...others, ...broad].sort((a, b) => b.group.size - a.group.size)].flatMap((one) => {
    const { group } = one;
    const anchor = anchorOf(points, group);
    if (!anchor) return [];
    const [x, y] = frame.px(anchor.x, anchor.y);
    const size = narrow ? NUMBER_SIZE : one.broad ? 17 : 11 + growth * Math.sqrt(group.size / biggest);
    const numeral = narrow && one.number >= 0;
    const formats = numeral ? numberFormats(String(one.number + 1), measure) : formatsOf(group.name, size, measure);
    const tight = numeral || one.broad ? [] : tightFormatsOf(group.name, isAlone, measure);
    const key = `${one.broad ? "broad" : "fine"} ${group.clusters.join()} ${group.name}`;
    return [{ key, x, y, size, formats, tight, ways: [...formats, ...tight], numeral, broad: one.broad, clusters: group.clusters, name: group.name }];
  });
  return narrow ? wanted : thinned(wanted, frame, room);
}

/** @param {Format[]} formats */
const areaOf = (formats) => formats.reduce((least, { width, height }) => Math.min(least, width * height), Infinity);

/**
 * @param {Wanted[]} wanted the most important first
 * @param {Frame} frame
 * @param {Size} room
 * @returns {Wanted[]} the names, those of small clusters set tightly where all at their full length would fill the map
 */
function thinned(wanted, { width, height }, room) {
  const fine = wanted.filter(({ broad, x, y }) => !broad && x >= 0 && y >= 0 && x <= width && y <= height);
  let left = FULL * room.width * room.height - fine.reduce((sum, { tight }) => sum + areaOf(tight), 0);
  const tight = new Set();
  fine.forEach((one) => {
    const more = areaOf(one.formats) - areaOf(one.tight);
    if (more > left) tight.add(one);
    else left -= more;
  });
  return wanted.map((one) => (tight.has(one) ? { ...one, formats: one.tight } : one));
}

/**
 * @param {Frame} frame
 * @returns {{view: Box, region: Box}} the view in pixels, and what lies about it
 */
function extentsOf({ width, height }) {
  const view = { left: 0, top: 0, right: width, bottom: height };
  const [dx, dy] = [BESIDE * width, BESIDE * height];
  return { view, region: { left: -dx, top: -dy, right: width + dx, bottom: height + dy } };
}

/**
 * @param {Naming} shown
 * @param {Frame} frame
 * @param {number} level
 * @param {Around} around
 * @param {{pinned?: Settled[], before?: Settled[], chosen?: Set<string>|null}} known *chosen*: no others
 * @returns {Settled[]} the names of a view and a little around it
 */
function layOut(shown, frame, level, { taken = [], measure = widthOf, room = frame }, { pinned = [], before = [], chosen = null } = {}) {
  const { view, region } = extentsOf(frame);
  const names = wantedOf(shown, level, frame, { measure, room }).filter(({ key }) => chosen === null || chosen.has(key));
  const crowd = crowdOf(shown.points, frame, region);
  const pictures = cover.boxes().map((box) => ({ ...box, label: shown.points.label[box.row] }));
  return place({ crowd, names, view, taken, pictures, dot: DOT_PX, pinned, before });
}

/**
 * @param {Settled[]} settled
 * @param {Points} points
 * @param {Frame} frame
 * @returns {Settled[]} the same names where their points are now
 */
function moved(settled, points, frame) {
  return settled.map((one) => {
    const [x, y] = frame.px(points.x[one.foot.row], points.y[one.foot.row]);
    const [dx, dy] = [x - one.foot.x, y - one.foot.y];
    const { left, right, top, bottom } = one.box;
    const box = { left: left + dx, right: right + dx, top: top + dy, bottom: bottom + dy };
    return { ...one, box, foot: { ...one.foot, x, y } };
  });
}

/**
 * @param {Settled[]} settled
 * @returns {Settled[]} the names that do not lie on one before them, as they may while the map is zoomed
 */
function apart(settled) {
  /** @type {Settled[]} */
  const kept = [];
  settled.forEach((one) => kept.some((other) => overlap(one.box, other.box)) || kept.push(one));
  return kept;
}

/**
 * @param {Settled} one
 * @param {Frame} frame
 * @param {Box[]} taken
 * @returns {boolean} whether a name is wholly seen, and so keeps its place
 */
function isSeen({ box, foot }, { width, height }, taken) {
  const inside = box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;
  const footed = foot.x >= 0 && foot.y >= 0 && foot.x <= width && foot.y <= height;
  const point = { left: foot.x, right: foot.x, top: foot.y, bottom: foot.y };
  return inside && footed && !taken.some((other) => overlap(box, other) || overlap(point, other));
}

/** @returns {string} which pictures lie over the points, and how large they are */
const coverKey = () => [Math.round(cover.side()), ...cover.boxes().map(({ row }) => row)].join(".");

/** @param {Size} size */
const sizeKey = ({ width, height }) => `${width} ${height}`;

/**
 * @param {number} scale
 * @param {number} other
 * @returns {boolean} whether a map is about as near as another one
 */
const isAlike = (scale, other) => Math.abs(Math.log2(scale / other)) < ALIKE;

/**
 * @param {Size} size
 * @param {number} perY
 * @returns {Settled[]} the names as they stood when the map had this size last, so that a panel that is shut again leaves none in
 *   the poorer place that it had beside the panel; else as they stand now
 */
function settledAt(size, perY) {
  const known = last.rested.get(sizeKey(size));
  return known && isAlike(perY, known.perY) ? known.settled : last.settled;
}

/**
 * @param {Naming} shown
 * @param {Frame} frame
 * @param {Around} around
 * @returns {Layout} the names on screen; at rest placed anew where the scale has changed, or, where the map
 *   was moved, beside those that stay.  Where it has another size, as when a panel opens, names prefer where they stood
 *   at that size, and none comes before there is more room than there was; then all are placed anew.
 */
function onScreen(shown, frame, around) {
  const { view, focus, points } = shown;
  const { taken = [], moving = false, room = frame } = around;
  if (moving) return last.key.startsWith(`${view.run}|${points.arrangement || ""}|`) ? last : NONE;
  const level = levelFor(view, zoomFor(points, frame, room), isNarrow(frame) ? frame : room);
  const of = [view.run, points.arrangement || "", view.cut ?? "", points.version || "", points.taken ? points.taken.length : 0, level]
    .concat(String(isNarrow(frame)), view.levels[level].map(({ name }) => name).join())
    .join("|");
  const key = [of, focus.join(), frame.perY.toPrecision(6), frame.width, frame.height, coverKey()].join("|");
  const at = [...frame.map(0, 0), ...taken.flatMap((box) => Object.values(box).map(Math.round))].join();
  if (key === last.key && at === last.at) return last;
  const size = { width: frame.width, height: frame.height };
  const sized = size.width !== last.size.width || size.height !== last.size.height;
  const alike = of === last.of && (sized || isAlike(frame.perY, last.scale));
  const smaller = alike && sized && size.width <= last.largest.width && size.height <= last.largest.height;
  const from = !sized ? last.settled : smaller ? settledAt(size, frame.perY) : []; // in more room than ever: as if it had been so at first
  const stood = alike ? moved(from, points, frame).filter((one) => isSeen(one, frame, taken)) : [];
  const began = performance.now();
  const known = key === last.key ? { pinned: stood } : { before: stood, chosen: smaller ? last.chosen : null };
  const settled = layOut(shown, frame, level, around, known);
  stats.namesMs = performance.now() - began;
  const chosen = new Set([...(smaller || key === last.key ? last.chosen : []), ...settled.map(({ name }) => name.key)]);
  const scale = alike ? last.scale : frame.perY;
  const rested = new Map(of === last.of ? [...last.rested].slice(-SIZES_KEPT) : []).set(sizeKey(size), { settled, perY: frame.perY });
  return { key, of, at, level, settled, scale, chosen, size, rested, largest: smaller || key === last.key ? last.largest : size };
}

/**
 * @param {Settled[]} settled
 * @param {number} level
 * @param {Points & {depth?: Float32Array}} points
 * @param {Frame} frame
 * @returns {Name[]} the names that are at least in part in view
 */
function inView(settled, level, { depth }, frame) {
  const { view } = extentsOf(frame);
  return settled
    .filter(({ box }) => overlap(box, view))
    .map(({ name, box, foot, lines, size, tied }) => ({
      ...box,
      ...{ lines, words: lines.join(" "), size, level, name: name.name, clusters: name.clusters },
      ...{ broad: name.broad, numeral: name.numeral, foot: { x: foot.x, y: foot.y, row: foot.row }, tied },
      ...(depth ? { depth: depth[foot.row] } : {}),
    }));
}

/**
 * @param {Naming} shown
 * @returns {boolean} whether there is anything to name, and room for it: side by side pictures leave none, the legend names them
 */
export const isNamed = ({ view, points }) => Boolean(view.levels && view.levels.length) && points.arrangement !== "grid";

/**
 * @param {Naming} shown
 * @param {Frame} frame
 * @param {Around} [around]
 * @returns {Name[]} the names of what is to be seen in a frame, whatever is on screen
 */
export function namesIn(shown, frame, around = {}) {
  if (!isNamed(shown)) return [];
  const level = levelFor(shown.view, zoomOf(shown.points, frame), frame);
  return inView(layOut(shown, frame, level, around), level, shown.points, frame);
}

/**
 * @param {Naming} shown
 * @param {Frame} frame
 * @param {Around} [around]
 * @returns {Name[]} the names on screen with their boxes in pixels; `clusters` are those that a name speaks of
 */
export function settleNames(shown, frame, around = {}) {
  if (!isNamed(shown)) return [];
  last = onScreen(shown, frame, around);
  const names = inView(apart(moved(last.settled, shown.points, frame)), last.level, shown.points, frame);
  Object.assign(stats, { nameLevel: last.level, names: names.map((n) => n.words) });
  return names;
}
