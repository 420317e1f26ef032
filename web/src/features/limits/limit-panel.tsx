import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { ChangeDialog } from "./change-dialog";
import { StandingMark } from "./columns";
import { useDeleteLimit } from "./queries";
import { SubjectLink } from "./subject-link";
import { UseBar } from "./use-bar";
import { allowance, calendar, quantity, standing, subjectInText, subjectName } from "./words";

import { useMay } from "@/api/me";
import type { LimitRead } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { CopyButton } from "@/components/copy-button";
import { Facts } from "@/components/facts";
import { Permitted } from "@/components/permitted";
import { SidePanel } from "@/components/side-panel";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { When } from "@/components/when";
import { percent } from "@/lib/format";
import { paths } from "@/lib/paths";
import { plannedTime } from "@/lib/time";

interface Props {
  of: LimitRead;
  onClose: () => void;
}

/** A limit: how its present window stands, and what can be done about it. */
export function LimitPanel({ of: limit, onClose }: Props) {
  const [asking, setAsking] = useState<"change" | "delete" | null>(null);
  const done = () => setAsking(null);
  const { measure, window, amount } = limit;
  return (
    <SidePanel title={`Limit on ${subjectName(limit)}`} of={limit.id} onClose={onClose}>
      <h2 className="text-lg font-semibold">{allowance(measure, window, Number(amount))}</h2>
      <p className="text-quiet">
        on <SubjectLink of={limit} />
      </p>
      <Use of={limit} />
      <LimitFacts of={limit} />
      <Permitted to="limits:write">
        <div className="mt-8 flex flex-wrap gap-2 border-t border-line pt-6">
          <Button onClick={() => setAsking("change")}>Change</Button>
          <Button look="danger" onClick={() => setAsking("delete")}>
            Delete the limit
          </Button>
        </div>
      </Permitted>
      {asking === "change" && <ChangeDialog of={limit} onClose={done} />}
      {asking === "delete" && <Deletion of={limit} onClose={done} onGone={onClose} />}
    </SidePanel>
  );
}

function Use({ of: limit }: { of: LimitRead }) {
  const { measure, window, amount, use } = limit;
  const { share } = standing(limit);
  return (
    <section aria-label="Present use" className="mt-6">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span>
          <span className="text-figure font-semibold tracking-tight">{percent(share)}</span>{" "}
          <span className="text-quiet">{window === null ? "in progress" : "used"}</span>
        </span>
        <span className="text-sm text-quiet">
          {quantity(measure, Number(use.used))} of {quantity(measure, Number(amount))}
        </span>
      </p>
      <UseBar of={limit} className="mt-2" />
    </section>
  );
}

function LimitFacts({ of: limit }: { of: LimitRead }) {
  const { id, measure, window, use, onStoreLoss, createdAt, updatedAt, version } = limit;
  const mayAudit = useMay("audit:read");
  const part = (amount: string) => quantity(measure, Number(amount));
  return (
    <Facts
      facts={{
        State: <StandingMark of={limit} />,
        Promised: window === null ? null : `${part(use.reserved)}, to calls in progress and to servers`,
        Left: part(use.remaining),
        "Starts anew": <StartsAnew of={limit} />,
        "Database away": onStoreLoss === "allow" ? "calls go through and are charged afterwards" : "calls are refused once the quota that servers hold is used",
        Set: <When at={createdAt} />,
        Changed: version > 1 ? <When at={updatedAt} /> : null,
        Events: mayAudit ? (
          <Link to={paths.audit} search={{ subject: [id] }} className="text-accent-ink underline underline-offset-4">
            its changes, and when it was reached
          </Link>
        ) : null,
        Id: (
          <>
            <code className="font-mono text-xs break-all">{id}</code> <CopyButton text={id} what="the limit's id" />
          </>
        ),
      }}
    />
  );
}

function StartsAnew({ of: { window, use } }: { of: LimitRead }) {
  if (window === null || use.resetsAt === null) return "never: a call that ends makes room for the next";
  return (
    <>
      <time dateTime={use.resetsAt}>{plannedTime(use.resetsAt)}</time> <span className="text-quiet">({calendar[window]})</span>
    </>
  );
}

interface DeletionProps extends Props {
  onGone: () => void;
}

function Deletion({ of: limit, onClose, onGone }: DeletionProps) {
  const { mutateAsync } = useDeleteLimit();
  const said = allowance(limit.measure, limit.window, Number(limit.amount));
  const on = subjectInText(limit);

  async function confirmed() {
    await mutateAsync(limit.id);
    onGone();
    toasts.show(`Deleted the limit on ${on}: ${said}`);
  }

  return (
    <Confirm title={`Delete the limit on ${on}?`} action="Delete the limit" doing="Deleting…" onConfirm={confirmed} onClose={onClose}>
      <p>
        Calls are no longer held to <strong className="font-medium text-ink">{said}</strong>. Other limits that apply to them go on holding.
      </p>
      <p>
        {limit.window === null ? "The same limit can be set again." : "What it counted is lost: the same limit, set again, begins with nothing used."}
      </p>
    </Confirm>
  );
}
