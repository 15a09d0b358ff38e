/** Where the lines from names to their points may run: map/placing.mjs, map/whose.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as boxes from "../../assets/map/boxes.mjs";
import { coverWith } from "../../assets/map/cover.mjs";
import { namesIn } from "../../assets/map/names.mjs";
import { frameOf, whole, zoomed } from "../../assets/map/ranges.mjs";
import { measureWords, pointsAt } from "./made.mjs";
import { faultOf, marksIn } from "./stranger.mjs";

measureWords();
coverWith({ at: () => -1, boxOf: () => null, boxes: () => [], side: () => 0 });
const SIZE = { left: 0, top: 0, width: 1000, height: 800 };
let run = 0;

/** @returns {object} a map of places, each [[x, y], cluster], as the page knows it */
const mapOf = (places, names) => {
  const clusters = names.map((name, cluster) => ({ name, x: 0, y: 0, size: 40, reach: 0, cluster, clusters: [cluster] }));
  const points = pointsAt(places.map(([at]) => at), places.map(([, label]) => label));
  return { view: { run: `run ${++run}`, levels: [clusters], clusters }, focus: [], points };
};

const frameAt = ({ points }, share) => frameOf(zoomed(whole(points.bounds, SIZE.width, SIZE.height), share, 0, 0), SIZE);

/** @returns {string[]} what is wrong with the names of a map */
const wrong = ({ points }, names, frame) => {
  const marks = marksIn({ points, frame });
  return names.map((name) => faultOf(name, { names, marks, points, boxes })).filter(Boolean);
};

test("a line that would run through another cluster's points is drawn elsewhere, or its name is left out", () => {
  // A cluster amid a wall of another: farther away its name has room only beyond the wall, and in a gap of it.
  const wall = Array.from({ length: 1800 }, (_, i) => [[(26 + (i % 7)) * Math.cos(2.4 * i), (26 + (i % 7)) * Math.sin(2.4 * i)], 1]);
  const amid = Array.from({ length: 40 }, (_, i) => [[(i % 8) - 3.5, Math.floor(i / 8) - 2], 0]);
  const names = ["a rather long name, which finds no room inside", "the wall"];
  const closed = mapOf([...amid, ...wall], names);
  const open = mapOf([...amid, ...wall.filter(([[x]]) => x < 15)], names);
  for (const share of [1, 3, 6]) {
    for (const shown of [closed, open]) {
      const [frame, there] = [frameAt(shown, share), namesIn(shown, frameAt(shown, share))];
      assert.deepEqual(wrong(shown, there, frame), [], `${shown.view.run}, ${share}`);
      if (shown === open) assert.ok(there.some(({ clusters }) => clusters[0] === 0), `${share}: no name`);
    }
  }
});

test("a stranger sees a line that runs through others", () => {
  const places = [...Array.from({ length: 300 }, (_, i) => [[i % 10, Math.floor(i / 10) - 15], 1]), [[20, 0], 0], [[20, 1], 0], [[21, 0], 0]];
  const shown = mapOf(places, ["own", "others"]);
  const frame = frameAt(shown, 1.5);
  const [x, y] = frame.px(20, 0);
  const [edge] = frame.px(0, 0);
  const name = { left: edge - 90, right: edge - 30, top: y - 8, bottom: y + 8, words: "own", clusters: [0], tied: true, foot: { x, y, row: 300 } };
  assert.deepEqual(wrong(shown, [name], frame), ["line through others"]);
  assert.deepEqual(wrong(shown, [{ ...name, left: x + 40, right: x + 100 }], frame), []);
});
