import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** What the server answers; everything else is the dashboard. */
const server = "http://127.0.0.1:8700";

/** The policy that the server sends with every answer; previewing under it keeps us honest. */
const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** What `/docs` needs of Swagger UI, with its licence; the page itself is in public/docs. */
const swagger = ["swagger-ui.css", "swagger-ui-bundle.js", "LICENSE", "NOTICE"];

function apiPages(): Plugin {
  return {
    name: "api-pages",
    generateBundle() {
      for (const name of swagger) {
        const source = readFileSync(new URL(`node_modules/swagger-ui-dist/${name}`, import.meta.url));
        this.emitFile({ type: "asset", fileName: `docs/${name}`, source });
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), tailwindcss(), apiPages()],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  server: {
    proxy: {
      "/api": server,
      "/v1": server,
      "/docs": server,
      "/openapi.json": server,
      "/readyz": server,
      "/ws": { target: server, ws: true },
    },
  },
  preview: { headers: { "content-security-policy": policy } },
  build: {
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // What pages share comes in one file: a browser asks an HTTP/1.1 server for six at a time.
      output: { codeSplitting: { groups: [{ name: "shared", test: /src[\\/](components|lib|api)[\\/]|lucide-react/, minShareCount: 5 }] } },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    testTimeout: 20_000,
    unstubGlobals: true,
    env: { TZ: "Australia/Adelaide" },
  },
});
