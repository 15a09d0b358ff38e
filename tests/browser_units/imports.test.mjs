/** What the modules import: downward only, from the front of a region only, never in a circle; and nothing happens by it. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ASSETS = fileURLToPath(new URL("../../assets", import.meta.url));
const MAIN = "main.mjs";
/** The modules that pages load. */
const ENTRIES = [MAIN, "beside/page.mjs"];

/** Regions from below; one imports of those below it, and those of one floor are strangers to each other. */
const FLOORS = [["shell"], ["map", "upload"], ["pictures", "space", "keys"], ["saving", "beside"]];

/** What a region hands on to others; all else in it is its own affair (and main.mjs's). */
const FRONTS = {
  shell: ["address", "changes", "dash", "dom", "dots", "focus", "lights", "recut", "refocus", "say", "searching"].concat([
    "server",
    "stash",
    "terms",
    "whose",
  ]),
  map: ["arrangements", "camera", "colors", "compose", "cover", "density", "events", "grid", "label", "look", "names"].concat(
    ["overlay", "points", "preview", "range", "ranges", "selected", "selecting", "shades", "stacks", "state", "ticks", "values"],
  ),
  pictures: ["saved", "shown"],
  space: [],
  keys: ["nearest"],
  saving: [],
  beside: [],
  upload: [],
};

const FILES = readdirSync(ASSETS, { recursive: true })
  .map((name) => String(name).split(path.sep).join("/"))
  .filter((name) => name.endsWith(".mjs"))
  .sort();
const IMPORTS = new Map(FILES.map((file) => [file, importsOf(file)]));

/** @returns {string[]} what a module imports, from the folder on */
function importsOf(file) {
  const text = readFileSync(path.join(ASSETS, file), "utf8");
  assert.doesNotMatch(text, /\bimport\(/, `${file} imports something later`);
  return [...text.matchAll(/^(?:import|export)\b[^;]*? from "([^"]+)";/gms)].map(([, from]) => {
    assert.match(from, /^\.{1,2}\/.*\.mjs$/, `${file} imports ${from}`);
    return path.posix.normalize(path.posix.join(path.posix.dirname(file), from));
  });
}

const regionOf = (file) => (file.includes("/") ? file.split("/")[0] : MAIN);
const floorOf = (region) => FLOORS.findIndex((regions) => regions.includes(region));

/** @returns {[string, string][]} every import from one region into another */
const crossings = () =>
  FILES.flatMap((file) => IMPORTS.get(file).map((other) => [file, other])).filter(
    ([file, other]) => file !== MAIN && regionOf(file) !== regionOf(other),
  );

test("every import is of a module that is there", () => {
  IMPORTS.forEach((imported, file) => imported.forEach((other) => assert.ok(FILES.includes(other), `${file}: ${other}`)));
});

test("a module says once what it imports of another", () => {
  IMPORTS.forEach((imported, file) => assert.equal(new Set(imported).size, imported.length, file));
});

test("all modules are reached from those that pages load, and nobody imports these", () => {
  const reached = new Set();
  const visit = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    IMPORTS.get(file).forEach(visit);
  };
  ENTRIES.forEach(visit);
  assert.deepEqual([...reached].sort(), FILES);
  IMPORTS.forEach((imported, file) => ENTRIES.forEach((entry) => assert.ok(!imported.includes(entry), file)));
});

test("no module imports itself by way of others", () => {
  const done = new Set();
  const visit = (file, way) => {
    assert.ok(!way.includes(file), [...way.slice(way.indexOf(file)), file].join(" → "));
    if (done.has(file)) return;
    IMPORTS.get(file).forEach((other) => visit(other, [...way, file]));
    done.add(file);
  };
  FILES.forEach((file) => visit(file, []));
});

test("every region has a floor, and imports lead to lower floors only", () => {
  const regions = [...new Set(FILES.filter((file) => file !== MAIN).map(regionOf))];
  assert.deepEqual(regions.sort(), FLOORS.flat().sort());
  crossings().forEach(([file, other]) => assert.ok(floorOf(regionOf(file)) > floorOf(regionOf(other)), `${file} imports ${other}`));
});

test("regions meet at their fronts, and a front is made of what others do import", () => {
  const met = new Map(Object.keys(FRONTS).map((region) => [region, new Set()]));
  crossings().forEach(([file, other]) => {
    const name = path.posix.basename(other, ".mjs");
    met.get(regionOf(other)).add(name);
    assert.ok(FRONTS[regionOf(other)].includes(name), `${file} imports ${other}, which is not at the front of its region`);
  });
  met.forEach((names, region) => assert.deepEqual([...names].sort(), [...FRONTS[region]].sort(), region));
});

for (const file of FILES.filter((name) => !ENTRIES.includes(name))) {
  test(`${file} needs no page to be imported, and does nothing by it`, async () => {
    const before = Object.keys(globalThis);
    await import(path.join(ASSETS, file));
    assert.deepEqual(Object.keys(globalThis), before);
  });
}
