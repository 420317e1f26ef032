/** Prints what the first page loads and fails the build when its script outgrows the budget. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 300;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

const kilobytes = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1000;

/** Every chunk that one entry needs before it can run. */
function needed(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) needed(next, seen);
  return seen;
}

function report(title, keys) {
  const chunks = [...new Set(keys.flatMap((key) => [...needed(key)]))];
  const scripts = chunks.map((key) => manifest[key].file);
  const styles = [...new Set(chunks.flatMap((key) => manifest[key].css ?? []))];
  const total = (files) => files.reduce((sum, file) => sum + kilobytes(file), 0);
  console.log(`${title}: script ${total(scripts).toFixed(1)} kB, style ${total(styles).toFixed(1)} kB (gzip)`);
  return total(scripts);
}

const pages = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry && key.endsWith("-page.tsx"));
const largest = Math.max(...pages.map((page) => report(page.replace(/^.*\//, ""), ["index.html", page])));
if (largest > BUDGET_KB) {
  console.error(`A first page loads ${largest.toFixed(1)} kB of script; the budget is ${BUDGET_KB} kB.`);
  process.exit(1);
}
