/* Builds every file of entries/ into the program's own static folder, with a manifest for the templates.
   Names carry a hash of the content, so browsers may keep them for good. */
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";

const here = import.meta.dirname;
const entries = readdirSync(resolve(here, "entries")).map((name) => resolve(here, "entries", name));

export default defineConfig({
  root: here,
  base: "/static/assets/",
  publicDir: false,
  build: {
    outDir: resolve(here, "../gewu/web/static/assets"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    cssTarget: ["chrome99", "safari15.4", "firefox97"],
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200, // the map, on the command screen alone; tests/shape/test_budgets.py weighs it
    rollupOptions: {
      input: entries,
      output: { assetFileNames: "[name]-[hash][extname]", entryFileNames: "[name]-[hash].js", chunkFileNames: "[name]-[hash].js" },
      checks: { bundlerTimings: false }, // how long each plugin took says something about the machine, not about the pages
    },
  },
  worker: { format: "es", rollupOptions: { output: { entryFileNames: "[name]-[hash].js" } } },
});
