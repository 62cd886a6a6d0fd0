// After the build: a compressed copy beside every text, the manifest of documents, and the budget of a first load.
import { copyFileSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, gzipSync } from "node:zlib";

const STATIC = "../app/web/static";
const BUDGET_BYTES = 200_000;

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
}

for (const path of globSync(`${STATIC}/**/*.{js,css,html,svg,json}`)) {
  if (path.includes(".vite")) continue;
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: constants.Z_BEST_COMPRESSION }));
}
copyFileSync("generated/persisted-documents.json", `${STATIC}/persisted-documents.json`);

const manifest: Record<string, Chunk> = JSON.parse(readFileSync(`${STATIC}/.vite/manifest.json`, "utf8"));
const first = new Set(["index.html"]);
const entry = manifest["index.html"];
if (entry === undefined) throw new Error("The build has no index.html");
load(entry);
const bytes = [...first].reduce((sum, file) => sum + readFileSync(`${STATIC}/${file}.gz`).length, 0);
rmSync(`${STATIC}/.vite`, { recursive: true });
if (bytes > BUDGET_BYTES) {
  console.error(
    `A first load is ${bytes} bytes compressed, and ${BUDGET_BYTES} are allowed: ${[...first].join(", ")}`,
  );
  process.exit(1);
}
process.stdout.write(
  `A first load is ${bytes} bytes compressed, fonts aside; ${BUDGET_BYTES} are allowed.\n`,
);

/** What a browser fetches before anything is shown: a chunk, what it imports, their style. */
function load(chunk: Chunk): void {
  if (first.has(chunk.file)) return;
  first.add(chunk.file);
  for (const style of chunk.css ?? []) first.add(style);
  for (const name of chunk.imports ?? []) {
    const imported = manifest[name];
    if (imported !== undefined) load(imported);
  }
}
