/**
 * How a name is drawn: its words beside a bar in its cluster's colour, the line to its point, a number in its disc.
 * It places nothing; what is saved of the map is drawn from the same shapes.
 */
import { drawn } from "../shell/dom.mjs";
import { edgeOf } from "./boxes.mjs";
import { cover } from "./cover.mjs";
import { onMap } from "./state.mjs";
import { linesOf } from "./wording.mjs";

const BAR = { width: 3.5, inset: 3 };
const FOOT = 2.6;
const TOUCHING = 9;
const MOST_COLORS = 6;
const PLAIN = "currentColor";

/**
 * @param {Pick<Shown, "view"|"theme"|"column">} shown
 * @param {Name} name
 * @returns {string[]} the colours of the clusters that a name speaks of; none where colours mean something else
 */
export function inkOf({ view, theme, column }, { clusters }) {
  const shades = view.colors[theme];
  return column && column.codes ? [] : clusters.slice(0, MOST_COLORS).map((label) => shades[label]);
}

/**
 * @param {Name} name
 * @param {string[]} colors
 * @returns {SVGElement[]} a bar beside the words, or under a region's name, a part for each colour
 */
function bar({ left, right, top, bottom, broad }, colors) {
  const all = colors.length ? colors : [PLAIN];
  const [x, width] = [left + BAR.inset, right - left - 2 * BAR.inset];
  return all.map((fill, i) => {
    if (broad) {
      const part = width / all.length;
      return drawn("rect", { x: x + i * part, y: bottom - 2, width: part, height: 3, class: "name-bar", fill });
    }
    const part = (bottom - top - 4) / all.length;
    return drawn("rect", { x, y: top + 2 + i * part, width: BAR.width, height: part, rx: 1, class: "name-bar", fill });
  });
}

/**
 * @param {Name} name
 * @returns {{from: number[], to: number[], seen: boolean}|null} the line from a name to its point or, where that is
 *   under its picture, to the picture; none where they touch
 */
function tieOf(name) {
  if (!name.tied) return null;
  const { x, y } = name.foot;
  const above = cover.at(x, y);
  const picture = above >= 0 && name.clusters.includes(onMap.points.label[above]) ? cover.boxOf(above) : null;
  if (!picture) return { from: edgeOf(name, name.foot), to: [x, y], seen: true };
  const { left, top, side } = picture;
  const box = { left, top, right: left + side, bottom: top + side };
  const from = edgeOf(name, { x: left + side / 2, y: top + side / 2 });
  const to = edgeOf(box, { x: from[0], y: from[1] });
  return Math.hypot(from[0] - to[0], from[1] - to[1]) > TOUCHING ? { from, to, seen: false } : null;
}

/**
 * @param {Name} name
 * @param {string} stroke
 * @returns {SVGElement[]} the line that ties a name to a point of its own
 */
function leader(name, stroke) {
  const tie = tieOf(name);
  if (!tie) return [];
  const [[x1, y1], [x2, y2]] = [tie.from, tie.to];
  const foot = tie.seen ? [drawn("circle", { cx: x2, cy: y2, r: FOOT, class: "name-foot", stroke })] : [];
  return [
    drawn("line", { x1, y1, x2, y2, class: "name-line-ground" }),
    drawn("line", { x1, y1, x2, y2, class: "name-line", stroke }),
    ...foot,
  ];
}

/**
 * @param {Name} name
 * @param {string[]} colors
 * @returns {SVGElement[]} the disc under a number
 */
function disc({ left, right, top, bottom }, [stroke = PLAIN]) {
  const [width, height] = [right - left, bottom - top];
  return [drawn("rect", { x: left, y: top, width, height, rx: height / 2, class: "name-disc", stroke })];
}

/**
 * @param {Name} name
 * @returns {SVGElement} the words, a line below the other
 */
function words(name) {
  const lines = linesOf(name);
  const [{ x, y }] = lines;
  const tspans = lines.map((line, i) => {
    const gap = i < lines.length - 1 ? " " : "";
    return drawn("tspan", { x: line.x, y: line.y }, [line.words + gap]);
  });
  const kind = name.numeral ? "cluster-name numeral" : name.broad ? "region-name" : "cluster-name";
  const about = { "font-size": name.size.toFixed(2), class: kind, "data-clusters": name.clusters.join() };
  const at = { x: name.numeral ? (name.left + name.right) / 2 : x, y };
  return drawn("text", { ...at, ...about }, tspans.length > 1 ? tspans : [name.words]);
}

/**
 * @param {Name} name
 * @param {string[]} colors
 * @param {{pale?: boolean, opacity?: string}} look
 * @returns {SVGElement[]} a name with its line
 */
export function drawnName(name, colors, { pale = false, opacity = "" }) {
  const marks = name.numeral ? disc(name, colors) : bar(name, colors);
  const whole = drawn("g", { class: `name${pale ? " pale" : ""}`, ...(opacity ? { opacity } : {}) });
  whole.append(...leader(name, colors[0] || PLAIN), ...marks, words(name));
  return [whole];
}
