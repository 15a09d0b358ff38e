/**
 * Plays the sound of the open point: by its player, by a click on its picture – from the place that was clicked –, or by
 * the key P.  A line on the picture goes along.  One sound plays at a time.
 */
import { closest, one } from "../shell/dom.mjs";
import { say } from "../shell/say.mjs";

const WRITING = "input, textarea, select, [contenteditable=true], dialog, [role=dialog]";
/** @param {ParentNode} within */
const playerIn = (within) => /** @type {HTMLAudioElement|null} */ (one(within, ".point-sound audio"));

/**
 * @param {number} left where the picture begins
 * @param {number} width
 * @param {number} x where it was clicked
 * @returns {number} the share of the sound that lies before that place, 0 to 1; a keyboard's click is at its beginning
 */
export function shareAt(left, width, x) {
  if (!(width > 0) || x < left) return 0;
  return Math.min(1, (x - left) / width);
}

/** @param {HTMLAudioElement} player */
function begin(player) {
  player.play().catch(() => say("This browser does not play that sound."));
}

/** @param {MouseEvent} event */
function clicked(event) {
  const place = closest(event, "[data-plays]");
  const player = place && place.parentElement && playerIn(/** @type {ParentNode} */ (place.parentElement.parentElement));
  const picture = place && one(place, "img");
  if (!player || !picture) return;
  const { left, width } = picture.getBoundingClientRect();
  if (Number.isFinite(player.duration)) player.currentTime = shareAt(left, width, event.clientX) * player.duration;
  begin(player);
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.key.toLowerCase() !== "p" || event.ctrlKey || event.metaKey || event.altKey || event.repeat || closest(event, WRITING)) return;
  const player = playerIn(document);
  if (!player || !player.offsetParent) return;
  event.preventDefault();
  if (player.paused) begin(player);
  else player.pause();
}

/**
 * Have the line on the picture go along with what is heard.
 * @param {Event} event
 */
function moved({ target }) {
  if (!(target instanceof HTMLAudioElement)) return;
  const figure = target.closest(".point-sound");
  const line = figure && one(figure, ".playhead");
  if (!line || !Number.isFinite(target.duration)) return;
  line.hidden = target.currentTime === 0;
  line.style.left = `${(100 * target.currentTime) / target.duration}%`;
}

/**
 * Let the others fall silent.
 * @param {Event} event
 */
function alone({ target }) {
  [...document.querySelectorAll("audio")].filter((other) => other !== target).forEach((other) => other.pause());
}

/** Listen to clicks, keys and players; what these say of themselves does not bubble. */
export function listen() {
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", pressed);
  document.addEventListener("timeupdate", moved, true);
  document.addEventListener("seeked", moved, true);
  document.addEventListener("play", alone, true);
}
