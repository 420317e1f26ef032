import type { BatchRead } from "@/api/schema.gen";

/** Example batches, the same on every run. Every part can be replaced. */

const AT = Date.parse("2026-06-12T10:00:41Z");
const at = (hours: number) => new Date(AT + hours * 3_600_000).toISOString();

export function batch(parts: Partial<BatchRead> = {}): BatchRead {
  return {
    id: "batch_01k9f3m0000000000000000001",
    status: "completed",
    endpoint: "/v1/chat/completions",
    model: "assistant",
    total: 5000,
    completed: 4988,
    failed: 12,
    costUsd: 3.418204,
    inputTokens: 1_204_311,
    outputTokens: 402_118,
    keyId: "key_01k9f3m0000000000000000001",
    keyName: "evaluation",
    mine: false,
    inputFileId: "file_01",
    outputFileId: "file_02",
    errorFileId: "file_03",
    errors: [],
    metadata: { run: "nightly evaluation" },
    completionWindow: "24h",
    createdAt: at(-9),
    inProgressAt: at(-9),
    expiresAt: at(15),
    endedAt: at(-8),
    ...parts,
  };
}

const open = { outputFileId: null, errorFileId: null, endedAt: null };

export const working = (): BatchRead =>
  batch({
    id: "batch_02",
    status: "in_progress",
    model: "text-embedding",
    endpoint: "/v1/embeddings",
    total: 48_000,
    completed: 31_204,
    failed: 96,
    costUsd: 0.624081,
    keyName: "archive",
    metadata: null,
    createdAt: at(-1),
    ...open,
  });

export const wrong = (): BatchRead =>
  batch({
    id: "batch_04",
    status: "failed",
    model: null,
    total: 0,
    completed: 0,
    failed: 0,
    costUsd: 0,
    inputTokens: 0,
    outputTokens: 0,
    metadata: null,
    outputFileId: null,
    errorFileId: null,
    errors: [
      { code: "invalid_json_line", message: "This line is not valid JSON.", line: 17, param: null },
      { code: "duplicate_custom_id", message: "'custom_id' is that of line 3: each line has its own.", line: 204, param: "custom_id" },
      { code: "mismatched_endpoint", message: "'url' must be /v1/chat/completions, the endpoint of the batch.", line: 1310, param: "url" },
    ],
  });

export const batches = (): BatchRead[] => [
  batch({ id: "batch_05", status: "validating", model: null, total: 0, completed: 0, failed: 0, costUsd: 0, keyName: "evaluation", createdAt: at(-0.01), ...open }),
  working(),
  batch(),
  batch({ id: "batch_03", status: "expired", model: "gpt-4o", total: 20_000, completed: 14_310, failed: 5, costUsd: 41.20911, keyId: null, keyName: null, createdAt: at(-60), endedAt: at(-36) }),
  wrong(),
  batch({ id: "batch_06", status: "cancelled", model: null, total: 900, completed: 120, failed: 0, costUsd: 0.084, createdAt: at(-90), endedAt: at(-89) }),
];
