/** Which names are shown, and where: map/names.mjs, map/placing.mjs. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as boxes from "../../assets/map/boxes.mjs";
import { contrast, seen } from "../../assets/map/contrast.mjs";
import { coverWith } from "../../assets/map/cover.mjs";
import { namesIn, settleNames } from "../../assets/map/names.mjs";
import { frameOf, whole, zoomed } from "../../assets/map/ranges.mjs";
import { lots, measureWords, pointsAt } from "./made.mjs";
import { faultOf, marksIn } from "./stranger.mjs";

measureWords();
const BARE = { at: () => -1, boxOf: () => null, boxes: () => [], side: () => 0 };
beforeEach(() => coverWith(BARE));

const SIZE = { left: 0, top: 0, width: 1000, height: 800 };
const PHONE = { left: 0, top: 0, width: 390, height: 393 };
const SEEDS = [1, 2, 3, 4];
let run = 0;

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const inside = (box, x, y, wider = 0) =>
  x >= box.left - wider && x <= box.right + wider && y >= box.top - wider && y <= box.bottom + wider;
const group = (name, x, y, more = {}) => ({ name, x, y, size: 10, clusters: [0], reach: 0, ...more });

/** @returns {object} a draw that looks normal */
const normal = (draw) => draw() + draw() + draw() - 1.5;

/** @returns {object} clusters about a middle each, every tenth row of none, as the page knows them; with broad groups over them */
function clustered({ seed, middles, rows, spread, words }) {
  const draw = lots(seed);
  const label = Array.from({ length: rows }, () => (draw() < 0.1 ? -1 : Math.floor(draw() ** 1.5 * middles.length)));
  const places = label.map((one) => {
    const [x, y] = middles[one < 0 ? Math.floor(draw() * middles.length) : one];
    const far = one < 0 ? 4 * spread : spread;
    return [x + far * normal(draw), y + far * normal(draw)];
  });
  const clusters = middles.map(([x, y], i) =>
    group(words(i), x, y, { size: label.filter((one) => one === i).length, cluster: i, clusters: [i] }));
  const broad = [0, 1, 2].map((third) => {
    const own = clusters.filter(({ cluster }) => cluster % 3 === third);
    return group(`region ${third}`, own[0].x, own[0].y, { size: rows / 3, clusters: own.map(({ cluster }) => cluster) });
  });
  const view = { run: `run ${++run}`, levels: [broad, clusters], clusters };
  return { view, focus: [], points: pointsAt(places, label) };
}

/** Texts, perhaps: many clusters of long names, near each other in a round. */
const scattered = (seed, count = 47) => {
  const draw = lots(100 + seed);
  const middles = Array.from({ length: count }, () => [100 * draw(), 80 * draw()]);
  return clustered({ seed, middles, rows: 3000, spread: 1.6, words: (i) => `a phrase of ${"many ".repeat(i % 3)}words ${i}` });
};

/** Pictures, perhaps: a few clusters in a row, each beside the next. */
const lined = (seed) => {
  const middles = Array.from({ length: 12 }, (_, i) => [8 * i, 6 * (i % 2)]);
  return clustered({ seed, middles, rows: 900, spread: 3, words: (i) => `thing ${i}, other thing` });
};

const frameAt = (points, size, share = 1) => {
  const all = whole(points.bounds, size.width, size.height);
  const middle = ([low, high]) => (low + high) / 2;
  return frameOf(share === 1 ? all : zoomed(all, share, middle(points.bounds.x), middle(points.bounds.y)), size);
};

/** @returns {object} which names stand wrongly and why, the share of the points covered and of the clusters named */
function judged({ points, view }, names, frame, lying = []) {
  const marks = marksIn({ points, frame, lying });
  const hidden = marks.filter(({ x, y }) => names.some((name) => inside(name, x, y)));
  names.forEach(({ foot, words }) => {
    const [x, y] = frame.px(points.x[foot.row], points.y[foot.row]);
    assert.ok(Math.hypot(x - foot.x, y - foot.y) < 0.5, `${words} is tied to where no point is`);
  });
  const whole = names.filter(({ left, right, top, bottom }) => left >= 0 && top >= 0 && right <= frame.width && bottom <= frame.height);
  const wrong = whole.map((name) => [name.words, faultOf(name, { names, marks, points, boxes, lying })]).filter(([, fault]) => fault);
  const named = new Set(names.filter(({ clusters }) => clusters.length === 1).map(({ clusters }) => clusters[0]));
  return { wrong, covered: hidden.length / marks.length, named: named.size / view.clusters.length };
}

const apart = (names) =>
  names.forEach((one, i) => names.slice(i + 1).forEach((other) => assert.ok(!overlap(one, other), `${one.words} on ${other.words}`)));

for (const [kind, made, least] of [["many clusters", scattered, 0.75], ["clusters in a row", lined, 0.99]]) {
  test(`${kind}: no name in the wrong place, few points covered, most clusters named, whole and near`, () => {
    for (const seed of SEEDS) {
      const shown = made(seed);
      for (const [size, share] of [[SIZE, 1], [SIZE, 1 / 3], [{ ...SIZE, width: 720, height: 300 }, 1], [PHONE, 1]]) {
        const frame = frameAt(shown.points, size, share);
        const names = namesIn(shown, frame);
        const { wrong, covered, named } = judged(shown, names, frame);
        assert.deepEqual(wrong, [], `seed ${seed}`);
        assert.ok(covered <= 0.05, `seed ${seed}: ${covered} covered`);
        apart(names);
        names.forEach((name) => assert.ok(name.left >= 0 && name.top >= 0 && name.right <= size.width && name.bottom <= size.height));
        if (size === SIZE && share === 1) assert.ok(named >= least, `seed ${seed}: ${named} named`);
      }
    }
  });
}

test("a name keeps clear of the map's buttons, and its line does", () => {
  const shown = scattered(9);
  const frame = frameAt(shown.points, SIZE);
  const taken = [{ left: 300, right: 700, top: 200, bottom: 500 }];
  const names = namesIn(shown, frame, { taken });
  assert.ok(names.length > 10);
  names.forEach((name) => assert.ok(!overlap(name, taken[0]) && !inside(taken[0], name.foot.x, name.foot.y), name.words));
});

test("side by side pictures leave no room for names, on screen or saved", () => {
  const shown = scattered(9);
  const frame = frameAt(shown.points, SIZE);
  assert.ok(namesIn(shown, frame).length && settleNames(shown, frame).length);
  const grid = { ...shown, points: { ...shown.points, arrangement: "grid" } };
  assert.deepEqual([namesIn(grid, frame), settleNames(grid, frame)], [[], []]);
});

/** Three regions far from each other, in each as many clusters beside each other, whose names may find no room. */
const regions = (each, more = {}) => {
  const [corners, draw] = [[[0, 0], [80, 0], [40, 60]], lots(4)];
  const middles = corners.flatMap(([x, y]) => Array.from({ length: each }, () => [x + 14 * draw(), y + 12 * draw()]));
  const shown = clustered({ seed: 4, middles, rows: 3000, spread: 1.5, words: (i) => `a name of some words ${i}` });
  shown.view.levels[0].forEach((one, i) => {
    Object.assign(one, { clusters: Array.from({ length: each }, (_, at) => each * i + at) }, more);
  });
  return shown;
};

test("a region's name stands amid several of its own clusters, larger than theirs, and beside no others", () => {
  const shown = regions(24);
  const names = namesIn(shown, frameAt(shown.points, SIZE));
  const broad = names.filter((name) => name.broad);
  assert.ok(broad.length > 0);
  broad.forEach((region) => {
    const near = names.filter((name) => !name.broad && Math.hypot(name.foot.x - region.foot.x, name.foot.y - region.foot.y) < 120);
    assert.ok(near.length > 0 && near.every((name) => region.clusters.includes(name.clusters[0])), region.words);
    assert.ok(names.every((name) => name.broad || name.size < region.size));
  });
});

test("regions are named only where a name is true of them, and where not every cluster has its own", () => {
  const broadOf = (shown) => namesIn(shown, frameAt(shown.points, SIZE)).filter((name) => name.broad).length;
  assert.ok(broadOf(regions(24, { true_of: 0.9 })) > 0);
  assert.equal(broadOf(regions(24, { true_of: 0.3 })), 0);
  const few = regions(3);
  assert.equal(new Set(namesIn(few, frameAt(few.points, SIZE)).map(({ name }) => name)).size, 9);
  assert.equal(broadOf(few), 0);
});

test("far away the clusters stand for a group whose name is not true of them", () => {
  const shown = regions(4);
  const [broad] = shown.view.levels;
  shown.view.levels = [broad, Array.from({ length: 60 }, (_, i) => group(`part ${i}`, i, 0, { clusters: [i % 12] }))];
  const found = () => namesIn(shown, frameAt(shown.points, SIZE, 10)).map(({ name }) => name);
  assert.deepEqual(found().sort(), ["region 0", "region 1", "region 2"]);
  Object.assign(broad[0], { true_of: 0.2 });
  assert.ok(!found().includes("region 0") && found().some((name) => name.startsWith("a name")) && found().includes("region 1"));
});

test("where names at their full length would fill the map, those of small clusters are their first phrases, as long as these differ", () => {
  const draw = lots(5);
  const middles = Array.from({ length: 60 }, () => [100 * draw(), 80 * draw()]);
  const words = (i) => (i === 40 || i === 41 ? `same phrase, and words of number ${i}` : `phrase ${i}, and some more words after it`);
  const shown = clustered({ seed: 5, middles, rows: 2000, spread: 1, words });
  const names = namesIn(shown, frameAt(shown.points, SIZE));
  const said = Object.fromEntries(names.map((name) => [name.clusters[0], name]));
  assert.ok(names.length >= 50, `${names.length} names`);
  const short = names.filter((name) => !name.words.includes(","));
  assert.ok(short.length >= 20 && short.every((name) => name.words === name.name.split(", ")[0] && name.size >= 10));
  [40, 41].filter((i) => said[i]).forEach((i) => assert.ok(said[i].words.includes(",")));
  const sized = (name) => shown.view.clusters[name.clusters[0]].size;
  const long = names.filter((name) => name.words.includes(",") && ![40, 41].includes(name.clusters[0]));
  assert.ok(Math.min(...long.map(sized)) >= Math.min(...short.map(sized)));
  const near = namesIn(shown, frameAt(shown.points, SIZE, 1 / 3)).filter((name) => name.right > 0 && name.left < SIZE.width);
  assert.ok(near.some((name) => short.some((one) => one.name === name.name) && name.words === name.name));
});

test("where it is narrow there are numbers, those of the clusters", () => {
  const shown = lined(3);
  const names = namesIn(shown, frameAt(shown.points, PHONE));
  assert.equal(names.length, 12);
  names.forEach((name) => assert.deepEqual([name.words, name.numeral], [String(name.clusters[0] + 1), true]));
});

test("a long name is set in two lines, and cut only where those are too long", () => {
  const words = "lost my card on a journey, report fraudulent use";
  const shown = lined(5);
  shown.view.levels[1][0].name = words;
  shown.view.levels[1][1].name = `${words} ${words}`;
  const names = namesIn(shown, frameAt(shown.points, SIZE));
  const [first, second] = [0, 1].map((cluster) => names.find(({ clusters }) => clusters.join() === String(cluster)));
  assert.deepEqual([first.words, first.lines.length], [words, 2]);
  assert.ok(second.words.endsWith("…") && second.lines.length === 2 && second.words.length <= 52);
});

test("far away few broad names, near many fine ones", () => {
  const { points } = lined(1);
  const level = (count, clusters) => Array.from({ length: count }, (_, i) => group(`${count} ${i}`, 8 * i, 0, { clusters: clusters(i) }));
  const view = { run: `run ${++run}`, levels: [level(2, (i) => [i, i + 2]), level(12, (i) => [i]), level(40, (i) => [i % 12])] };
  view.clusters = view.levels[1];
  const levelAt = (share) => Math.max(...namesIn({ view, focus: [], points }, frameAt(points, SIZE, share)).map((name) => name.level));
  assert.deepEqual([levelAt(8), levelAt(1), levelAt(1 / 8)], [0, 1, 2]);
});

test("parts of a cluster share its points: each name stands by those about its own middle", () => {
  const places = Array.from({ length: 200 }, (_, i) => [(i % 2 ? 40 : 54) + (i % 7), 20 + (i % 11)]);
  const points = pointsAt([[0, 0], [100, 50], ...places], [-1, -1, ...places.map(() => 0)]);
  const parts = [group("left", 43, 25), group("right", 57, 25), group("nowhere", null, null)];
  const clusters = [group("all", 43, 25, { cluster: 0 })];
  const view = { run: `run ${++run}`, levels: [clusters, parts], clusters };
  const names = namesIn({ view, focus: [], points }, frameAt(points, SIZE, 0.5));
  const stands = Object.fromEntries(names.map((name) => [name.words, points.x[name.foot.row] < 50]));
  assert.deepEqual(stands, { left: true, right: false });
});

test("what is in focus is named first, however small it is", () => {
  const shown = scattered(7, 120);
  const frame = frameAt(shown.points, SIZE);
  const named = () => namesIn(shown, frame).flatMap(({ clusters }) => (clusters.length === 1 ? clusters : []));
  const found = named();
  const [without] = shown.view.clusters.map(({ cluster }) => cluster).filter((cluster) => !found.includes(cluster));
  assert.ok(without !== undefined);
  shown.focus = [without];
  assert.ok(named().includes(without));
});

test("while the map is moved every name moves as far; at rest those in sight stay, and new ones come", () => {
  const shown = scattered(2);
  const size = SIZE;
  const all = whole(shown.points.bounds, size.width, size.height);
  const near = zoomed(all, 1 / 3, 50, 40);
  const shifted = (dx) => frameOf({ x: near.x.map((value) => value - dx), y: near.y }, size);
  const before = new Map(settleNames(shown, shifted(0)).map((name) => [name.words, name]));
  const moving = settleNames(shown, shifted(4), { moving: true });
  const { perX } = shifted(0);
  const same = (names) => names.filter((name) => before.has(name.words));
  assert.ok(same(moving).length > 5);
  same(moving).forEach((name) => assert.ok(Math.abs(name.left - before.get(name.words).left - 4 * perX) < 0.5));
  const rested = settleNames(shown, shifted(4));
  const seen = moving.filter((name) => name.left > 0 && name.right < size.width && name.top > 0 && name.bottom < size.height)
    .filter(({ foot }) => foot.x > 0 && foot.x < size.width && foot.y > 0 && foot.y < size.height);
  seen.forEach((name) => assert.ok(rested.some((other) => other.words === name.words && Math.abs(other.left - name.left) < 0.5), name.words));
  assert.deepEqual(judged(shown, rested, shifted(4)).wrong, []);
});

test("when a panel opens or the window is resized, names stay beside their points wherever that is still right", () => {
  const places = (names) => new Map(names.map(({ words, left, top, foot }) => [`${words} ${foot.row}`, [left - foot.x, top - foot.y]]));
  for (const seed of SEEDS) {
    const shown = scattered(seed, 24);
    for (const [width, least] of [[980, 0.8], [760, 0.5]]) {
      shown.view = { ...shown.view, run: `run ${++run}` };
      const before = places(settleNames(shown, frameAt(shown.points, SIZE)));
      const frame = frameAt(shown.points, { ...SIZE, width });
      const names = settleNames(shown, frame, { taken: [{ left: 0, top: 0, right: 200, bottom: 40 }] });
      const stay = [...places(names)].filter(([key, [x, y]]) => before.has(key) && Math.hypot(x - before.get(key)[0], y - before.get(key)[1]) < 1);
      assert.ok(stay.length >= least * before.size, `seed ${seed}, ${width}: ${stay.length} of ${before.size}`);
      assert.deepEqual(judged(shown, names, frame).wrong, []);
    }
  }
});

test("while a panel is open the map has no name that it had not before, and has them all again when it is shut", () => {
  const keys = (names) => names.map(({ broad, name, clusters }) => `${broad} ${clusters.join()} ${name}`).sort();
  for (const seed of SEEDS) {
    const shown = scattered(seed, 30);
    const room = { width: SIZE.width, height: SIZE.height };
    const at = (width) => keys(settleNames(shown, frameAt(shown.points, { ...SIZE, width }), { room }));
    const before = at(1000);
    for (const width of [720, 640, 900]) {
      const there = at(width);
      assert.deepEqual(there.filter((name) => !before.includes(name)), [], `seed ${seed}, ${width} px`);
      assert.ok(there.length > before.length / 2);
    }
    assert.deepEqual(before.filter((name) => !at(1000).includes(name)), [], `seed ${seed}`);
  }
});

test("a map that gets its size late has its names where a reload has them, and so has one whose panel is shut again", () => {
  const places = (names) => names.map(({ words, left, top }) => [words, Math.round(left), Math.round(top)].join(" ")).sort();
  for (const seed of SEEDS) {
    const shown = scattered(seed, 24);
    const fresh = () => (shown.view = { ...shown.view, run: `run ${++run}` });
    const at = (width) => places(settleNames(shown, frameAt(shown.points, { ...SIZE, width })));
    fresh();
    const whole = at(1000);
    for (const width of [720, 640, 720]) at(width);
    assert.deepEqual(at(1000), whole, `seed ${seed}: a panel was opened and shut`);
    fresh();
    at(700);
    assert.deepEqual(at(1000), whole, `seed ${seed}: the side gave way late`);
  }
});

test("while the map is zoomed no name lies on another", () => {
  const shown = scattered(3);
  settleNames(shown, frameAt(shown.points, SIZE));
  apart(settleNames(shown, frameAt(shown.points, SIZE, 2.5), { moving: true }));
});

test("among pictures, too: a point under one is seen as that picture, and no line goes over another's", () => {
  for (const seed of SEEDS) {
    const shown = lined(seed);
    const frame = frameAt(shown.points, SIZE);
    const lying = Array.from({ length: 20 }, (_, i) => 40 * i).map((row) => {
      const [x, y] = frame.px(shown.points.x[row], shown.points.y[row]);
      return { row, left: x - 26, right: x + 26, top: y - 26, bottom: y + 26 };
    });
    coverWith({ ...BARE, side: () => 52, boxes: () => lying });
    const names = namesIn(shown, frame);
    const { wrong, named } = judged(shown, names, frame, lying);
    assert.deepEqual(wrong, [], `seed ${seed}`);
    assert.ok(named > 0.8, `seed ${seed}: ${named} named`);
  }
});

test("a name has its bar where its points are, and its line begins there", () => {
  const shown = scattered(2, 12);
  const frame = frameAt(shown.points, SIZE);
  const names = namesIn(shown, frame);
  const sides = names.map((name) => {
    const { left, right } = boxes.barOf(name, name.foot);
    const middle = (name.left + name.right) / 2;
    if (Math.abs(name.foot.x - middle) > 2) assert.equal(left > middle, name.foot.x > middle, name.words);
    const { end } = boxes.leaderOf(name, name.foot);
    assert.ok(end[0] >= left && end[0] <= right && end[1] > name.top && end[1] < name.bottom);
    return left > middle;
  });
  assert.ok(sides.includes(true) && sides.includes(false));
});

test("a line is seen on light and on dark ground, whatever the colour of its cluster", () => {
  for (const color of ["#e69f00", "#c2b852", "#00ccad", "#0072b2", "#3d52eb", "#8f0000"]) {
    assert.ok(contrast(seen(color, "light"), "#fcfcfe") >= 3, color);
    assert.ok(contrast(seen(color, "dark"), "#10141a") >= 3, color);
  }
  assert.deepEqual([seen("#0072b2", "light"), seen("currentColor", "dark")], ["#0072b2", "currentColor"]);
});

test("names keep clear of pictures where they can", () => {
  const shown = lined(2);
  const frame = frameAt(shown.points, SIZE);
  const [free] = namesIn(shown, frame);
  const picture = { left: free.left, right: free.right, top: free.top, bottom: free.bottom };
  coverWith({ ...BARE, side: () => 60, boxes: () => [picture] });
  assert.ok(namesIn(shown, frame).every((name) => !overlap(name, picture)));
});

test("names that stood there before the pictures came give way to them", () => {
  for (const seed of SEEDS) {
    const shown = lined(seed);
    const frame = frameAt(shown.points, SIZE);
    const before = settleNames(shown, frame);
    const lying = before.slice(0, 4).map(({ left, right, top, foot }) => ({ row: foot.row, left, right, top: top - 40, bottom: top + 9 }));
    coverWith({ ...BARE, side: () => 52, boxes: () => lying });
    const after = settleNames(shown, frame);
    const over = after.filter((name) => !name.broad && lying.some((picture) => overlap(name, { ...picture, bottom: picture.bottom - 3 })));
    assert.ok(over.length <= 1, `seed ${seed}: ${over.map(({ words }) => words)} over pictures`);
    assert.ok(after.length >= before.length - 1, `seed ${seed}: ${after.length} of ${before.length} names`);
    const others = after.slice(0, 4).map(({ left, right, top, foot }) => ({ row: foot.row, left, right, top: top - 40, bottom: top + 9 }));
    coverWith({ ...BARE, side: () => 52, boxes: () => others }); // as large as before, but elsewhere
    const again = settleNames(shown, frame).filter((name) => others.some((picture) => overlap(name, { ...picture, bottom: picture.bottom - 3 })));
    assert.ok(again.length <= 1, `seed ${seed}: ${again.map(({ words }) => words)} over other pictures`);
    coverWith(BARE);
  }
});

test("many points are counted by a sample, and the names still stand by their own", () => {
  const draw = lots(8);
  const middles = Array.from({ length: 30 }, () => [100 * draw(), 80 * draw()]);
  const shown = clustered({ seed: 8, middles, rows: 60_000, spread: 1.2, words: (i) => `name of ${i}` });
  const frame = frameAt(shown.points, SIZE);
  const { wrong, covered } = judged(shown, namesIn(shown, frame), frame);
  assert.deepEqual(wrong, []);
  assert.ok(covered <= 0.05);
});

test("a run without levels has no names, and a group without points or place none", () => {
  const { points } = lined(1);
  const frame = frameAt(points, SIZE);
  const view = (levels) => ({ run: `run ${++run}`, levels, clusters: levels.at(-1) || [] });
  assert.deepEqual(namesIn({ view: view([]), focus: [], points }, frame), []);
  assert.deepEqual(settleNames({ view: view([]), focus: [], points }, frame), []);
  const nobody = [group("nowhere", null, null), group("nobody's", 3, 3, { clusters: [99] })];
  assert.deepEqual(namesIn({ view: view([nobody]), focus: [], points }, frame), []);
});
