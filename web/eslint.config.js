import { readdirSync } from "node:fs";
import { basename } from "node:path";

import js from "@eslint/js";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const features = readdirSync(new URL("src/features", import.meta.url));

/** Files are named in kebab-case, with at most one further word before the ending (`x.test.tsx`). */
const kebabCaseFiles = {
  create(context) {
    const named = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)?\.[a-z]+$/.test(basename(context.filename));
    return named ? {} : { Program: (node) => context.report({ node, message: "Name files in kebab-case." }) };
  },
};

/** Who may import whom: app > features > components > api > lib, and no feature another. */
const zones = [
  ...features.map((feature) => ({
    target: `./src/features/${feature}`,
    from: "./src/features",
    except: [`./${feature}`],
    message: "Ask the API, or let app/ compose the two.",
  })),
  { target: "./src/features", from: "./src/app" },
  { target: "./src/components", from: ["./src/app", "./src/features"] },
  { target: "./src/api", from: ["./src/app", "./src/features", "./src/components"] },
  { target: "./src/lib", from: ["./src/app", "./src/features", "./src/components", "./src/api"] },
];

export default tseslint.config(
  { ignores: ["dist", "e2e/screens", "src/api/schema.gen.d.ts"] },
  js.configs.recommended,
  importX.flatConfigs.recommended,
  {
    plugins: { hone: { rules: { "kebab-case-files": kebabCaseFiles } } },
    settings: {
      "import-x/resolver-next": [
        createNodeResolver({
          extensions: [".ts", ".tsx", ".js"],
          alias: { "@": [new URL("src", import.meta.url).pathname] },
        }),
      ],
    },
    rules: {
      "hone/kebab-case-files": "error",
      "max-lines": ["error", { max: 250 }],
      complexity: ["error", 10],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
      "import-x/no-cycle": "error",
      "import-x/no-default-export": "error",
      "import-x/no-restricted-paths": ["error", { zones }],
      "import-x/order": [
        "error",
        { "newlines-between": "always", alphabetize: { order: "asc" }, pathGroups: [{ pattern: "@/**", group: "internal" }] },
      ],
    },
  },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked, reactHooks.configs.flat.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // TanStack Router's redirect and notFound are thrown by design.
      "@typescript-eslint/only-throw-error": "off",
      "import-x/no-unresolved": "off",
      "import-x/named": "off",
    },
  },
  {
    // A lazy route is the one thing that is imported by its default.
    files: ["src/**/*-page.tsx", "**/*.config.{ts,js}"],
    rules: { "import-x/no-default-export": "off" },
  },
  {
    files: ["public/**"],
    languageOptions: { globals: {
        document: "readonly",
        localStorage: "readonly",
        location: "readonly",
        matchMedia: "readonly",
        URL: "readonly",
        window: "readonly",
      },
    },
  },
  {
    files: ["tools/**", "e2e/**", "*.config.{ts,js}"],
    languageOptions: { globals: { console: "readonly", process: "readonly", URL: "readonly" } },
    rules: { "no-console": "off" },
  },
);
