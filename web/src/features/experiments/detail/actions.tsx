import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { CircleStop, Copy, Pause, Pencil, Play, Scale, Trash2, Undo2 } from "lucide-react";
import { useState } from "react";

import { resultsQuery, useAct, useRemove, type Act } from "../queries";
import { offered, willSplit } from "../words";

import { DecideDialog, StopDialog } from "./dialogs";

import type { Experiment } from "@/api/experiments";
import { Confirm } from "@/components/confirm";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { outlineLink } from "@/components/ui/looks";
import { paths } from "@/lib/paths";

type Asked = "start" | "pause" | "stop" | "decide" | "remove";

const said: Record<Act, string> = { start: "It runs: calls are split from now on", pause: "Paused: nobody new is let in", resume: "It goes on" };

/** What can be done to an experiment as it is. */
export function Actions({ of: experiment }: { of: Experiment }) {
  const act = useAct(experiment.id);
  const [asked, setAsked] = useState<Asked | null>(null);
  const can = offered(experiment);
  const done = async (what: Act) => {
    await act.mutateAsync(what);
    setAsked(null);
    toasts.show(said[what]);
  };
  return (
    <Permitted to="experiments:write">
      <div className="flex flex-wrap gap-2">
        {can.start && (
          <Button look="primary" onClick={() => setAsked("start")}>
            <Play aria-hidden="true" /> Start
          </Button>
        )}
        {can.resume && (
          <Button look="primary" disabled={act.isPending} onClick={() => void done("resume").catch((error: unknown) => toasts.show(error instanceof Error ? error.message : String(error)))}>
            <Play aria-hidden="true" /> Resume
          </Button>
        )}
        {can.decide && (
          <Button onClick={() => setAsked("decide")}>
            <Scale aria-hidden="true" /> Decide
          </Button>
        )}
        {can.pause && (
          <Button onClick={() => setAsked("pause")}>
            <Pause aria-hidden="true" /> Pause
          </Button>
        )}
        {can.stop && (
          <Button onClick={() => setAsked("stop")}>
            <CircleStop aria-hidden="true" /> Stop
          </Button>
        )}
        {can.take && (
          <Button onClick={() => setAsked("stop")}>
            <Undo2 aria-hidden="true" /> Take it back
          </Button>
        )}
        {can.change && (
          <Link to={paths.newExperiment} search={{ draft: experiment.id }} className={outlineLink}>
            <Pencil aria-hidden="true" className="size-4" /> Change
          </Link>
        )}
        {can.copy && (
          <Link to={paths.newExperiment} search={{ like: experiment.id }} className={outlineLink}>
            <Copy aria-hidden="true" className="size-4" /> Another like it
          </Link>
        )}
        {can.remove && (
          <Button onClick={() => setAsked("remove")}>
            <Trash2 aria-hidden="true" /> Delete
          </Button>
        )}
      </div>
      <Asking asked={asked} experiment={experiment} done={done} onClose={() => setAsked(null)} />
    </Permitted>
  );
}

interface AskingProps {
  asked: Asked | null;
  experiment: Experiment;
  done: (act: Act) => Promise<void>;
  onClose: () => void;
}

function Asking({ asked, experiment, done, onClose }: AskingProps) {
  const { name, target } = experiment;
  if (asked === "start") {
    return (
      <Confirm title={`Start ${name}?`} action="Start the experiment" doing="Starting…" undoable onConfirm={() => done("start")} onClose={onClose}>
        <p>{willSplit(experiment)}</p>
        <p>It begins within a second. What is compared cannot be changed while it runs: it can be stopped at any time.</p>
      </Confirm>
    );
  }
  if (asked === "pause") {
    return (
      <Confirm title={`Pause ${name}?`} action="Pause the experiment" doing="Pausing…" undoable onConfirm={() => done("pause")} onClose={onClose}>
        <p>Every call of {target} is answered as before, and nothing is counted. Resumed, everybody gets the arm that they had.</p>
      </Confirm>
    );
  }
  if (asked === "stop") return <StopDialog experiment={experiment} onClose={onClose} />;
  if (asked === "decide") return <Decide experiment={experiment} onClose={onClose} />;
  return asked === "remove" ? <Remove experiment={experiment} onClose={onClose} /> : null;
}

function Decide({ experiment, onClose }: { experiment: Experiment; onClose: () => void }) {
  const { data } = useQuery(resultsQuery(experiment, false));
  return <DecideDialog experiment={experiment} verdict={data?.verdict ?? null} onClose={onClose} />;
}

function Remove({ experiment: { id, name }, onClose }: { experiment: Experiment; onClose: () => void }) {
  const navigate = useNavigate();
  const remove = useRemove(id);

  async function confirmed() {
    await remove.mutateAsync(undefined);
    toasts.show(`${name} is deleted`);
    await navigate({ to: paths.experiments });
  }

  return (
    <Confirm title={`Delete ${name}?`} action={`Delete ${name}`} doing="Deleting…" onConfirm={confirmed} onClose={onClose}>
      <p>It is a draft: no call was split by it, and nothing was measured.</p>
    </Confirm>
  );
}
