/** Builds store, outbox and sync as a browser would get them, for Node. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";

const SOURCES = resolve(import.meta.dirname, "../../frontend/field");

export async function bundle() {
  const outDir = await mkdtemp(join(tmpdir(), "gewu-field-"));
  const entry = Object.fromEntries(["store", "outbox", "sync", "contact"].map((name) => [name, join(SOURCES, `${name}.ts`)]));
  await build({ configFile: false, root: outDir, logLevel: "error", build: { outDir, lib: { entry, formats: ["es"], fileName: (_format, name) => `${name}.mjs` } } });
  const parts = await Promise.all(Object.keys(entry).map((name) => import(pathToFileURL(join(outDir, `${name}.mjs`)).href)));
  return { outDir, ...Object.assign({}, ...parts) };
}
