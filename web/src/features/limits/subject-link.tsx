import { Link } from "@tanstack/react-router";

import { subjectName, subjects } from "./words";

import { useMay } from "@/api/me";
import type { LimitRead, Subject } from "@/api/schema.gen";
import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";

const reads: Record<Exclude<Subject, "organization">, Permission> = {
  team: "people:read",
  person: "people:read",
  key: "keys:read",
  route: "routes:read",
  model: "models:read",
};

const look = "hit text-accent-ink underline underline-offset-4 break-words";

/** What a limit is on, as a way there for those who may go. */
export function SubjectLink({ of: limit }: { of: LimitRead }) {
  const { kind } = limit.subject;
  if (kind === "organization") return "the whole organization";
  return (
    <>
      the {subjects[kind].toLowerCase()} <Way of={limit} kind={kind} />
    </>
  );
}

function Way({ of: limit, kind }: { of: LimitRead; kind: Exclude<Subject, "organization"> }) {
  const may = useMay(reads[kind]);
  const { id, name } = limit.subject;
  const shown = subjectName(limit);
  // Without a name it is gone, or not to be seen.
  if (!may || name === null) return <span className="break-words">{shown}</span>;
  if (kind === "route") return <Link to="/routes/$routeId" params={{ routeId: id }} className={look}>{shown}</Link>;
  if (kind === "model") return <Link to="/models/$modelId" params={{ modelId: id }} className={look}>{shown}</Link>;
  if (kind === "key") return <Link to={paths.keys} search={{ key: id }} className={look}>{shown}</Link>;
  if (kind === "team") return <Link to={paths.teams} search={{ team: id }} className={look}>{shown}</Link>;
  return <Link to={paths.people} search={{ person: id }} className={look}>{shown}</Link>;
}
