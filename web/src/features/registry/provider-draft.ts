/** A provider while it is edited. Pure. */

import { scalar } from "./yaml";

import type { ProviderCreate, ProviderKind, ProviderProbe, ProviderRead } from "@/api/schema.gen";

export interface ProviderDraft {
  kind: string;
  name: string;
  /** Empty: the vendor's own address. */
  baseUrl: string;
  /** Empty: what is sealed stays. */
  apiKey: string;
}

export function draftOfProvider(provider: ProviderRead | null): ProviderDraft {
  if (!provider) return { kind: "openai", name: "openai", baseUrl: "", apiKey: "" };
  return { kind: provider.kind, name: provider.name, baseUrl: provider.baseUrl, apiKey: "" };
}

export const usualUrl = (kind: string, kinds: readonly ProviderKind[]) => kinds.find((each) => each.kind === kind)?.baseUrl ?? "";

/** Another vendor: an address and a name that were not touched follow it. */
export function withKind(draft: ProviderDraft, kind: string, kinds: readonly ProviderKind[]): ProviderDraft {
  const untouched = draft.baseUrl === "" || draft.baseUrl === usualUrl(draft.kind, kinds);
  const named = draft.name !== "" && draft.name !== draft.kind;
  return {
    ...draft,
    kind,
    baseUrl: untouched ? "" : draft.baseUrl,
    name: named ? draft.name : kind === "compatible" ? "" : kind,
  };
}

/** Where it may be beyond the public internet stays, as long as it stays where it is. */
function where({ baseUrl }: ProviderDraft, provider: ProviderRead | null) {
  const url = baseUrl.trim();
  return { ...(url !== "" && { baseUrl: url }), networks: url === provider?.baseUrl ? provider.networks : [] };
}

const credential = ({ apiKey }: ProviderDraft) => (apiKey === "" ? {} : { apiKey: apiKey.trim() });

export function providerBody(draft: ProviderDraft, provider: ProviderRead | null): ProviderCreate {
  return { name: draft.name.trim(), kind: draft.kind, ...where(draft, provider), ...credential(draft) };
}

export function probeOf(draft: ProviderDraft, provider: ProviderRead | null): ProviderProbe {
  return { kind: draft.kind, ...where(draft, provider), ...credential(draft), ...(provider && { provider: provider.id }) };
}

/** `https://…` or `http://…`; the server judges the rest. */
export const urlFault = (text: string) =>
  text === "" || /^https?:\/\/\S+$/i.test(text) ? null : "An address begins with https:// or http://.";

/** The same for `hone apply`; a secret stands in the environment, never in the file. */
export function providerYaml(draft: ProviderDraft, provider: ProviderRead | null): string {
  const { name, kind, baseUrl, apiKey } = draft;
  const { networks } = where(draft, provider);
  const variable = `${(name.trim() || kind).replace(/[^A-Za-z0-9]+/g, "_").toUpperCase()}_API_KEY`;
  return [
    "providers:",
    `  - name: ${scalar(name || kind)}`,
    `    kind: ${kind}`,
    ...(baseUrl.trim() === "" ? [] : [`    base_url: ${scalar(baseUrl.trim())}`]),
    ...(networks.length === 0 ? [] : [`    networks: [${networks.map(scalar).join(", ")}]`]),
    `    api_key: ${provider && !provider.hasCredential && apiKey === "" ? "none" : `env:${variable}`}`,
  ].join("\n");
}
