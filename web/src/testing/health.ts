import { provider } from "./registry";

import type { HealthRead } from "@/api/schema.gen";

/** Example answers about how providers are, the same on every run. */

const AT = Date.parse("2026-06-12T10:00:41Z");
const ago = (hours: number) => new Date(AT - hours * 3_600_000).toISOString();

type Provider = HealthRead["items"][number];
type Circuit = Provider["models"][number]["circuit"];
const well = { attempts: 1240, failed: 3, errorRate: 3 / 1240, p50Ms: 905, p95Ms: 2410, ttftP50Ms: 310, ttftP95Ms: 870, answeredAt: ago(0) };

export const circuit = (parts: Partial<Circuit> = {}): Circuit => ({
  state: "closed",
  processes: 2,
  openIn: 0,
  halfOpenIn: 0,
  since: null,
  until: null,
  reason: null,
  retryAfter: null,
  ...parts,
});

export const providerHealth = (parts: Partial<Provider> = {}): Provider => ({
  ...well,
  id: provider().id,
  name: "openai",
  kind: "openai",
  status: "healthy",
  models: [
    { ...well, id: "model_assistant4", name: "assistant-4", circuit: circuit() },
    { ...well, attempts: 80, id: "model_assistant4mini", name: "assistant-4-mini", circuit: circuit() },
  ],
  lastErrors: [{ operationId: "op_019ab3f6c2d4", at: ago(0.4), model: "assistant-4", code: "upstream_timeout", status: null }],
  ...parts,
});

/** One of its models is left alone in one of two processes, another is tried. */
export const providerUnwell = (): Provider =>
  providerHealth({
    status: "degraded",
    failed: 96,
    errorRate: 96 / 1240,
    models: [
      {
        ...well,
        id: "model_assistant4",
        name: "assistant-4",
        circuit: circuit({ state: "open", openIn: 1, since: ago(0.01), until: new Date(AT + 21_000).toISOString(), reason: "rate_limited", retryAfter: 30 }),
      },
      { ...well, id: "model_assistant4mini", name: "assistant-4-mini", circuit: circuit({ state: "half_open", halfOpenIn: 2, since: ago(0.1), until: ago(0.01), reason: "upstream_error" }) },
    ],
    lastErrors: [
      { operationId: "op_019ab3f6c2d5", at: ago(0.01), model: "assistant-4", code: "rate_limited", status: 429 },
      { operationId: "op_019ab3f6c2d6", at: ago(0.1), model: "assistant-4-mini", code: "upstream_error", status: 503 },
      { operationId: "op_019ab3f6c2d4", at: ago(0.4), model: "assistant-4", code: "upstream_timeout", status: null },
    ],
  });

export const health = (...items: Provider[]): HealthRead => ({
  asOf: ago(0),
  window: "1h",
  processes: 2,
  items: items.length > 0 ? items : [providerHealth(), providerHealth({ id: "provider_02", name: "own-servers", kind: "vllm", status: "idle", attempts: 0, failed: 0, errorRate: 0, p50Ms: null, p95Ms: null, ttftP50Ms: null, ttftP95Ms: null, answeredAt: null, models: [], lastErrors: [] })],
});
