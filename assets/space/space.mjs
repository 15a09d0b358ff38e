/**
 * The arrangement "3d": the rows in space, turned by the hand.  What the map is given are their places as seen now, so that
 * click, hover, search, lines and names work as on the flat map; depth.js paints them.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const NAME = "3d";
  const HEADER = 40;
  const EYE = 4;
  const RADIANS_A_PX = 0.0075;
  const STEP = Math.PI / 24;
  const REST_MS = 160;
  const WITHIN = 0.985;
  const SIDE = 0.7;
  const SEEN = 0.998;
  const DEEPEST = 0.75;
  const MEMBERS = 3000;
  const motion = { frame: 0, timer: 0 };
  let versions = 0;

  /** Read the binary layout that GET /runs/{key}/points documents, in three dimensions, about the middle of the rows. */
  function decode(buffer) {
    const n = new Uint32Array(buffer, 4, 1)[0];
    const sides = new Float32Array(buffer, 16, 6);
    const column = (axis) => {
      const steps = new Uint16Array(buffer, HEADER + 4 * n + 2 * axis * n, n);
      return centred(explorer.coordinates(steps, sides[2 * axis], sides[2 * axis + 1]));
    };
    const [x, y, z] = [0, 1, 2].map(column);
    return { n, x, y, z, radius: radiusOf({ n, x, y, z }), bytes: buffer.byteLength };
  }

  function centred(values) {
    let [sum, count] = [0, 0];
    for (const value of values) if (!Number.isNaN(value)) [sum, count] = [sum + value, count + 1];
    return values.map((value) => value - sum / count);
  }

  /** @returns {number} how far from the middle nearly all rows are */
  function radiusOf({ n, x, y, z }) {
    const away = new Float32Array(n);
    for (let i = 0; i < n; i++) away[i] = Math.hypot(x[i], y[i], z[i]);
    const there = away.filter((value) => !Number.isNaN(value)).sort();
    return there[Math.floor((there.length - 1) * WITHIN)] || 1;
  }

  /** @returns {Promise<object>} the places of a run's rows in space */
  const load = explorer.columnsOf("points?dims=3", decode);

  /** @returns {number[]} where a place is seen, and how near it is, from -1 to 1; mildly in perspective */
  function seen({ now, radius }, x, y, z) {
    const deep = (now[6] * x + now[7] * y + now[8] * z) / (DEEPEST * radius);
    const larger = EYE / (EYE - Math.min(deep, EYE / 2));
    return [larger * (now[0] * x + now[1] * y + now[2] * z), larger * (now[3] * x + now[4] * y + now[5] * z), deep];
  }

  /** See every row as it is turned now. */
  function look({ space, n, x, y, depth }) {
    const { radius, now } = space;
    const [a, b, c, d, e, f, g, h, k] = now;
    const [px, py, pz] = [space.x, space.y, space.z];
    const nearer = 1 / (DEEPEST * radius);
    for (let i = 0; i < n; i++) {
      const deep = (g * px[i] + h * py[i] + k * pz[i]) * nearer;
      const larger = EYE / (EYE - Math.min(deep, EYE / 2));
      x[i] = larger * (a * px[i] + b * py[i] + c * pz[i]);
      y[i] = larger * (d * px[i] + e * py[i] + f * pz[i]);
      depth[i] = deep;
    }
  }

  /** Sort the rows by place again, for what is asked of the map at rest, and give names new places. */
  function sort(points) {
    Object.assign(points, explorer.placed(points, points), { version: `${NAME} ${++versions}` });
  }

  /** Turn, and show it in the next frame. */
  function turn(points, gd, right, down) {
    points.space.now = explorer.rotation.turned(points.space.now, right, down);
    clearTimeout(motion.timer);
    motion.timer = setTimeout(() => rest(points, gd), REST_MS);
    if (!motion.frame) motion.frame = requestAnimationFrame(() => follow(points, gd));
  }

  function follow(points, gd) {
    motion.frame = 0;
    if (explorer.map.points !== points) return;
    look(points);
    explorer.overlay.place(gd);
    explorer.paintDensity();
    window.explorerMap.turns = (window.explorerMap.turns || 0) + 1;
  }

  function rest(points, gd) {
    cancelAnimationFrame(motion.frame);
    motion.frame = 0;
    look(points);
    sort(points);
    if (explorer.map.points !== points) return;
    explorer.overlay.place(gd);
    explorer.paintDensity();
    window.explorerMap.rests = (window.explorerMap.rests || 0) + 1;
  }

  /** @returns {number} the row at (x, y) that is in front of the others there, or the nearest within the radius; -1 for none */
  function pick(points, x, y, radius) {
    const { grid, depth, dot } = points;
    let [front, best] = [-1, -1];
    let least = radius * radius;
    explorer.linesWithin(points, { x: [x - radius, x + radius], y: [y - radius, y + radius] }, (from, to) => {
      for (let i = from; i < to; i++) {
        const row = grid.rows[i];
        const away = (grid.x[i] - x) ** 2 + (grid.y[i] - y) ** 2;
        const reach = dot * explorer.depth.sizeAt(depth[row]);
        if (away <= reach * reach && (front < 0 || depth[row] > depth[front])) front = row;
        if (away <= least) [best, least] = [row, away];
      }
    });
    return front >= 0 ? front : best;
  }

  const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

  /** @returns {number[]|null} where a group is in space: amid those of its rows that lie about its name on the flat map */
  function homeOf({ space, label, n }, flat, { clusters, cluster, x, y }) {
    const own = new Set(clusters || [cluster]);
    const rows = [];
    for (let i = 0; i < n; i++) {
      if ((!own.size || own.has(label[i])) && !Number.isNaN(space.x[i])) rows.push(i);
    }
    const step = Math.ceil(rows.length / MEMBERS);
    const some = rows.filter((_, at) => at % step === 0).map((row) => [(flat.x[row] - x) ** 2 + (flat.y[row] - y) ** 2, row]);
    if (!some.length || x === null || x === undefined) return null;
    const near = some.sort((one, other) => one[0] - other[0]).slice(0, Math.max(5, Math.ceil(some.length / 4)));
    return [space.x, space.y, space.z].map((values) => middle(near.map(([, row]) => values[row])));
  }

  /** @returns {function} where a group's name belongs now */
  function anchors(points, flat) {
    const homes = new Map();
    return (group) => {
      const key = `${group.name}|${group.x}|${group.y}`;
      if (!homes.has(key)) homes.set(key, homeOf(points, flat, group));
      const home = homes.get(key);
      if (!home) return null;
      const [x, y, depth] = seen(points.space, ...home);
      return { x, y, depth };
    };
  }

  /** Paint the rows as they are turned, in the colours of the map. */
  function paint(points, canvas, { codes, colors, pale }, mask, view) {
    if (points.inks.colors !== colors) points.inks = { colors, all: [...colors, pale] };
    const near = (2 * points.space.radius) / (view.y[1] - view.y[0]);
    const size = (view.scale || 1) * explorer.look(points.n).size * Math.min(2.5, Math.max(0.8, near) ** 0.4);
    if (!view.scale) points.dot = (size / 2) * ((view.x[1] - view.x[0]) / view.width); // on screen, where it is pointed at
    const ground = view.ground || getComputedStyle(document.documentElement).getPropertyValue("--map-ground").trim();
    explorer.depth.paint(canvas, points, view, { codes, colors: points.inks.all, ground, mask, size });
  }

  /** @returns {{x, y}} a square about the middle that shows nearly all rows as they are seen, and room to turn them */
  function boundsOf({ x, y, space }) {
    const away = x.map((value, i) => Math.max(Math.abs(value), Math.abs(y[i]))).filter((value) => !Number.isNaN(value));
    const most = away.sort()[Math.floor((away.length - 1) * SEEN)] || 0;
    const side = Math.max(most, SIDE * space.radius);
    return { x: [-side, side], y: [-side, side] };
  }

  /** @returns {object} points that are seen in space: those of the map, with what turning and painting them takes */
  function spatial(flat, space) {
    const [x, y, depth] = [0, 1, 2].map(() => new Float32Array(flat.n));
    const points = { ...flat, arrangement: NAME, space, x, y, depth, dot: 0, inks: {} };
    look({ ...points, space: { ...space, now: space.first } });
    points.bounds = boundsOf(points);
    look(points);
    sort(points);
    points.turn = (gd, dx, dy) => turn(points, gd, dx * RADIANS_A_PX, dy * RADIANS_A_PX);
    points.pick = (atX, atY, radius) => pick(points, atX, atY, radius);
    points.paint = (canvas, shades, mask, view) => paint(points, canvas, shades, mask, view);
    points.anchor = anchors(points, flat);
    points.reset = () => {
      space.now = space.first;
      look(points);
      sort(points);
    };
    return points;
  }

  /** @returns {Promise<object>} the rows in space; has them laid out where that was not done yet */
  async function arrange(flat, view) {
    const { run } = view;
    try {
      if (!(await explorer.askSpace(run))) throw new Error("The 3-D map was stopped; this is the map.");
      const space = await load(run);
      if (!space.now) space.now = space.first = explorer.rotation.towards(space, await explorer.loadPoints(run));
      return spatial(flat, space);
    } catch (error) {
      explorer.go({ arrangement: null });
      throw error;
    }
  }

  /** The button: the map stays as it is until the other one is there. */
  async function press() {
    const { run } = explorer.here();
    try {
      if ((await explorer.askSpace(run)) && (await load(run)) && explorer.here().run === run) explorer.go({ arrangement: NAME });
    } catch (error) {
      explorer.notify(error.message);
    }
  }

  const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

  /** The arrow keys turn it, unless they are meant for something else. */
  function followKey(event) {
    const { points, element } = explorer.map || {};
    const steps = ARROWS[event.key];
    if (!steps || !points || !points.turn || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = event.target === document.body || (event.target.closest && event.target.closest("#map-holder"));
    if (!here || event.target.closest("input, textarea, [role=radio], summary")) return;
    event.preventDefault();
    turn(points, element, ...steps);
  }

  document.addEventListener("keydown", followKey);
  const hint = "Turn the rows in space: UMAP in three dimensions";
  explorer.arrangements.register({ name: NAME, title: "3-D", hint, offered: () => true, arrange, press });
})();
