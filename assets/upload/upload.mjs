/* Sends what is dropped, chosen or pasted to the server, in pieces that can be resumed, and shows how far it is.

   It reads no file's content and decides nothing about it: that is the server's.  A zone is any element with
   `data-endpoint` (where to send) and `data-store` (the dcc.Store that gets the answer); events are delegated, so a
   zone may be drawn again at any time.  A drop on the search box is left to the search. */
(function () {
  "use strict";
  const explorer = (window.explorer = window.explorer || {});

  const SEARCH = "[data-image-query], #search-zone";
  const WORKERS = 4;
  const FIRST_WAIT_MS = 500;
  const LONGEST_WAIT_MS = 8000;
  const TRIES = 14; // about a minute and a half: a server that restarts is back by then

  const batches = []; // the first is the one being sent
  let ownDrag = false;
  let picker = null; // held, so that it is still there when the choice is made

  class Refused extends Error {} // the server's sentence; trying again would not help
  class Unreachable extends Error {} // worth another try

  // --- choosing: button, drop, folder -------------------------------------------------------------------------------

  function zone() {
    return document.querySelector("[data-endpoint]");
  }

  function pick(kind) {
    const input = (picker = document.createElement("input"));
    input.type = "file";
    input.multiple = true;
    input.webkitdirectory = kind === "folder";
    input.addEventListener("change", () => {
      start(Array.from(input.files, (file) => ({ file, name: file.webkitRelativePath || file.name })));
    });
    input.click();
  }

  function carriesFiles(event) {
    return !ownDrag && event.dataTransfer !== null && Array.from(event.dataTransfer.types).includes("Files");
  }

  function belongsToSearch(event) {
    return event.target instanceof Element && event.target.closest(SEARCH) !== null;
  }

  async function dropped(transfer) {
    // Entries are only there until the event ends: take them all before the first await.
    const entries = Array.from(transfer.items || [], (item) => item.kind === "file" && item.webkitGetAsEntry())
      .filter(Boolean);
    if (entries.length === 0) {
      return start(Array.from(transfer.files, (file) => ({ file, name: file.name })));
    }
    const found = [];
    const batch = waiting("Looking through the folders…");
    try {
      for (const entry of entries) await walk(entry, found, batch);
      batch.files = distinct(found);
      enqueue(batch);
    } catch (error) {
      if (!batch.stop.signal.aborted) fail(batch, `A folder could not be read: ${error.message || error.name}.`);
    }
  }

  async function walk(entry, found, batch) {
    batch.stop.signal.throwIfAborted();
    const name = entry.fullPath.replace(/^\//, "");
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      found.push({ file, name });
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      // readEntries gives a hundred at a time, and an empty list at the end.
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return;
      for (const child of some) await walk(child, found, batch);
    }
  }

  function distinct(files) {
    const seen = new Map();
    return files.map(({ file, name }) => {
      const count = (seen.get(name) || 0) + 1;
      seen.set(name, count);
      const dot = name.lastIndexOf(".");
      const numbered = dot > 0 ? `${name.slice(0, dot)} (${count})${name.slice(dot)}` : `${name} (${count})`;
      return { file, name: count === 1 ? name : numbered, sent: 0, done: false };
    });
  }

  // --- one batch: made, sent, read ----------------------------------------------------------------------------------

  function waiting(note) {
    const place = zone();
    for (const one of batches.filter((old) => old.state === "failed" && old.again === null)) finish(one);
    const batch = {
      endpoint: place.dataset.endpoint, store: place.dataset.store, stop: new AbortController(),
      files: [], id: null, chunk: 0, state: "looking", note, error: "", again: null, marks: [],
    };
    batches.push(batch);
    explorer.upload.reveal();
    explorer.upload.draw();
    return batch;
  }

  function start(files) {
    if (files.length === 0 || zone() === null) return;
    const batch = waiting("");
    batch.files = distinct(files);
    enqueue(batch);
  }

  function enqueue(batch) {
    if (batch.files.length === 0) return fail(batch, "There is no file in what you dropped. Drop files or a folder with files.");
    batch.state = "queued";
    if (batches.find((one) => one.state !== "failed") === batch) void send(batch);
    explorer.upload.draw();
  }

  async function send(batch) {
    batch.state = "sending";
    batch.error = "";
    explorer.upload.draw();
    try {
      if (batch.id === null) {
        const answer = await askJson(batch, "POST", batch.endpoint);
        batch.id = answer.upload;
        batch.chunk = answer.chunk;
      }
      await sendAll(batch);
      await read(batch);
    } catch (error) {
      if (batch.stop.signal.aborted) return;
      fail(batch, error.message, error instanceof Unreachable ? () => void send(batch) : null);
    }
  }

  async function sendAll(batch) {
    const left = batch.files.filter((one) => !one.done);
    const failed = new AbortController(); // the first error stops the other workers of this batch
    const signal = AbortSignal.any([batch.stop.signal, failed.signal]);
    const work = async () => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) await sendFile(batch, one, signal);
    };
    try {
      await Promise.all(Array.from({ length: WORKERS }, work));
    } catch (error) {
      failed.abort();
      throw error;
    }
  }

  async function sendFile(batch, one, signal) {
    let tries = 0;
    while (!one.done) {
      signal.throwIfAborted();
      const before = one.sent;
      try {
        await sendPiece(batch, one, signal);
        if (one.sent > before || one.done) tries = 0;
        else tries = await pause(tries, signal, "the server is still busy with it");
      } catch (error) {
        if (!(error instanceof Unreachable) || signal.aborted) throw error;
        one.sent = before;
        await readable(one);
        batch.note = "The connection was lost; trying again…";
        explorer.upload.draw();
        tries = await pause(tries, signal, error.message);
        await askOffset(batch, one, signal);
      }
    }
    batch.note = "";
  }

  async function sendPiece(batch, one, signal) {
    const from = one.sent;
    const piece = one.file.slice(from, from + batch.chunk);
    const answer = await put(`${fileUrl(batch, one)}&offset=${from}`, piece, signal, (bytes) => {
      one.sent = from + Math.min(bytes, piece.size);
      explorer.upload.draw();
    });
    const said = answer.getResponseHeader("Upload-Offset");
    one.sent = from;
    if (answer.status === 409 && said !== null) {
      settle(one, Number(said));
    } else if (answer.status >= 200 && answer.status < 300) {
      settle(one, said === null ? from + piece.size : Number(said));
      one.done = one.sent === one.file.size;
      batch.note = "";
    } else {
      throw refusal(answer.status, answer.responseText);
    }
    explorer.upload.draw();
  }

  function settle(one, offset) {
    if (offset > one.file.size) throw new Refused(`${one.name} changed while it was sent. Drop it again.`);
    one.sent = offset;
    one.done = offset === one.file.size && offset > 0;
  }

  async function askOffset(batch, one, signal) {
    try {
      const answer = await fetch(fileUrl(batch, one), { method: "HEAD", signal });
      if (answer.ok) settle(one, Number(answer.headers.get("Upload-Offset") || 0));
      else if (answer.status === 404) throw new Refused("The server no longer has this upload. Drop the files again.");
    } catch (error) {
      if (error instanceof Refused) throw error; // unreachable still: the next piece will tell
    }
  }

  function fileUrl(batch, one) {
    return `${batch.endpoint}/${batch.id}/file?name=${encodeURIComponent(one.name)}`;
  }

  async function readable(one) {
    try {
      await one.file.slice(0, 1).arrayBuffer();
    } catch {
      throw new Refused(`${one.name} could not be read from your disk: it is a folder, or was moved or changed. Drop it again.`);
    }
  }

  async function read(batch) {
    batch.state = "reading";
    explorer.upload.draw();
    const answer = await askJson(batch, "POST", `${batch.endpoint}/${batch.id}/done`, {});
    finish(batch);
    deliver(batch.store, answer);
    explorer.upload.speak("The files are read. Their first rows are shown.");
  }

  function deliver(store, answer) {
    window.dash_clientside.set_props(store, { data: { ...answer, at: Date.now() } });
  }

  function finish(batch) {
    batches.splice(batches.indexOf(batch), 1);
    const next = batches.find((one) => one.state === "queued");
    if (next !== undefined) void send(next);
    explorer.upload.draw();
  }

  function fail(batch, sentence, again = null) {
    Object.assign(batch, { state: "failed", error: sentence, again, note: "" });
    if (again === null) forget(batch);
    const next = batches.find((one) => one.state === "queued");
    if (next !== undefined && !batches.some((one) => ["sending", "reading"].includes(one.state))) void send(next);
    explorer.upload.draw();
  }

  function cancel(batch) {
    batch.stop.abort();
    forget(batch);
    finish(batch);
    explorer.upload.speak("Cancelled. Nothing was added.");
  }

  function close(batch) {
    forget(batch);
    finish(batch);
  }

  function forget(batch) {
    if (batch.id !== null) fetch(`${batch.endpoint}/${batch.id}`, { method: "DELETE", keepalive: true }).catch(() => {});
    batch.id = null;
  }

  // --- talking to the server ----------------------------------------------------------------------------------------

  function put(url, body, signal, onProgress) {
    // XMLHttpRequest, because fetch does not say how much of a body is sent.
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const stop = () => request.abort();
      const settled = (act) => () => {
        signal.removeEventListener("abort", stop);
        act();
      };
      request.open("PUT", url);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
      request.addEventListener("load", settled(() => resolve(request)));
      request.addEventListener("error", settled(() => reject(new Unreachable("the server cannot be reached"))));
      request.addEventListener("abort", settled(() => reject(new Unreachable("the request was stopped"))));
      signal.addEventListener("abort", stop);
      request.send(body);
    });
  }

  async function askJson(batch, method, url, body) {
    const options = { method, signal: batch.stop.signal };
    if (body !== undefined) Object.assign(options, { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
    let answer;
    try {
      answer = await fetch(url, options);
    } catch {
      throw new Unreachable("The server cannot be reached. See that it runs, then go on.");
    }
    const text = await answer.text();
    if (!answer.ok) throw refusal(answer.status, text);
    return JSON.parse(text);
  }

  function refusal(status, text) {
    let sentence = "";
    try {
      sentence = JSON.parse(text).detail;
    } catch {
      // not a problem+json: the status has to do
    }
    if (typeof sentence !== "string" || sentence === "") sentence = `The server refused it (status ${status}).`;
    const passing = status === 408 || status === 429 || (status >= 500 && status !== 507);
    return passing ? new Unreachable(sentence) : new Refused(sentence);
  }

  function pause(tries, signal, reason) {
    if (tries + 1 >= TRIES) throw new Unreachable(`The upload stopped: ${reason}. What was sent is kept; go on when the server is back.`);
    const wait = Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait, tries + 1);
      signal.addEventListener("abort", () => (clearTimeout(timer), resolve(tries)), { once: true });
    });
  }

  // --- pasted text --------------------------------------------------------------------------------------------------

  async function sendPasted(press) {
    const { pasteEndpoint, pasteText, pasteName, pasteSays } = press.dataset;
    const text = document.getElementById(pasteText).value;
    const name = document.getElementById(pasteName).value;
    const says = document.getElementById(pasteSays);
    says.textContent = "Reading…";
    press.disabled = true;
    try {
      const answer = await askJson({ stop: new AbortController() }, "POST", pasteEndpoint, { text, name });
      says.textContent = "";
      deliver(press.dataset.store, answer);
      for (const id of [pasteText, pasteName]) window.dash_clientside.set_props(id, { value: "" });
      press.closest("details").open = false;
    } catch (error) {
      says.textContent = error.message;
    } finally {
      press.disabled = false;
    }
  }

  // --- events -------------------------------------------------------------------------------------------------------

  function pressed(event) {
    if (!(event.target instanceof Element)) return;
    const press = event.target.closest("[data-upload-pick], [data-paste-endpoint]");
    if (press === null) return;
    if (press.dataset.uploadPick) pick(press.dataset.uploadPick);
    else void sendPasted(press);
  }

  function entered(event) {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    explorer.upload.curtain(zone() !== null && !belongsToSearch(event));
  }

  function over(event) {
    if (!carriesFiles(event)) return;
    event.preventDefault(); // else the browser opens the file in place of the page
    const ours = zone() !== null && !belongsToSearch(event);
    explorer.upload.curtain(ours);
    if (ours) event.dataTransfer.dropEffect = "copy";
  }

  function left(event) {
    if (event.relatedTarget === null) explorer.upload.curtain(false); // out of the window
  }

  function fell(event) {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    if (!belongsToSearch(event) && zone() !== null) void dropped(event.dataTransfer);
  }

  function leaving(event) {
    if (batches.some((one) => ["sending", "queued", "looking"].includes(one.state))) event.preventDefault();
  }

  explorer.upload = Object.assign(explorer.upload || {}, { batches, cancel, close });
  document.addEventListener("click", pressed);
  document.addEventListener("dragstart", () => (ownDrag = true));
  document.addEventListener("dragend", () => (ownDrag = false));
  document.addEventListener("pointermove", () => (ownDrag = false)); // none comes during a drag
  document.addEventListener("dragenter", entered);
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", left);
  document.addEventListener("drop", fell);
  window.addEventListener("drop", () => explorer.upload.curtain(false), true); // even when the search keeps it
  window.addEventListener("beforeunload", leaving);
})();
