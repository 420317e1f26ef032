import type { FeedbackRead } from "@/api/schema.gen";
import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";
import { compact, oneOf, text } from "@/lib/url-state";

export const PERIODS = ["day", "week", "month", "all"] as const;
export const TYPES = ["classification", "suggestion", "sentiment", "response"] as const satisfies readonly FeedbackRead["operationType"][];
export const VERDICTS = ["positive", "negative", "neutral"] as const satisfies readonly FeedbackRead["feedback"][];
export const STATES = ["received", "accepted", "held", "rejected"] as const satisfies readonly FeedbackRead["state"][];
export const SAYS = ["correction", "comment"] as const;
/** What narrows the list. */
export const FILTERS = ["model", "type", "verdict", "state", "says", "person", "operation", "conversation"] as const;
export const USUAL_PERIOD = "week";

export interface FeedbackSearch {
  period?: (typeof PERIODS)[number];
  model?: string;
  type?: (typeof TYPES)[number];
  verdict?: (typeof VERDICTS)[number];
  state?: (typeof STATES)[number];
  /** Only what says more than yes or no. */
  says?: (typeof SAYS)[number];
  person?: string;
  operation?: string;
  conversation?: string;
  /** The feedback whose detail is open. */
  open?: string;
}

export const feedback = {
  path: paths.feedback,
  can: "feedback:read" as Permission,
  validateSearch: (search: Record<string, unknown>): FeedbackSearch =>
    compact({
      period: oneOf(search["period"], PERIODS),
      model: text(search["model"]),
      type: oneOf(search["type"], TYPES),
      verdict: oneOf(search["verdict"], VERDICTS),
      state: oneOf(search["state"], STATES),
      says: oneOf(search["says"], SAYS),
      person: text(search["person"]),
      operation: text(search["operation"]),
      conversation: text(search["conversation"]),
      open: text(search["open"]),
    }) as FeedbackSearch,
};
