import { defineConfig } from "vitest/config";

import stories from "./vitest.config";

export default defineConfig({ ...stories, test: { ...stories.test, include: ["*.bench.ts"] } });
