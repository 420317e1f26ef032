import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";

import { schedulesQuery, useSaveSchedule } from "./queries";
import { ScheduleDialog } from "./schedules/schedule-dialog";
import { ScheduleRemoval } from "./schedules/schedule-removal";
import { summary } from "./schedules/words";
import { Sections } from "./sections";

import type { Schedule } from "@/api/learning";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { When } from "@/components/when";
import { paths } from "@/lib/paths";
import { plannedTime } from "@/lib/time";

type Asked = { kind: "edit"; schedule: Schedule | null } | { kind: "remove"; schedule: Schedule } | null;

/** What trains by itself, and when it does next. */
export default function SchedulesPage() {
  const { create } = useSearch({ from: "/signed-in/training/schedules" });
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(schedulesQuery);
  const [asked, setAsked] = useState<Asked>(create ? { kind: "edit", schedule: null } : null);
  const close = () => {
    setAsked(null);
    if (create) void navigate({ to: paths.schedules, search: {}, replace: true });
  };
  const add = () => setAsked({ kind: "edit", schedule: null });
  return (
    <>
      <PageHead title="Training" action={<Add onPress={add} />}>
        Models that are trained again by themselves, with what was learned since.
      </PageHead>
      <Sections />
      {data ? (
        data.items.length === 0 ? (
          <None onAdd={add} />
        ) : (
          <ul aria-label="Schedules" className="border-b border-line">
            {data.items.map((schedule) => (
              <Item key={schedule.id} of={schedule} onEdit={() => setAsked({ kind: "edit", schedule })} onRemove={() => setAsked({ kind: "remove", schedule })} />
            ))}
          </ul>
        )
      ) : error ? (
        <Failure title="The schedules could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton className="h-40" />
      )}
      {asked?.kind === "edit" && <ScheduleDialog present={asked.schedule} onClose={close} />}
      {asked?.kind === "remove" && <ScheduleRemoval of={asked.schedule} onClose={close} />}
    </>
  );
}

function Add({ onPress }: { onPress: () => void }) {
  return (
    <Permitted to="training:write">
      <Button look="primary" onClick={onPress}>
        <Plus aria-hidden="true" /> Add a schedule
      </Button>
    </Permitted>
  );
}

function None({ onAdd }: { onAdd: () => void }) {
  return (
    <EmptyState title="Train again when there is something new" action={<Add onPress={onAdd} />}>
      <p>A schedule freezes the dataset as it then is and trains, at night or whenever machines have time; where too little is new it waits for the next time.</p>
      <p>What comes of it is a candidate with its evidence. Nothing goes into force by itself.</p>
    </EmptyState>
  );
}

interface ItemProps {
  of: Schedule;
  onEdit: () => void;
  onRemove: () => void;
}

function Item({ of: schedule, onEdit, onRemove }: ItemProps) {
  const { name, enabled, nextAt, lastAt, lastRun, lastOutcome } = schedule;
  const save = useSaveSchedule();

  function turn() {
    save.mutate(
      { present: schedule, body: { enabled: !enabled } },
      { onSuccess: () => toasts.show(enabled ? `${name} rests` : `${name} trains again by itself`), onError: ({ message }) => toasts.show(message) },
    );
  }

  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium">
          {name} {!enabled && <span className="ml-2 rounded-sm bg-sunken px-1.5 py-0.5 text-xs font-normal text-quiet">rests</span>}
        </p>
        <p className="text-sm text-pretty">{summary(schedule)}</p>
        <p className="text-xs text-quiet">
          {enabled && nextAt ? (
            <>
              Next <time dateTime={nextAt}>{plannedTime(nextAt)}</time>
            </>
          ) : (
            "Does not come round"
          )}
          {lastAt && (
            <>
              ; last <When at={lastAt} />
              {lastOutcome && `: ${lastOutcome}`}
            </>
          )}
          {lastRun && (
            <>
              {" "}
              <Link to={paths.run} params={{ runId: lastRun }} className="hit text-accent-ink underline underline-offset-4">
                its run
              </Link>
            </>
          )}
        </p>
      </div>
      <Permitted to="training:write">
        <Button disabled={save.isPending} onClick={turn} aria-label={`${enabled ? "Rest" : "Resume"} ${name}`}>
          {enabled ? "Rest" : "Resume"}
        </Button>
        <Button onClick={onEdit} aria-label={`Change ${name}`}>
          Change
        </Button>
        <Button onClick={onRemove} aria-label={`Delete ${name}`}>
          Delete
        </Button>
      </Permitted>
    </li>
  );
}
