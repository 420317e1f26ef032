/** Channels in sentences, and what is wrong with one that is being written. Pure. */

import type { ChannelBody } from "../queries";

import type { AlertChannel, ChannelKind, Severity } from "@/api/watch";

export const kinds: Record<ChannelKind, string> = { email: "E-mail", slack: "Slack", webhook: "Webhook" };

const least: Record<Severity, string> = { critical: "critical alerts", warning: "warnings and critical alerts", info: "every alert" };

/** `Is told of critical alerts at once, and of the rest once a day.` */
export const toldWhen = ({ severity, digest }: Pick<AlertChannel, "severity" | "digest">): string =>
  `Told of ${least[severity]} at once${digest && severity !== "info" ? ", and of the rest once a day" : digest ? ", with a digest once a day" : ""}.`;

export const severities = (["critical", "warning", "info"] as const).map((value) => ({ value, label: value === "info" ? "Every alert" : `${least[value].charAt(0).toUpperCase()}${least[value].slice(1)}` }));

export interface ChannelDraft {
  name: string;
  kind: ChannelKind;
  /** Addresses as they are typed: by commas, spaces or lines. */
  to: string;
  url: string;
  severity: Severity;
  digest: boolean;
}

export const draftOf = (channel: AlertChannel | null): ChannelDraft =>
  channel === null
    ? { name: "", kind: "email", to: "", url: "", severity: "warning", digest: true }
    : { name: channel.name, kind: channel.kind, to: channel.to.join(", "), url: "", severity: channel.severity, digest: channel.digest };

export const addressesOf = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter(Boolean))];

export function wrongAddresses(text: string): string | null {
  const addresses = addressesOf(text);
  const wrong = addresses.find((each) => !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(each));
  if (wrong !== undefined) return `“${wrong}” is no e-mail address.`;
  return addresses.length === 0 ? "An address at least." : null;
}

export function wrongUrl(text: string): string | null {
  try {
    return new URL(text).protocol === "https:" || new URL(text).protocol === "http:" ? null : "An address that begins with https://.";
  } catch {
    return "An address that begins with https://.";
  }
}

/** What is sent; null while it cannot be. A secret that is not written anew stays. */
export function bodyOf(draft: ChannelDraft, present: AlertChannel | null): Partial<ChannelBody> | null {
  const { name, kind, to, url, severity, digest } = draft;
  const said = { name: name.trim() || kinds[kind], severity, digest };
  if (kind === "email") return wrongAddresses(to) === null ? { ...said, ...(present === null && { kind }), to: addressesOf(to) } : null;
  if (present !== null && url === "") return said;
  return wrongUrl(url) === null ? { ...said, ...(present === null && { kind }), url } : null;
}
