import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { at, useFreeze } from "../queries";
import { SPLITS } from "../routes";
import type { DatasetRead, ExampleRead } from "../shapes";
import { splits } from "../words";

import { about, freezeBody, isComplete, percentFault, seedFault, sharesFault, sharesOf, usual, type FreezeText } from "./freeze-draft";

import { get } from "@/api/client";
import type { Page } from "@/api/schema";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { toasts } from "@/components/toast/store";
import { count, plural } from "@/lib/format";
import { paths } from "@/lib/paths";

const FIELDS = ["note", "minQuality", "splits", "seed", "groupBy"];

/** Makes a version of what is approved, which never changes again. */
export function FreezeDialog({ dataset, onClose }: { dataset: DatasetRead; onClose: () => void }) {
  const [text, setText] = useState(usual);
  const navigate = useNavigate();
  const { mutate, error, isPending } = useFreeze(dataset.id);
  const beside = errorBeside(error, FIELDS);
  const change = (part: Partial<FreezeText>) => setText({ ...text, ...part });

  function submit() {
    mutate(freezeBody(text), {
      onSuccess: ({ number, examples }) => {
        toasts.show(number === dataset.version ? `Nothing has changed since version ${number}` : `Froze version ${number} with ${plural(examples, "example")}`);
        void navigate({ to: paths.datasetVersions, params: { datasetId: dataset.id }, search: { version: number } });
      },
    });
  }

  return (
    <FormDialog
      title={`Freeze version ${(dataset.version ?? 0) + 1} of ${dataset.name}`}
      action="Freeze the version"
      doing="Freezing…"
      error={error}
      busy={isPending}
      ready={isComplete(text)}
      wide
      onSubmit={submit}
      onClose={onClose}
    >
      {beside && <Failure title="No version was made" error={beside} />}
      <p className="text-pretty text-quiet">A version holds what is approved now, for good: models are trained on versions, so that anybody can tell later what a model learned from.</p>
      <TextField label="Note" help="Why it is made: “after the March review”." optional value={text.note} error={errorAt(error, "note")} onChange={(note) => change({ note })} />
      <TextField
        label="Quality at least"
        help="Examples below it stay out."
        unit="%"
        inputMode="decimal"
        value={text.minQuality}
        check={percentFault}
        error={errorAt(error, "minQuality")}
        onChange={(minQuality) => change({ minQuality })}
      />
      <Shares text={text} error={error} onChange={change} />
      <SelectField
        label="Keep together"
        help="What belongs together goes to one split, or the test would ask what was learned by heart."
        value={text.groupBy}
        options={[
          { value: "conversation", label: "Conversations, and texts that are nearly the same" },
          { value: "input", label: "Texts that are nearly the same" },
        ]}
        onChange={(groupBy) => change({ groupBy: groupBy as FreezeText["groupBy"] })}
      />
      <TextField label="Seed" help="The same seed draws the same splits." inputMode="numeric" value={text.seed} check={seedFault} error={errorAt(error, "seed")} onChange={(seed) => change({ seed })} />
      <div aria-live="polite" className="min-h-16">
        {isComplete(text) && <Counts dataset={dataset} text={text} />}
      </div>
    </FormDialog>
  );
}

function Shares({ text, error, onChange }: { text: FreezeText; error: Error | null; onChange: (part: Partial<FreezeText>) => void }) {
  const wrong = sharesFault(text);
  return (
    <>
      <TextField
        label="For validation"
        help="Chooses among trained models: when to stop, how sure to be."
        unit="%"
        inputMode="decimal"
        value={text.validation}
        check={() => wrong}
        error={errorAt(error, "splits")}
        onChange={(validation) => onChange({ validation })}
      />
      <TextField label="For the test" help="Judges: no model ever learns from it." unit="%" inputMode="decimal" value={text.test} check={() => wrong} onChange={(test) => onChange({ test })} />
    </>
  );
}

/** What the version will hold, counted by the server; how it falls into splits is about right. */
function Counts({ dataset, text }: { dataset: DatasetRead; text: FreezeText }) {
  const minQuality = String(Number(text.minQuality) / 100);
  const { data } = useQuery({
    queryKey: ["datasets", "counted", dataset.id, minQuality],
    queryFn: ({ signal }) => get<Page<ExampleRead>>(`${at(dataset.id, "examples")}?${new URLSearchParams({ status: "validated", minQuality, limit: "1" }).toString()}`, { signal }),
  });
  const examples = minQuality === "0" ? dataset.validated : (data?.total ?? null);
  if (examples === null) return <p className="text-quiet">Counting what it will hold…</p>;
  const parts = about(examples, sharesOf(text));
  return (
    <>
      <p>
        It will hold <strong className="font-medium">{plural(examples, "approved example")}</strong>
        {dataset.pending > 0 && <span className="text-quiet">; {count(dataset.pending)} that wait for review stay out</span>}.
      </p>
      <p className="text-quiet">{SPLITS.map((split) => `${splits[split]} about ${count(parts[split])}`).join(", ")}.</p>
    </>
  );
}
