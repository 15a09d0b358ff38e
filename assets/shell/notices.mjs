/**
 * The messages at the foot of the page.  One that tells of a dataset goes when another one is on screen: over that one it
 * would say something false.
 */
import { noUpdate, setProps } from "./dash.mjs";
import { sentence } from "./server.mjs";

/** @type {{id: string, about: string, seen: boolean}[]} the messages that tell of a dataset, and whether that has been on screen */
let told = [];
/** @type {{dataset: string|null}} what is looked at, or else what the map on screen is of */
const screen = { dataset: null };
let number = 0;

/**
 * Notice → notification.
 * @param {{text: string, kind: string, about?: string}|null} given
 */
export function notice(given) {
  if (!given || !given.text) return noUpdate();
  const error = given.kind === "error";
  number += 1;
  const id = `notice-${number}`;
  if (given.about) told.push({ id, about: given.about, seen: given.about === screen.dataset });
  return [
    {
      action: "show",
      id,
      message: sentence(given.text),
      title: error ? "That did not work" : undefined,
      color: error ? "red" : "indigo",
      withBorder: true,
      closeButtonProps: { "aria-label": "Close" },
    },
  ];
}

/**
 * Another dataset is on screen, or none: what was told of others goes.  What is told of one that is still to come stays.
 * @param {string|null} dataset
 */
export function overDataset(dataset) {
  if (dataset === screen.dataset) return;
  screen.dataset = dataset;
  const stale = told.filter(({ about, seen }) => seen && about !== dataset);
  told = told.filter((one) => !stale.includes(one)).map((one) => ({ ...one, seen: one.seen || one.about === dataset }));
  if (stale.length) setProps("notifications", { hideNotifications: stale.map(({ id }) => id) });
}
