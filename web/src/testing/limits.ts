import type { LimitRead } from "@/api/schema.gen";

/** Example limits, the same on every run. Every part can be replaced. */

const AT = Date.parse("2026-06-12T10:00:41Z");
const ago = (days: number) => new Date(AT - days * 86_400_000).toISOString();

type Parts = Partial<Omit<LimitRead, "use">> & { use?: Partial<LimitRead["use"]> };

export function limit(parts: Parts = {}): LimitRead {
  return {
    id: "limit_01k9f3m0000000000000000001",
    subject: { kind: "organization", id: "org_01", name: "Rosewood Barn" },
    measure: "cost",
    window: "month",
    amount: "2000",
    onStoreLoss: "deny",
    version: 1,
    createdAt: ago(90),
    updatedAt: ago(90),
    ...parts,
    use: {
      windowStart: "2026-06-01T00:00:00Z",
      resetsAt: "2026-07-01T00:00:00Z",
      used: "1240.5",
      reserved: "3.2",
      remaining: "756.3",
      refusing: false,
      ...parts.use,
    },
  };
}

const today = { windowStart: "2026-06-12T00:00:00Z", resetsAt: "2026-06-13T00:00:00Z" };
const thisMinute = { windowStart: "2026-06-12T10:00:00Z", resetsAt: "2026-06-12T10:01:00Z" };

export const limits = (): LimitRead[] => [
  limit(),
  limit({
    id: "limit_02",
    subject: { kind: "route", id: "route_01a4c7f0", name: "assistant" },
    measure: "requests",
    window: "minute",
    amount: "6000",
    use: { ...thisMinute, used: "3812", reserved: "400", remaining: "1788" },
  }),
  limit({
    id: "limit_03",
    subject: { kind: "team", id: "team_01", name: "Nightly evaluation of every answer" },
    measure: "tokens",
    window: "day",
    amount: "50000000",
    onStoreLoss: "allow",
    version: 3,
    updatedAt: ago(2),
    use: { ...today, used: "43250000", reserved: "120000", remaining: "6630000" },
  }),
  limit({
    id: "limit_04",
    subject: { kind: "model", id: "model_venuefaq2", name: "venue-faq-2" },
    measure: "concurrency",
    window: null,
    amount: "20",
    use: { windowStart: null, resetsAt: null, used: "4", reserved: "0", remaining: "16" },
  }),
  limit({
    id: "limit_05",
    subject: { kind: "person", id: "person_07", name: null },
    amount: "50",
    window: "day",
    use: { ...today, used: "0", reserved: "0", remaining: "50" },
  }),
];

/** A key that spent what it may. */
export const spent = (): LimitRead =>
  limit({
    id: "limit_06",
    subject: { kind: "key", id: "key_01k9f3m0000000000000000000", name: "Venue website" },
    window: "day",
    amount: "100",
    use: { ...today, used: "100.0021", reserved: "0", remaining: "0", refusing: true },
  });
