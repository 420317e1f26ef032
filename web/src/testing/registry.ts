import type { CatalogueModel, ModelRead, PriceRead, ProviderRead, ProviderTest, RoutePreview, RouteRead, UsageRead, VersionRead } from "@/api/schema.gen";

/** Example answers of the registry, the same on every run. Every part can be replaced. */

const AT = Date.parse("2026-06-12T10:00:41Z");
const ago = (hours: number) => new Date(AT - hours * 3_600_000).toISOString();

export function provider(parts: Partial<ProviderRead> = {}): ProviderRead {
  return {
    id: "provider_01a3f6c2d4",
    name: "openai",
    kind: "openai",
    baseUrl: "https://api.openai.com/v1",
    hasCredential: true,
    networks: [],
    version: 1,
    createdAt: ago(400),
    updatedAt: ago(320),
    ...parts,
  };
}

export function price(parts: Partial<PriceRead> = {}): PriceRead {
  return {
    id: "price_01",
    input: "2.5",
    output: "10",
    cachedInput: "1.25",
    cacheWrite: null,
    batch: null,
    cacheWriteHour: null,
    source: "catalogue 2026-06-01",
    effectiveFrom: ago(320),
    ...parts,
  };
}

export function model(name: string, parts: Partial<ModelRead> = {}): ModelRead {
  return {
    id: `model_${name.replaceAll(/\W/g, "")}`,
    name,
    provider: "openai",
    upstream: name,
    catalogueId: name,
    contextTokens: 128_000,
    outputTokens: 16_384,
    modalities: null,
    capabilities: null,
    region: null,
    quality: null,
    price: price(),
    version: 1,
    createdAt: ago(320),
    updatedAt: ago(300),
    ...parts,
  };
}

export const models = (): ModelRead[] => [
  model("assistant-4"),
  model("assistant-4-mini", { price: price({ input: "0.15", output: "0.6", cachedInput: null }) }),
  model("venue-faq-2", { provider: "own-servers", contextTokens: 32_000, price: null, catalogueId: null }),
];

export function route(parts: Partial<RouteRead> = {}): RouteRead {
  return {
    id: "route_01a4c7f0",
    name: "assistant",
    policy: "weighted",
    targets: [
      { model: "assistant-4", weight: 2 },
      { model: "assistant-4-mini", weight: 1 },
    ],
    fallbacks: ["venue-faq-2"],
    deadlines: { connect: 2, firstToken: 20, stall: null, total: null },
    factors: null,
    exploration: null,
    regions: [],
    version: 4,
    createdAt: ago(320),
    updatedAt: ago(3),
    ...parts,
  };
}

export const routes = (): RouteRead[] => [
  route(),
  route({ id: "route_02", name: "faq", targets: [{ model: "venue-faq-2", weight: 1 }], fallbacks: [], version: 1, updatedAt: ago(200) }),
];

export const usage = (...names: string[]): UsageRead => ({
  window: "24h",
  items: names.map((name, place) => ({
    name,
    requests: Math.round(12_400 / (place + 1)),
    errors: place === 0 ? 37 : 0,
    costUsd: 18.4 / (place + 1),
    p95Ms: 1480 - place * 400,
  })),
});

export function preview(parts: Partial<RoutePreview> = {}): RoutePreview {
  return {
    action: "update",
    changes: [],
    shares: [
      { model: "assistant-4", provider: "openai", percent: 66.6667, priced: true },
      { model: "assistant-4-mini", provider: "openai", percent: 33.3333, priced: true },
      { model: "venue-faq-2", provider: "own-servers", percent: 0, priced: false },
    ],
    problems: [],
    warnings: [{ code: "no_price", message: "venue-faq-2 has no price: its calls are counted as free of charge.", param: "targets" }],
    ...parts,
  };
}

export function version(number: number, parts: Partial<VersionRead> = {}): VersionRead {
  const { name, policy, targets, fallbacks } = route();
  return {
    version: number,
    reason: "updated",
    restored: null,
    by: { id: "person_01", name: "Ada Winter" },
    at: ago((5 - number) * 30),
    present: false,
    state: { name, policy, targets, fallbacks: number > 2 ? fallbacks : [], deadlines: number > 3 ? { connect: 2, firstToken: 20 } : {} },
    changes: [{ field: number > 3 ? "deadlines" : "fallbacks", before: null, after: null }],
    ...parts,
  };
}

export const versions = (): VersionRead[] => [
  version(4, { present: true }),
  version(3),
  version(2, { reason: "undone", restored: 1, by: { id: "key_01", name: "deploys" } }),
  version(1, { reason: "created", changes: [] }),
];

export function providerTest(parts: Partial<ProviderTest> = {}): ProviderTest {
  const names = ["name", "connection", "encryption", "answer", "credential", "models"] as const;
  return {
    ok: true,
    baseUrl: "https://api.openai.com/v1",
    steps: names.map((name, place) => ({ name, state: "passed", ms: place < 4 ? 4.2 + place * 17 : null })),
    code: null,
    problem: null,
    advice: null,
    status: 200,
    models: ["assistant-4", "assistant-4-mini"],
    ...parts,
  };
}

export function catalogueModel(id: string, parts: Partial<CatalogueModel> = {}): CatalogueModel {
  return {
    id,
    family: "assistant",
    provider: "openai",
    mode: "chat",
    context: 128_000,
    maxOutput: 16_384,
    input: "2.5",
    output: "10",
    cachedInput: "1.25",
    cacheWrite: null,
    cacheWriteHour: null,
    confidence: "agreed",
    compared: null,
    source: "https://example.com/prices",
    retires: null,
    tools: true,
    vision: true,
    reasoning: null,
    ...parts,
  };
}

export const catalogue = () => ({
  asOf: "2026-06-01",
  sources: [],
  items: [
    catalogueModel("assistant-4", { confidence: "disputed", compared: { id: "assistant-4", context: 128_000, input: "2", output: "8" }, retires: "2026-09-30" }),
    catalogueModel("assistant-4-mini", { input: "0.15", output: "0.6" }),
  ],
});
