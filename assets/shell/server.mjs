/**
 * Asks this server: the addresses of a run's parts, the sentence of a refusal, columns that are fetched once.
 */

const KEPT_RUNS = 3;
const TRIES = 4;
const RETRY_SECONDS = 2;
export const API = "/api/v1";

/**
 * @param {string} run
 * @param {string} rest
 * @returns {string} the address of something of a run
 */
export const runUrl = (run, rest) => `${API}/runs/${encodeURIComponent(run)}/${rest}`;

/**
 * Turn a failed answer into an Error with the sentence that the server says.
 * @param {Response} answer
 */
async function failure(answer) {
  const problem = await answer.json().catch(() => ({}));
  return new Error(sentence(problem.on_page || problem.detail || `the server answered ${answer.status}; try again.`));
}

/**
 * @param {string} words
 * @returns {string} the words as a sentence begins; names such as “st:model” or “data.csv” stay as they are
 */
export const sentence = (words) => words.replace(/^[a-z](?=[a-z]* )/, (letter) => letter.toUpperCase());

/**
 * @param {unknown} error
 * @returns {string} what an error says
 */
export const sentenceOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * Wait as long as a server that has too much to do asks for, and a little more, by chance, so that not all come back at once.
 * @param {Response} answer
 */
function itsTurn(answer) {
  const seconds = Number(answer.headers.get("Retry-After") ?? RETRY_SECONDS);
  return new Promise((resolve) => setTimeout(resolve, 1000 * seconds * (1 + Math.random() / 2)));
}

/**
 * Fetch, and throw the server's sentence unless it went well; a server that has too much to do is asked again, some times.
 * @param {string} url
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
export async function fetched(url, options) {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(url, options);
    if (answer.ok) return answer;
    if (answer.status !== 429 || tries === TRIES) throw await failure(answer);
    await itsTurn(answer);
  }
}

/**
 * @template T
 * @param {string} rest
 * @param {(buffer: ArrayBuffer) => T} decoded
 * @returns {(run: string) => Promise<T>} fetches binary columns of a run and decodes them: the same promise for the same
 *   run, until it fails or others have taken its place
 */
export function columnsOf(rest, decoded) {
  /** @type {Map<string, Promise<T>>} */
  const loaded = new Map();
  return (run) => {
    const known = loaded.get(run);
    if (known) return known;
    const coming = fetched(runUrl(run, rest))
      .then((answer) => answer.arrayBuffer())
      .then(decoded);
    coming.catch(() => loaded.delete(run));
    loaded.set(run, coming);
    if (loaded.size > KEPT_RUNS) loaded.delete([...loaded.keys()][0]);
    return coming;
  };
}
