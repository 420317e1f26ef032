import { paths } from "@/lib/paths";

export interface PlaygroundSearch {
  /** The route or model that answers. */
  model?: string;
  /** A second one, to compare with. */
  compare?: string;
  /** An operation whose question is asked again. */
  operation?: string;
}

const NAMES = ["model", "compare", "operation"] as const;

export const playground = {
  path: paths.playground,
  can: "ai:query",
  validateSearch: (search: Record<string, unknown>): PlaygroundSearch =>
    Object.fromEntries(
      NAMES.flatMap((name) => {
        const value = search[name];
        return typeof value === "string" && value !== "" && value.length <= 256 ? [[name, value]] : [];
      }),
    ),
} as const;
