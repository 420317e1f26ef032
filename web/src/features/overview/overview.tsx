import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";


import { answer } from "./answer";
import { Figures } from "./figures";
import { FirstSteps } from "./first-steps";
import { LiveStatus, LiveSwitch } from "./live-status";
import { ModelMix } from "./model-mix";
import { OverviewSkeleton } from "./overview-skeleton";
import { Picture } from "./picture";
import { useOverview } from "./queries";
import { ReadinessNotice } from "./readiness-notice";
import { DEFAULT_WINDOW, WINDOWS } from "./routes";
import { spans } from "./windows";

import type { Overview as Figured, Window } from "@/api/schema";
import { Failure } from "@/components/failure";
import { Segmented } from "@/components/ui/segmented";
import { cn } from "@/lib/cn";
import { paths } from "@/lib/paths";

interface Props {
  /** The list of last operations, which another feature owns. */
  lastOperations: ReactNode;
  /** Whether anything was ever recorded; undefined until that is known. */
  recorded: boolean | undefined;
  /** The alerts that wait for somebody, which another feature owns. */
  openAlerts: ReactNode;
  /** Models that learn anew or change hands, which other features own; undefined until that is known. */
  changing: ReactNode;
}

/** What is happening, and whether anyone has to act. */
export function Overview({ lastOperations, recorded, openAlerts, changing }: Props) {
  const { window = DEFAULT_WINDOW } = useSearch({ strict: false });
  const { overview, now, heardAt, error, refetch, isPlaceholderData } = useOverview(window);

  return (
    <div className="space-y-6">
      <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-60">
          <h1 className="text-title font-semibold tracking-tight">Overview</h1>
          <LiveStatus now={now} asOf={overview?.asOf} heardAt={heardAt} />
        </div>
        <WindowChoice window={window} />
        <LiveSwitch />
      </header>
      <ReadinessNotice />
      {openAlerts}
      {error && (
        <Failure
          title={overview ? "The overview could not be brought up to date" : "The overview could not be loaded"}
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      <div className={cn("space-y-8 transition-opacity", isPlaceholderData && "opacity-60")} aria-busy={isPlaceholderData}>
        {overview && changing !== undefined ? (
          <Body overview={overview} lastOperations={lastOperations} recorded={recorded} changing={changing} />
        ) : (
          ((error && lastOperations) ?? <OverviewSkeleton />)
        )}
      </div>
    </div>
  );
}

function WindowChoice({ window }: { window: Window }) {
  const navigate = useNavigate();
  return (
    <Segmented<Window>
      label="Window"
      value={window}
      options={WINDOWS.map((value) => ({ value, label: value, name: spans[value].last }))}
      onChange={(next) =>
        void navigate({ to: paths.overview, search: next === DEFAULT_WINDOW ? {} : { window: next }, replace: true })
      }
    />
  );
}

function Body({ overview, lastOperations, recorded, changing }: Omit<Props, "openAlerts"> & { overview: Figured }) {
  if (overview.totals.requests === 0 && !recorded) return recorded === false ? <FirstSteps /> : <OverviewSkeleton />;
  return (
    <>
      <p className="max-w-[72ch] text-lg text-pretty">{answer(overview)}</p>
      {changing}
      <Figures overview={overview} />
      <div className="grid gap-x-12 gap-y-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <Picture overview={overview} />
        <ModelMix models={overview.models} />
      </div>
      {lastOperations}
    </>
  );
}
