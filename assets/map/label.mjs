/**
 * How a name is drawn: its words beside a bar in its cluster's colour, the line to its point, a number in its disc.
 * It places nothing; what is saved of the map is drawn from the same shapes.
 */
import { drawn } from "../shell/dom.mjs";
import { BAR, barOf, edgeOf, isBarRight } from "./boxes.mjs";
import { seen } from "./contrast.mjs";
import { cover } from "./cover.mjs";
import { onMap } from "./state.mjs";
import { linesOf } from "./wording.mjs";

const FOOT = 2.6;
const TOUCHING = 6;
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
function bar(name, colors) {
  const all = colors.length ? colors : [PLAIN];
  const { left, right, bottom } = name;
  const [start, width] = [left + BAR.inset, right - left - 2 * BAR.inset];
  const beside = barOf(name, name.foot);
  return all.map((fill, i) => {
    if (name.broad) {
      const part = width / all.length;
      return drawn("rect", { x: start + i * part, y: bottom - 2, width: part, height: 3, class: "name-bar", fill });
    }
    const part = (beside.bottom - beside.top) / all.length;
    return drawn("rect", { x: beside.left, y: beside.top + i * part, width: BAR.width, height: part, rx: 1, class: "name-bar", fill });
  });
}

/**
 * @param {Box} box
 * @param {Pair} from
 * @param {Pair} to a place in the box
 * @returns {Pair} where a line enters a box
 */
function entryOf({ left, top, right, bottom }, [x, y], [x2, y2]) {
  const across = x < left ? (left - x) / (x2 - x) : x > right ? (right - x) / (x2 - x) : 0;
  const down = y < top ? (top - y) / (y2 - y) : y > bottom ? (bottom - y) / (y2 - y) : 0;
  const share = Math.max(across, down);
  return [x + share * (x2 - x), y + share * (y2 - y)];
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
  const start = name.numeral ? name : barOf(name, name.foot);
  if (!picture) return { from: edgeOf(start, name.foot), to: [x, y], seen: true };
  const { left, top, side } = picture;
  const from = edgeOf(start, name.foot);
  const to = entryOf({ left, top, right: left + side, bottom: top + side }, from, [x, y]);
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
 * @returns {SVGElement} the words, a line below the other, with a space between them that takes no room
 */
function words(name) {
  const lines = linesOf(name);
  const [{ x, y }] = lines;
  const tspans = lines.map((line) => drawn("tspan", { x: line.x, y: line.y }, [line.words]));
  const apart = tspans.flatMap((line, i) => (i ? [drawn("tspan", { "font-size": 0 }, [" "]), line] : [line]));
  const kind = name.numeral ? "cluster-name numeral" : name.broad ? "region-name" : "cluster-name";
  const about = { "font-size": name.size.toFixed(2), class: kind, "data-clusters": name.clusters.join() };
  const atEnd = !name.numeral && !name.broad && isBarRight(name, name.foot);
  const at = { x: name.numeral ? (name.left + name.right) / 2 : x, y, ...(atEnd ? { "text-anchor": "end" } : {}) };
  return drawn("text", { ...at, ...about }, tspans.length > 1 ? apart : [name.words]);
}

/**
 * @param {Name} name
 * @param {string[]} colors
 * @param {{theme: Theme, pale?: boolean, opacity?: string}} look
 * @returns {SVGElement[]} a name with its line
 */
export function drawnName(name, colors, { theme, pale = false, opacity = "" }) {
  const marks = name.numeral ? disc(name, colors) : bar(name, colors);
  const whole = drawn("g", { class: `name${pale ? " pale" : ""}`, ...(opacity ? { opacity } : {}) });
  whole.append(...leader(name, seen(colors[0] || PLAIN, theme)), ...marks, words(name));
  return [whole];
}
