/**
 * How much of a batch is sent, how fast that goes and how long it will still take, in words.
 */

const RATE_WINDOW_MS = 4000;
const SURE_AFTER_MS = 1500;

/**
 * @param {number} sent
 * @param {number} total bytes
 */
export function amount(sent, total) {
  const [unit, name, digits] = total < 1e6 ? [1e3, "KB", 0] : total < 1e9 ? [1e6, "MB", 1] : [1e9, "GB", 2];
  return `${(sent / unit).toFixed(digits)} of ${(total / unit).toFixed(digits)} ${name}`;
}

/**
 * Note how much is sent by now.
 * @param {number[][]} marks time in ms and bytes, the last seconds of them
 * @param {number} now
 * @param {number} sent
 * @returns {number} bytes a second over the last seconds; 0 while that is not known
 */
export function speed(marks, now, sent) {
  marks.push([now, sent]);
  while (marks.length > 2 && now - marks[0][0] > RATE_WINDOW_MS) marks.shift();
  const [since, before] = marks[0];
  return now - since > 300 && sent > before ? ((sent - before) / (now - since)) * 1000 : 0;
}

/**
 * @param {number[][]} marks
 * @param {number} perSecond
 * @param {number} left bytes
 * @returns {string} how fast it goes, and for how long still; empty while that is not known
 */
export function pace(marks, perSecond, left) {
  if (perSecond === 0) return "";
  const sure = marks[marks.length - 1][0] - marks[0][0] >= SURE_AFTER_MS;
  return ` · ${(perSecond / 1e6).toFixed(1)} MB/s${sure ? ` · ${span(left / perSecond)} left` : ""}`;
}

/**
 * @param {number} seconds
 * @returns {string} about how long that is
 */
export function span(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.round((seconds - 3600 * hours) / 60);
  return minutes === 60 ? `${hours + 1} h` : `${hours} h ${minutes} min`;
}
