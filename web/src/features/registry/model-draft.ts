/** A model and its price while they are edited. Pure. */

import type { CatalogueModel, ModelCreate, ModelRead, PriceWrite } from "@/api/schema.gen";

export interface PriceDraft {
  /** In USD per million tokens. */
  input: string;
  output: string;
  /** Empty: like any other input. */
  cachedInput: string;
  /** Empty: like any other input. */
  cacheWrite: string;
  /** As `datetime-local` gives it, in the viewer's zone; empty: from now on. */
  from: string;
}

export interface ModelDraft {
  name: string;
  provider: string;
  upstream: string;
}

export const noPrice: PriceDraft = { input: "", output: "", cachedInput: "", cacheWrite: "", from: "" };

export const draftOfModel = (model: ModelRead | null, provider = ""): ModelDraft =>
  model ? { name: model.name, provider: model.provider, upstream: model.upstream } : { name: "", provider, upstream: "" };

/** The catalogue's prices, where it has any. */
export const priceOfEntry = ({ input, output, cachedInput, cacheWrite }: CatalogueModel): PriceDraft => ({
  input: input ?? "",
  output: output ?? "",
  cachedInput: cachedInput ?? "",
  cacheWrite: cacheWrite ?? "",
  from: "",
});

export function priceFault(text: string): string | null {
  if (text.trim() === "") return null;
  if (!/^\d+([.,]\d+)?$/.test(text.trim())) return "A price is a number of dollars, such as 2.5.";
  return /[.,]\d{7,}$/.test(text.trim()) ? "A price has at most six decimals." : null;
}

const figure = (text: string) => text.trim().replace(",", ".");

/** What is sent; null while there is no whole price. */
export function priceBody({ input, output, cachedInput, cacheWrite, from }: PriceDraft): PriceWrite | null {
  if (figure(input) === "" || figure(output) === "") return null;
  return {
    input: figure(input),
    output: figure(output),
    ...(figure(cachedInput) !== "" && { cachedInput: figure(cachedInput) }),
    ...(figure(cacheWrite) !== "" && { cacheWrite: figure(cacheWrite) }),
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
  };

/** What the form does not show stays as it is; what nobody said is not said. */
function traits({ modalities, capabilities, region, quality }: ModelRead): Partial<ModelCreate> {
  const said = Object.entries({ modalities, capabilities, region, quality }).filter(([, value]) => value !== null);
  return Object.fromEntries(said);
}

export function modelBody(draft: ModelDraft, price: PriceWrite | null, model: ModelRead | null): ModelCreate {
  const holds = price ?? (model && present(model));
  return {
    name: draft.name.trim(),
    provider: draft.provider,
    upstream: draft.upstream.trim(),
    ...(model && traits(model)),
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
