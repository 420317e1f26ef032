import { Blocks, Building2, CircleCheck, CircleSlash, KeyRound, Route, TriangleAlert, User, Users, type LucideIcon } from "lucide-react";

import { UseBar } from "./use-bar";
import { allowance, figure, standing, standings, startsAnew, subjectName, subjects } from "./words";

import type { LimitRead, Subject } from "@/api/schema.gen";
import type { Column } from "@/components/data-table/columns";
import { percent } from "@/lib/format";

const icons: Record<Subject, LucideIcon> = { organization: Building2, team: Users, person: User, key: KeyRound, route: Route, model: Blocks };

/** What a limit is on, with its kind. */
export function SubjectName({ of: limit }: { of: LimitRead }) {
  const { kind } = limit.subject;
  const Icon = icons[kind];
  const word = subjects[kind];
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Icon aria-hidden="true" className="size-4 shrink-0 text-quiet max-md:hidden" />
      {kind !== "organization" && <span className="shrink-0 text-quiet max-md:sr-only">{word}</span>}
      <span className="truncate">{subjectName(limit)}</span>
    </span>
  );
}

const looks = {
  room: { Icon: CircleCheck, tint: "text-good" },
  near: { Icon: TriangleAlert, tint: "text-warn" },
  full: { Icon: CircleSlash, tint: "text-bad" },
  refused: { Icon: CircleSlash, tint: "text-bad" },
};

export function StandingMark({ of: limit }: { of: LimitRead }) {
  const { is } = standing(limit);
  const { Icon, tint } = looks[is];
  return (
    <span className="inline-flex items-center gap-1.5 align-middle">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> {standings[is]}
    </span>
  );
}

/** The bar, what was used, and its part of the whole; on a phone the part, with a mark where it presses. */
function Used({ of: limit }: { of: LimitRead }) {
  const { share, is } = standing(limit);
  const { Icon, tint } = looks[is];
  const pressing = is !== "room";
  return (
    <span className="flex items-center gap-3 max-md:justify-between max-md:gap-1">
      <UseBar of={limit} className="w-24 shrink-0 max-md:hidden" />
      <span className="w-18 shrink-0 text-right max-md:hidden">{figure(limit.measure, Number(limit.use.used))}</span>
      <span className={`md:hidden ${tint}`}>{pressing && <Icon role="img" aria-label={standings[is]} className="size-4 shrink-0" />}</span>
      <span className={`shrink-0 text-right md:w-12 ${pressing ? "font-medium" : "text-quiet"}`}>{percent(share)}</span>
    </span>
  );
}

export const columns: Column<LimitRead>[] = [
  { id: "on", header: "On", cell: (limit) => <SubjectName of={limit} />, priority: 1, fixed: true },
  {
    id: "limit",
    header: "Allows",
    cell: ({ measure, window, amount }) => allowance(measure, window, Number(amount)),
    priority: 1,
    width: "13rem",
    phoneWidth: "10.5rem",
  },
  { id: "used", header: "Used", cell: (limit) => <Used of={limit} />, priority: 1, width: "17rem", phoneWidth: "4.75rem" },
  { id: "standing", header: "State", cell: (limit) => <StandingMark of={limit} />, width: "10rem" },
  { id: "anew", header: "Starts anew", cell: startsAnew, priority: 3, width: "11rem" },
];
