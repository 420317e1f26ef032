/** The built dashboard without a server behind it: what it asks is answered by the stage. */
import type { Browser } from "playwright-core";
import { preview, type PreviewServer } from "vite";
import { afterAll, beforeAll } from "vitest";

import { openBrowser } from "./browser";

export let browser: Browser;
export let origin: string;
let server: PreviewServer;

beforeAll(async () => {
  browser = await openBrowser();
  server = await preview({ preview: { port: 4179, host: "127.0.0.1" }, logLevel: "error" });
  origin = new URL(server.resolvedUrls?.local[0] ?? "").origin;
});

afterAll(async () => {
  await browser.close();
  await server.close();
});
