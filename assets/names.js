/**
 * Which names the map shows and where: few broad ones when far, many fine ones when near, none on top of another.
 * It draws nothing.  While the map is only moved, every name keeps its place beside its group.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const LONGEST = 30;
  const FAR_NAMES = 16;
  const NEAREST_ZOOM = 3;
  const SMALL_PX = 26;
  const GAP = 4;
  const AIR = 1.12;
  const KEPT_LAYOUTS = 24;
  const pen = document.createElement("canvas").getContext("2d");
  const widths = new Map();
  const layouts = new Map();

  /** @returns {number} the width of words in pixels */
  function widthOf(words, size) {
    const key = `${size.toFixed(1)}|${words}`;
    if (!widths.has(key)) {
      if (widths.size > 5000) widths.clear();
      pen.font = `650 ${size}px system-ui, sans-serif`;
      widths.set(key, pen.measureText(words).width);
    }
    return widths.get(key);
  }

  /** @returns {number} how near the map is: 0 when all of it is in view, 1 at twice that size, and so on */
  function zoomOf({ bounds }, { perY, width, height }) {
    const [across, up] = [bounds.x, bounds.y].map(([low, high]) => (high - low || 1) * AIR);
    return Math.log2(perY / Math.min(width / across, height / up));
  }

  /** @returns {number} the level for a zoom: at the whole map the finest with few enough names, then finer with each step */
  function levelFor(levels, zoom) {
    const few = levels.filter((groups) => groups.length <= FAR_NAMES).length;
    const far = Math.max(0, few - 1);
    const last = levels.length - 1;
    const step = Math.min(1.5, Math.max(0.7, NEAREST_ZOOM / Math.max(1, last - far)));
    return Math.min(last, Math.max(0, far + Math.round(zoom / step)));
  }

  /** @returns {object[]} the groups to name, the most important first: the cluster in focus, then by size */
  function groupsOf(view, level, focus) {
    const groups = view.levels[level].slice().sort((a, b) => b.size - a.size);
    const focused = view.clusters.find((cluster) => cluster.cluster === focus);
    if (!focused) return groups;
    const own = { ...focused, clusters: [focused.cluster], reach: 0 };
    return [own, ...groups.filter((group) => group.name !== own.name)];
  }

  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  /** @returns {number[]} how far up or down a name may lie: beside a small group, so as not to hide it; on a large one */
  function nudges(group, perY, size) {
    const reach = (group.reach || 0) * perY;
    const beside = Math.min(reach, SMALL_PX) + size * 0.6 + GAP + 4;
    return reach < SMALL_PX ? [beside, -beside, beside + size, -beside - size] : [0, -beside, beside];
  }

  /** @returns {object|null} a free place for a group's name, relative to the frame as it is now */
  function settle(group, frame, taken, biggest, inside) {
    if (group.x === null || group.x === undefined) return null;
    const [x, y] = frame.px(group.x, group.y);
    const words = group.name.length > LONGEST ? `${group.name.slice(0, LONGEST - 1)}…` : group.name;
    const size = 11.5 + 3 * Math.sqrt(group.size / biggest) + (group.clusters.length > 1 ? 1 : 0);
    const half = widthOf(words, size) / 2 + 5;
    const middle = inside ? Math.min(Math.max(x, half + 3), frame.width - half - 3) : x;
    for (const nudge of nudges(group, frame.perY, size)) {
      const [top, bottom] = [y + nudge - size * 0.75, y + nudge + size * 0.75];
      const box = { left: middle - half, right: middle + half, top, bottom };
      const seen = !inside || (top > 2 && bottom < frame.height - 2);
      if (seen && !taken.some((other) => overlap(box, other)))
        return { ...box, words, size, group, x: middle, y: y + nudge, dx: middle - x, dy: nudge };
    }
    return null;
  }

  /** Place all names of a level, in view or not, so that moving the map changes nothing but where they are. */
  function layOut(view, level, focus, frame, inside) {
    const groups = groupsOf(view, level, focus);
    const biggest = groups.reduce((most, group) => Math.max(most, group.size), 1);
    const placed = [];
    groups.forEach((group) => {
      const name = settle(group, frame, placed, biggest, inside);
      if (name) placed.push(name);
    });
    return { placed, inside };
  }

  /** @returns {boolean} whether the whole map is in view, so that names at its sides can be kept inside */
  function isWhole({ bounds }, { px, width, height }) {
    const [left, top] = px(bounds.x[0], bounds.y[1]);
    const [right, bottom] = px(bounds.x[1], bounds.y[0]);
    return left >= 0 && top >= 0 && right <= width && bottom <= height;
  }

  /** @returns {object} the layout for a scale, made once; made again when the whole map comes into view */
  function layoutFor({ view, points, cluster }, frame, level) {
    const focus = cluster === undefined ? null : cluster;
    const scale = Math.round(Math.log2(frame.perY) * 200);
    const key = [view.run, level, focus, scale, frame.width, frame.height].join("|");
    const inside = isWhole(points, frame);
    const known = layouts.get(key);
    if (known && (known.inside || !inside)) return known;
    const made = layOut(view, level, focus, frame, inside);
    if (layouts.size > KEPT_LAYOUTS) layouts.clear();
    layouts.set(key, made);
    return made;
  }

  /** @returns {object[]} the names in view with their boxes in pixels; `clusters` are those that a name speaks of */
  function settleNames(shown, frame) {
    if (!shown.view.levels || !shown.view.levels.length) return [];
    const level = levelFor(shown.view.levels, zoomOf(shown.points, frame));
    const { placed } = layoutFor(shown, frame, level);
    const names = [];
    placed.forEach(({ group, words, size, left, right, dx, dy }) => {
      const [ax, ay] = frame.px(group.x, group.y);
      const [x, y, half] = [ax + dx, ay + dy, (right - left) / 2];
      const box = { left: x - half, right: x + half, top: y - size * 0.75, bottom: y + size * 0.75 };
      if (box.right < 0 || box.left > frame.width || box.bottom < 0 || box.top > frame.height) return;
      const one = group.clusters.length === 1 ? group.clusters[0] : null;
      names.push({ ...box, words, size, x, y, level, clusters: group.clusters, cluster: { cluster: one } });
    });
    if (window.explorerMap) Object.assign(window.explorerMap, { nameLevel: level, names: names.map((n) => n.words) });
    return names;
  }

  explorer.settleNames = settleNames;
})();
