/** What the tests of uploads share: batches of small files, what a browser keeps, and a server that is made up here. */
import assert from "node:assert/strict";
import * as all from "../../assets/upload/batches.mjs";

const WHERE = { endpoint: "/api/uploads", store: "uploaded" };
export const fileOf = (name, content) => ({ file: new File([content], name, { lastModified: 1e12 }), name });

/** @returns {{server: Server, spoken: string[]}} a server and what the page says, with no batch yet */
export function afresh() {
  all.batches.length = 0;
  const [server, spoken] = [new Server(), []];
  all.tell({ draw: () => undefined, reveal: () => undefined, speak: (text) => spoken.push(text) });
  return { server, spoken };
}

/** @returns {object} a batch of files with the given contents */
export function batchOf(contents) {
  const batch = all.add(WHERE, "");
  batch.files = all.distinct(Object.entries(contents).map(([name, content]) => fileOf(name, content)));
  return batch;
}

/** Wait until something is so. */
export async function until(look) {
  for (let i = 0; i < 2000; i++) {
    if (look()) return;
    await new Promise((done) => setTimeout(done, 2));
  }
  assert.fail(`waited in vain for ${look}`);
}

/** What a browser keeps of one kind. */
export function storage() {
  const kept = new Map();
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) };
}

/** A server that keeps what it is sent, four bytes a piece; *trouble* may answer in its place, or be no answer. */
export class Server {
  constructor() {
    Object.assign(this, { files: new Map(), asked: [], stored: [], done: 0, deleted: 0, chunk: 4, begun: [] });
    Object.assign(this, { trouble: () => null, flights: [0, 0], reading: 0 });
    const server = this;
    globalThis.fetch = (url, options = {}) => server.fetch(url, options);
    globalThis.window = {
      dash_clientside: { set_props: (id, { data }) => server.stored.push([id, data]) },
      localStorage: storage(),
      sessionStorage: storage(),
    };
    globalThis.XMLHttpRequest = class extends EventTarget {
      upload = new EventTarget();
      open(method, url) {
        Object.assign(this, { method, url });
      }
      setRequestHeader() {}
      getResponseHeader() {
        return this.offset;
      }
      abort() {
        this.gone = true;
        this.dispatchEvent(new Event("abort"));
      }
      async send(body) {
        server.flights = [server.flights[0] + 1, Math.max(server.flights[1], server.flights[0] + 1)];
        const bytes = await body.text();
        await new Promise((done) => setTimeout(done, 1));
        server.flights[0]--;
        if (this.gone) return;
        const answer = server.take(this.url, bytes);
        Object.assign(this, answer);
        this.dispatchEvent(new Event(answer ? "load" : "error"));
      }
    };
  }

  take(url, bytes) {
    const { name, offset } = Object.fromEntries(new URL(url, "http://here").searchParams);
    this.asked.push([name, Number(offset), bytes]);
    const said = this.trouble(name, Number(offset));
    if (said !== null) return said;
    const kept = this.files.get(name) || "";
    if (kept.length !== Number(offset)) return { status: 409, offset: String(kept.length), responseText: "" };
    this.files.set(name, kept + bytes);
    return { status: 204, offset: String(kept.length + bytes.length), responseText: "" };
  }

  async fetch(url, { method = "GET", body }) {
    const json = (status, body) => new Response(body === null ? null : JSON.stringify(body), { status });
    if (method === "DELETE") return json(204, (this.deleted++, null));
    if (method === "HEAD") {
      const kept = this.files.get(new URL(url, "http://here").searchParams.get("name"));
      return new Response(null, { status: kept === undefined ? 404 : 200, headers: { "Upload-Offset": String(kept?.length) } });
    }
    if (url.endsWith("/done")) {
      if (this.reading-- > 0) return json(409, { title: "NotReady", detail: "it is being read already" });
      return json(200, { dataset: "key", n: (this.done++, this.files.size) });
    }
    if (method === "GET") {
      if (!url.endsWith(`/id ${this.begun.length}`)) return json(404, { detail: "there is no such upload" });
      const files = [...this.files].map(([name, kept]) => ({ name, bytes: kept.length }));
      return json(200, { upload: `id ${this.begun.length}`, chunk: this.chunk, files });
    }
    return json(200, { upload: `id ${this.begun.push(JSON.parse(body))}`, chunk: this.chunk });
  }
}
