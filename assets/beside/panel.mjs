/**
 * What stands beside two maps in words: how far they agree, what each keeps, the row that is chosen with its neighbours by
 * each, what a search found by each, the rows that moved most.  It asks nobody.
 */
import { buttonOf, make } from "../shell/dom.mjs";

const LONGEST = 160;
const WEAK = "little to do with it";
/** @type {Record<string, string>} */
const BECAME = { kept: "stays", merged: "is part of", split: "is spread over" };

/** @param {number} share */
const percent = (share) => `${Math.round(100 * share)} %`;

/**
 * @param {string} kind
 * @param {string} words
 * @param {(Node|string)[]} parts
 * @returns {HTMLElement} a section with its heading
 */
function section(kind, words, parts) {
  const made = make("section", `beside-section ${kind}`);
  made.append(make("h2", "section-heading", words), ...parts);
  return made;
}

/**
 * @param {{text?: string, path?: string, place: string}} card
 * @returns {string} what a row says, or what it is called
 */
export function wordsOf({ text, path, place }) {
  const words = (text || path || place).replace(/\s+/g, " ").trim();
  return words.length > LONGEST ? `${words.slice(0, LONGEST - 1).trimEnd()}…` : words;
}

/**
 * @param {BesideCard} card
 * @param {(row: number) => void} choose
 * @param {string} [foot]
 * @returns {HTMLElement} a row as a button that chooses it
 */
export function cardOf(card, choose, foot = "") {
  const button = buttonOf(`beside-card${card.shared ? " shared" : ""}`, "", () => choose(card.row));
  button.dataset.row = String(card.row);
  if (card.thumbnail) button.append(Object.assign(make("img", "thumb"), { src: card.thumbnail, alt: "", loading: "lazy" }));
  const said = make("span", "beside-said");
  said.append(Object.assign(make("span", "beside-words", wordsOf(card)), { dir: "auto" }));
  const notes = [card.shared ? "by both" : "", card.weak ? WEAK : "", foot].filter(Boolean).join(" · ");
  if (notes) said.append(make("span", "note", notes));
  button.append(said);
  return button;
}

/**
 * @param {BesideCard[]} cards
 * @param {(row: number) => void} choose
 * @param {(card: BesideCard) => string} [foot]
 */
function listOf(cards, choose, foot = () => "") {
  const list = make("ol", "beside-cards");
  list.append(
    ...cards.map((card) => {
      const line = make("li", "");
      line.append(cardOf(card, choose, foot(card)));
      return line;
    }),
  );
  return list;
}

/**
 * @param {string[]} names
 * @param {BesideCard[][]} lists
 * @param {(row: number) => void} choose
 * @param {string[]} none what is said in place of an empty list of each
 * @returns {HTMLElement} two lists side by side, each under the name of its map
 */
function twoLists(names, lists, choose, none) {
  const both = make("div", "beside-two");
  names.forEach((name, side) => {
    const column = make("div", "");
    column.append(make("h3", "beside-of", name), lists[side].length ? listOf(lists[side], choose) : make("p", "note", none[side]));
    both.append(column);
  });
  return both;
}

/**
 * @param {Compared} told
 * @returns {string[]} what the two maps are called
 */
export const namesOf = ({ a, b }) => [a.called, b.called];

/**
 * @param {RowCompared} row
 * @param {Compared} told
 * @param {(row: number) => void} choose
 * @param {() => void} leave
 * @returns {HTMLElement} the chosen row with its neighbours by each
 */
export function rowSection(row, told, choose, leave) {
  const names = namesOf(told);
  const own = make("div", "beside-own");
  own.append(cardOf(row, choose), buttonOf("ghost", "Let go", leave));
  const homes = [row.cluster < 0 ? "" : row.cluster_name, row.cluster_b < 0 ? "" : row.cluster_name_b];
  const words = homes.map((name, side) => `${name ? `in “${name}”` : "in no cluster"} by ${names[side]}`).join(", ");
  const where = make("p", "note", `${words[0].toUpperCase()}${words.slice(1)}.`);
  const kept = `${Math.round(row.overlap * row.near_a.length)} of its ${row.near_a.length} nearest are the same`;
  return section("of-row", kept, [own, where, twoLists(names, [row.near_a, row.near_b], choose, ["no neighbours", "no neighbours"])]);
}

/**
 * @param {string} query
 * @param {BesideCard[][]} hits by each, those that are by both marked
 * @param {string[]} faults why one could not search, "" where it could
 * @param {Compared} told
 * @param {(row: number) => void} choose
 * @returns {HTMLElement} what a search found by each
 */
export function hitSection(query, hits, faults, told, choose) {
  const same = hits[0].filter(({ shared }) => shared).length;
  const most = Math.max(hits[0].length, hits[1].length);
  const none = faults.map((fault) => fault || "nothing was found");
  const found = faults.some(Boolean) ? "" : `: ${same} of ${most} found by both`;
  return section("of-hits", `“${query}”${found}`, [twoLists(namesOf(told), hits, choose, none)]);
}

/**
 * @param {string} query
 * @returns {HTMLElement} what stands there until the encoders have answered: the first time they are loaded for it
 */
export const waitSection = (query) => section("of-waiting", `Searching for “${query}” …`, []);

/**
 * @param {number} count
 * @param {string[][]} clusters where most of the rows are, by each
 * @param {Compared} told
 * @param {() => void} leave
 * @returns {HTMLElement} what is selected
 */
export function selectionSection(count, clusters, told, leave) {
  const lines = namesOf(told).map((name, side) => make("p", "", `By ${name}: ${clusters[side].join(", ") || "in no cluster"}`));
  return section("of-selection", `${count.toLocaleString("en")} row${count === 1 ? "" : "s"} selected`, [...lines, buttonOf("ghost", "Let go", leave)]);
}

/**
 * @param {Compared} told
 * @returns {HTMLElement[]} the table of what each keeps of each labelled column; none without any
 */
function keptSection(told) {
  if (!told.columns.length) return [];
  const names = namesOf(told);
  const table = make("table", "beside-kept");
  const head = make("tr", "");
  head.append(...["Column", ...names].map((words) => Object.assign(make("th", "", words), { scope: "col" })));
  const lines = told.columns.map(({ column, accuracy, better, said }) => {
    const line = make("tr", "");
    line.title = said;
    const cells = accuracy.map((value, side) => make("td", side === better ? "better" : "", `${(100 * value).toFixed(1)} %`));
    line.append(Object.assign(make("th", "", column), { scope: "row" }), ...cells);
    return line;
  });
  table.append(head, ...lines);
  const about = `How often most of a row’s ${told.k} nearest have its own value. Bold: kept better, beyond what chance makes.`;
  return [section("of-columns", "What each keeps", [table, make("p", "note", about)])];
}

/**
 * @param {Compared} told
 * @returns {HTMLElement[]} what became of the clusters of the first map
 */
function clustersSection(told) {
  if (!told.clusters.length) return [];
  const list = make("ul", "beside-clusters");
  list.append(
    ...told.clusters.map(({ name, became, parts }) => {
      const line = make("li", "");
      const where = parts.map((part) => `${part.name} (${percent(part.share)})`).join("; ") || "many small parts";
      line.append(make("b", "", name), ` ${BECAME[became]} ${where}`);
      return line;
    }),
  );
  const folded = make("details", "beside-section of-clusters");
  folded.append(make("summary", "section-heading", `The clusters by ${told.a.called}, and what became of them`), list);
  return [folded];
}

/**
 * @param {Compared} told
 * @param {(row: number) => void} choose
 * @returns {HTMLElement[]} what is said of the two maps as a whole
 */
export function wholeSections(told, choose) {
  const said = section("of-whole", "How far they agree", told.said.map((words) => make("p", "", words)));
  const kept = (/** @type {BesideCard} */ card) => percent(/** @type {RowCompared} */ (card).overlap);
  const moved = told.moved.length
    ? listOf(told.moved, choose, (card) => `${kept(card)} kept`)
    : make("p", "note", "None: every row has the same neighbours by both.");
  return [said, ...keptSection(told), section("of-moved", "The rows that moved most", [moved]), ...clustersSection(told)];
}
