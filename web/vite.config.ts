import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** What the server answers; everything else is the dashboard. */
const server = "http://127.0.0.1:8700";

/** The policy the server is expected to send with the dashboard; previewing under it keeps us honest. */
const policy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  server: {
    proxy: {
      "/api": server,
      "/v1": server,
      "/readyz": server,
      "/ws": { target: server, ws: true },
    },
  },
  preview: { headers: { "content-security-policy": policy } },
  build: { manifest: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    testTimeout: 20_000,
    unstubGlobals: true,
    env: { TZ: "Australia/Adelaide" },
  },
});
