/** A model and its price while they are edited. Pure. */

import { number } from "./draft";

import type { Capability, CatalogueModel, Modality, ModelCreate, ModelRead, PriceWrite } from "@/api/schema.gen";

export const MODALITIES = ["text", "image", "audio", "file"] as const satisfies readonly Modality[];
export const CAPABILITIES = ["chat", "completions", "embeddings", "tools", "json_schema", "reasoning"] as const satisfies readonly Capability[];

export interface PriceDraft {
  /** In USD per million tokens. */
  input: string;
  output: string;
  /** Empty: like any other input. */
  cachedInput: string;
  /** Empty: like any other input. */
  cacheWrite: string;
  /** Part of these that a line of a batch pays, such as 0.5; empty: all. */
  batch: string;
  /** Empty: like any cache write. */
  cacheWriteHour: string;
  /** As `datetime-local` gives it, in the viewer's zone; empty: from now on. */
  from: string;
}

export interface ModelDraft {
  name: string;
  provider: string;
  upstream: string;
  /** What it takes; null: as the catalogue says. */
  modalities: readonly Modality[] | null;
  /** What it can do; null: as the catalogue says. */
  capabilities: readonly Capability[] | null;
  /** Empty: not said. */
  region: string;
  /** From 0 to 1; empty: not said. */
  quality: string;
}

export const noPrice: PriceDraft = { input: "", output: "", cachedInput: "", cacheWrite: "", cacheWriteHour: "", batch: "", from: "" };

/** The words of a list that are in another, in the list's own order. */
const among = <Word extends string>(words: readonly Word[], said: readonly string[] | null) => said && words.filter((word) => said.includes(word));

export function draftOfModel(model: ModelRead | null, provider = ""): ModelDraft {
  if (!model) return { name: "", provider, upstream: "", modalities: null, capabilities: null, region: "", quality: "" };
  return {
    name: model.name,
    provider: model.provider,
    upstream: model.upstream,
    modalities: among(MODALITIES, model.modalities),
    capabilities: among(CAPABILITIES, model.capabilities),
    region: model.region ?? "",
    quality: model.quality === null ? "" : String(model.quality),
  };
}

/** What the form shows of a model, in words. */
export function shownOfModel(model: ModelRead): Record<string, string> {
  const { modalities, capabilities, region, quality, ...place } = draftOfModel(model);
  const words = (said: readonly string[] | null) => said?.join(", ") ?? "as the catalogue says";
  return { ...place, modalities: words(modalities), capabilities: words(capabilities), region: region || "not said", quality: quality || "not said" };
}

export function qualityFault(text: string): string | null {
  if (text.trim() === "") return null;
  const value = number(text);
  return value >= 0 && value <= 1 ? null : "A quality is a number from 0 to 1, such as 0.8.";
}

/** What stands in the way of saving what policies read. */
export const traitsRight = ({ modalities, capabilities, quality }: ModelDraft): boolean =>
  modalities?.length !== 0 && capabilities?.length !== 0 && qualityFault(quality) === null;

/** The catalogue's prices, where it has any. */
export const priceOfEntry = ({ input, output, cachedInput, cacheWrite, cacheWriteHour }: CatalogueModel): PriceDraft => ({
  input: input ?? "",
  output: output ?? "",
  cachedInput: cachedInput ?? "",
  cacheWrite: cacheWrite ?? "",
  batch: "",
  cacheWriteHour: cacheWriteHour ?? "",
  from: "",
});

/** Whether a model could be added as it stands. */
export const modelReady = (draft: ModelDraft): boolean => draft.name.trim() !== "" && draft.upstream.trim() !== "" && traitsRight(draft);

export function priceFault(text: string): string | null {
  if (text.trim() === "") return null;
  if (!/^\d+([.,]\d+)?$/.test(text.trim())) return "A price is a number of dollars, such as 2.5.";
  return /[.,]\d{7,}$/.test(text.trim()) ? "A price has at most six decimals." : null;
}

export function partFault(text: string): string | null {
  if (text.trim() === "") return null;
  return /^(0([.,]\d{1,2})?|1)$/.test(text.trim()) ? null : "A part is a number from 0 to 1 with at most two decimals, such as 0.5.";
}

const figure = (text: string) => text.trim().replace(",", ".");

/** What is sent; null while there is no whole price. */
export function priceBody({ input, output, cachedInput, cacheWrite, cacheWriteHour, batch, from }: PriceDraft): PriceWrite | null {
  if (figure(input) === "" || figure(output) === "") return null;
  return {
    input: figure(input),
    output: figure(output),
    ...(figure(cachedInput) !== "" && { cachedInput: figure(cachedInput) }),
    ...(figure(cacheWrite) !== "" && { cacheWrite: figure(cacheWrite) }),
    ...(figure(batch) !== "" && { batch: figure(batch) }),
    ...(figure(cacheWriteHour) !== "" && { cacheWriteHour: figure(cacheWriteHour) }),
    ...(from !== "" && { effectiveFrom: new Date(from).toISOString() }),
  };
}

/** The price that holds, said again: a change of the name leaves the price alone. */
const present = ({ price }: ModelRead): PriceWrite | null =>
  price && {
    input: price.input,
    output: price.output,
    ...(price.cachedInput !== null && { cachedInput: price.cachedInput }),
    ...(price.cacheWrite !== null && { cacheWrite: price.cacheWrite }),
    ...(price.batch !== null && { batch: price.batch }),
    ...(price.cacheWriteHour !== null && { cacheWriteHour: price.cacheWriteHour }),
  };

/** What policies read; what nobody said is not said. */
function traits({ modalities, capabilities, region, quality }: ModelDraft): Partial<ModelCreate> {
  return {
    ...(modalities && { modalities: [...modalities] }),
    ...(capabilities && { capabilities: [...capabilities] }),
    ...(region.trim() !== "" && { region: region.trim() }),
    ...(quality.trim() !== "" && { quality: number(quality) }),
  };
}

export function modelBody(draft: ModelDraft, price: PriceWrite | null, model: ModelRead | null): ModelCreate {
  const holds = price ?? (model && present(model));
  return {
    name: draft.name.trim(),
    provider: draft.provider,
    upstream: draft.upstream.trim(),
    ...traits(draft),
    ...(holds && { price: holds }),
  };
}

/** What the catalogue may mean by what is typed, the nearest first. */
export function suggestions(entries: readonly CatalogueModel[], text: string, most = 8): CatalogueModel[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const rank = ({ id }: CatalogueModel) => (id.toLowerCase() === wanted ? 0 : id.toLowerCase().startsWith(wanted) ? 1 : 2);
  return entries
    .filter(({ id, family }) => `${id} ${family}`.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id))
    .slice(0, most);
}
