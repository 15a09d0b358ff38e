/**
 * Whether a name stands where a stranger would look for it, who knows the clusters by their colours alone: the judge of
 * the bench and of the tests, which shares nothing with what places names but where bars and lines are drawn.
 */

/** A name is taken for that of what lies nearest to it and to its bar, the farther the less. */
const LOOKED_AT = { region: 20, name: 20, bar: 6, foot: 6 };
const LOOKED_TO = { region: 60, name: 40, bar: 26, foot: 14 };
const FALLS = 8;
const LINE_SEEN = 8;
/** A line is taken to be of the cluster that it runs through: of which it meets three points in a stretch, or one of so many in view. */
const RUN = { off: 4, stretch: 40, together: 3, of: 2500, all: 2 };

export const inside = ({ left, right, top, bottom }, x, y) => x >= left && x <= right && y >= top && y <= bottom;
export const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const across = (a, b) => Math.max(a.left - b.right, b.left - a.right, 0);
const down = (a, b) => Math.max(a.top - b.bottom, b.top - a.bottom, 0);
const apartness = (a, b) => Math.sqrt(across(a, b) ** 2 + down(a, b) ** 2);
const dot = ({ x, y }) => ({ left: x, right: x, top: y, bottom: y });

/** @returns {object[]} what is seen in a frame of any cluster: its points, each as a box and, under a picture, as that picture, which
 *   is seen though other pictures lie over all its points */
export function marksIn({ points, frame, lying = [] }) {
  const marks = [];
  for (let row = 0; row < points.n; row++) {
    const [x, y] = frame.px(points.x[row], points.y[row]);
    if (!(x >= 0 && y >= 0 && x <= frame.width && y <= frame.height)) continue;
    const picture = lying.findLast((box) => inside(box, x, y));
    marks.push({ ...(picture || dot({ x, y })), x, y, label: points.label[picture ? picture.row : row] });
  }
  const bare = lying.filter((box) => meet(box, { left: 0, top: 0, right: frame.width, bottom: frame.height }) && !marks.some((mark) => mark.row === box.row));
  bare.forEach((box) => marks.push({ ...box, x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, label: points.label[box.row] }));
  return marks;
}

/** @returns {boolean|null} whether what lies nearest to a box is its own, mostly; null where nothing is near */
function isOwn(box, marks, clusters, part) {
  const far = LOOKED_TO[part];
  const about = { left: box.left - far, right: box.right + far, top: box.top - far, bottom: box.bottom + far };
  const near = marks.filter((mark) => mark.label >= 0 && apartness(about, mark) === 0)
    .map((mark) => ({ away: apartness(box, mark), own: clusters.includes(mark.label) }))
    .filter(({ away }) => away <= far)
    .sort((a, b) => a.away - b.away);
  if (!near.length) return null;
  const last = near[Math.min(near.length, LOOKED_AT[part]) - 1].away;
  const [nearer, equal] = [near.filter(({ away }) => away < last).length, near.filter(({ away }) => away === last).length];
  const share = Math.min(1, (LOOKED_AT[part] - nearer) / equal);
  const counts = (away) => (away < last ? 1 : away === last ? share : 0) / (1 + away / FALLS);
  const weight = (whose) => near.reduce((sum, { own, away }) => sum + (own === whose ? counts(away) : 0), 0);
  return weight(true) >= weight(false);
}

/** @returns {object} where a name's bar is; before there was `barOf` it was at the left of all */
function barOf(name, boxes) {
  if (name.numeral || name.broad) return name;
  return boxes.barOf ? boxes.barOf(name, name.foot) : { left: name.left + 3, right: name.left + 6.5, top: name.top, bottom: name.bottom };
}

/** @returns {{foot: number[], end: number[]}} the line from a name to its point */
export const lineOf = (name, boxes) => boxes.leaderOf(name, name.foot, name.numeral);

/** @returns {boolean} whether a line runs through points of other clusters: as a mark of theirs it would be read */
function isThrough({ foot, end }, marks, clusters) {
  const length = Math.hypot(end[0] - foot[0], end[1] - foot[1]);
  const [cos, sin] = [(end[0] - foot[0]) / length, (end[1] - foot[1]) / length];
  const met = marks.filter(({ label, left, right }) => label >= 0 && left === right && !clusters.includes(label))
    .map(({ x, y, label }) => ({ label, at: (x - foot[0]) * cos + (y - foot[1]) * sin, off: Math.abs((x - foot[0]) * sin - (y - foot[1]) * cos) }))
    .filter(({ at, off }) => at >= 0 && at <= length && off <= RUN.off);
  const beside = (one) => met.filter(({ label, at }) => label === one.label && at >= one.at && at <= one.at + RUN.stretch).length;
  const many = Math.max(RUN.together, marks.length / RUN.of);
  return met.length >= RUN.all * many || met.some((one) => beside(one) >= many);
}

/** @returns {string} what is wrong with a line: it is not seen, goes to or through others, through a name or a picture; "" for nothing */
function faultOfLine(name, { names, marks, points, boxes, lying = [] }) {
  const { clusters, foot } = name;
  const line = lineOf(name, boxes);
  const [x, y] = line.end;
  const over = lying.find((box) => inside(box, foot.x, foot.y) && clusters.includes(points.label[box.row]));
  if (!clusters.includes(points.label[foot.row])) return "tied to others";
  if (apartness(dot({ x, y }), over || dot(foot)) < LINE_SEEN) return "line unseen";
  if (isOwn(dot(foot), marks, clusters, "foot") === false) return "foot amid others";
  const others = names.filter((one) => one !== name);
  if (others.some((other) => boxes.passes(line, other))) return "line through a name";
  if (others.some((other) => other.tied && boxes.cross(line, lineOf(other, boxes)))) return "lines cross";
  if (lying.some((box) => !clusters.includes(points.label[box.row]) && boxes.passes(line, box))) return "line over a picture";
  return isThrough(line, marks, clusters) ? "line through others" : "";
}

/**
 * @param {object} name
 * @param {{names: object[], marks: object[], points: object, boxes: object, lying?: object[]}} seen all names, what is seen of the
 *   clusters, `map/boxes.mjs`, and the pictures over the points
 * @returns {string} what is wrong with the place of a name; "" for nothing
 */
export function faultOf(name, seen) {
  const { marks, boxes } = seen;
  const { clusters, tied, broad } = name;
  const on = marks.filter((mark) => mark.label >= 0 && apartness(mark, name) === 0);
  const strangers = on.filter(({ label }) => !clusters.includes(label)).length;
  if (strangers > 2 && 2 * strangers > on.length) return "on others";
  const line = tied ? faultOfLine(name, seen) : "";
  if (tied && line !== "line unseen") return line;
  const [near, bar] = [isOwn(name, marks, clusters, broad ? "region" : "name"), isOwn(barOf(name, boxes), marks, clusters, "bar")];
  if (near === null) return "alone";
  return !near ? "by others" : bar === false ? "bar by others" : "";
}
