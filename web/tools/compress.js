/** Puts a compressed copy beside each text of the build: the server hands it out as it is, and compresses nothing itself. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";

const TEXT = /\.(js|css|svg)$/;
const folder = join(import.meta.dirname, "..", "dist");

for (const name of readdirSync(folder, { recursive: true, encoding: "utf-8" })) {
  if (!TEXT.test(name)) continue;
  const path = join(folder, name);
  const content = readFileSync(path);
  const packed = gzipSync(content, { level: constants.Z_BEST_COMPRESSION });
  if (packed.length < content.length) writeFileSync(`${path}.gz`, packed);
}
