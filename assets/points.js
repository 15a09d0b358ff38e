/**
 * The points of a run: fetched once, decoded into typed arrays, searched by place.
 * It draws nothing and knows no element of the page.
 */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});
  const HEADER = 40;
  const STEPS = 65534;
  const NOWHERE = 65535;
  const CELLS = 128;
  const KEPT_RUNS = 3;
  const loaded = new Map();

  explorer.api = "/api/v1";

  /** @returns {string} the address of something of a run */
  explorer.runUrl = (run, rest) => `${explorer.api}/runs/${encodeURIComponent(run)}/${rest}`;

  /** Turn a failed answer into an Error with the sentence that the server says. */
  async function failure(answer) {
    const problem = await answer.json().catch(() => ({}));
    return new Error(problem.detail || `the server answered ${answer.status}; try again.`);
  }

  /** Fetch, and throw the server's sentence unless it went well. */
  explorer.fetched = async function (url, options) {
    const answer = await fetch(url, options);
    if (!answer.ok) throw await failure(answer);
    return answer;
  };

  /** Turn quantised numbers into coordinates; NaN for rows without a place. */
  function coordinates(quantised, low, high) {
    const values = new Float32Array(quantised.length);
    const step = (high - low) / STEPS;
    for (let i = 0; i < quantised.length; i++) {
      values[i] = quantised[i] === NOWHERE ? NaN : low + quantised[i] * step;
    }
    return values;
  }

  /** Read the binary layout that GET /runs/{key}/points documents. */
  function decode(buffer) {
    const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
    if (magic !== "EEP1") throw new Error("the points have an unknown layout; reload the page.");
    const n = new Uint32Array(buffer, 4, 1)[0];
    const [xLow, xHigh, yLow, yHigh] = new Float32Array(buffer, 16, 4);
    const label = new Int32Array(buffer, HEADER, n);
    const x = coordinates(new Uint16Array(buffer, HEADER + 4 * n, n), xLow, xHigh);
    const y = coordinates(new Uint16Array(buffer, HEADER + 6 * n, n), yLow, yHigh);
    const points = { n, label, x, y, bounds: { x: [xLow, xHigh], y: [yLow, yHigh] }, bytes: buffer.byteLength };
    points.grid = gridOf(points);
    points.reach = reachOf(points);
    return points;
  }

  /** @returns {Map<number, number>} per cluster how far it reaches up and down from its middle: two standard deviations */
  function reachOf({ n, label, y }) {
    const sums = new Map();
    for (let i = 0; i < n; i++) {
      if (label[i] < 0 || Number.isNaN(y[i])) continue;
      const sum = sums.get(label[i]) || [0, 0, 0];
      sums.set(label[i], [sum[0] + 1, sum[1] + y[i], sum[2] + y[i] * y[i]]);
    }
    const deviation = ([count, sum, squares]) => Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
    return new Map(Array.from(sums, ([cluster, sum]) => [cluster, 2 * deviation(sum)]));
  }

  /** @returns {number} the cell of a coordinate along one side, 0 … CELLS - 1 */
  function cellOf(value, [low, high]) {
    const share = high > low ? (value - low) / (high - low) : 0;
    return Math.min(CELLS - 1, Math.max(0, Math.floor(share * CELLS)));
  }

  /** Sort rows into square cells, so that the nearest one is found without looking at all. */
  function gridOf({ n, x, y, bounds }) {
    const cells = new Int32Array(n).fill(-1);
    const start = new Int32Array(CELLS * CELLS + 1);
    for (let i = 0; i < n; i++) {
      if (Number.isNaN(x[i])) continue;
      cells[i] = cellOf(y[i], bounds.y) * CELLS + cellOf(x[i], bounds.x);
      start[cells[i] + 1]++;
    }
    for (let c = 0; c < CELLS * CELLS; c++) start[c + 1] += start[c];
    const next = start.slice(0, -1);
    const rows = new Int32Array(start[CELLS * CELLS]);
    for (let i = 0; i < n; i++) if (cells[i] >= 0) rows[next[cells[i]]++] = i;
    return { start, rows };
  }

  /** @returns {Promise<object>} a run's points; the same promise for the same run */
  explorer.loadPoints = function (run) {
    if (!loaded.has(run)) {
      const coming = explorer
        .fetched(explorer.runUrl(run, "points"))
        .then((answer) => answer.arrayBuffer())
        .then(decode);
      coming.catch(() => loaded.delete(run));
      loaded.set(run, coming);
      if (loaded.size > KEPT_RUNS) loaded.delete(loaded.keys().next().value);
    }
    return loaded.get(run);
  };

  /** @returns {number} the row nearest to (x, y) within the radius, all in map units; -1 for none */
  explorer.nearestRow = function (points, x, y, radius) {
    const { start, rows } = points.grid;
    const [left, right] = [x - radius, x + radius].map((v) => cellOf(v, points.bounds.x));
    const [low, high] = [y - radius, y + radius].map((v) => cellOf(v, points.bounds.y));
    let best = -1;
    let least = radius * radius;
    for (let cy = low; cy <= high; cy++) {
      for (let i = start[cy * CELLS + left]; i < start[cy * CELLS + right + 1]; i++) {
        const row = rows[i];
        const away = (points.x[row] - x) ** 2 + (points.y[row] - y) ** 2;
        if (away <= least) [best, least] = [row, away];
      }
    }
    return best;
  };

  /** @returns {boolean} whether (x, y) is inside the polygon, by the even-odd rule */
  function insidePath(path, x, y) {
    let inside = false;
    for (let i = 0, j = path.length - 1; i < path.length; j = i++) {
      const [xi, yi] = path[i];
      const [xj, yj] = path[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  }

  /** @returns {Uint8Array} 1 for rows inside the shape ({path} or {box}) */
  explorer.rowsInside = function (points, shape) {
    const mask = new Uint8Array(points.n);
    const corners = shape.path || [shape.box.slice(0, 2), shape.box.slice(2)];
    const xs = corners.map((p) => p[0]);
    const ys = corners.map((p) => p[1]);
    const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    for (let i = 0; i < points.n; i++) {
      const x = points.x[i];
      const y = points.y[i];
      if (!(x >= left && x <= right && y >= low && y <= high)) continue;
      mask[i] = !shape.path || insidePath(shape.path, x, y) ? 1 : 0;
    }
    return mask;
  };
})();
