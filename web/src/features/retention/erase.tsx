import { useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";

import { erasuresQuery, useErase, useErasurePreview } from "./queries";
import { kindName, present, progressOf } from "./words";

import type { ErasurePreview, ErasureRead } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { Facts } from "@/components/facts";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { useFirstWrong } from "@/components/form/use-first-wrong";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { When } from "@/components/when";
import { count } from "@/lib/format";

type Kind = ErasurePreview["kind"];

const kinds = [
  { value: "user", label: "an end user of the gateway's clients" },
  { value: "person", label: "a person who works here" },
];

/** Finds somebody, counts what is kept of them, and erases it. */
export function Erase() {
  const [kind, setKind] = useState<Kind>("user");
  const [target, setTarget] = useState("");
  const preview = useErasurePreview();
  const form = useFirstWrong<HTMLFormElement>(preview.error);
  const wrong = errorAt(preview.error, "target");
  const beside = errorBeside(preview.error, ["target"]);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    preview.mutate({ kind, target: target.trim() });
  }

  return (
    <section aria-labelledby="erase" className="max-w-2xl">
      <h2 id="erase" className="text-lg font-semibold">
        Erase a person or a user
      </h2>
      <p className="mt-1 mb-4 text-pretty text-quiet">
        Takes away what they said and who they are: contents, metadata, sessions, names. Figures stay, and so does the trail that something happened.
      </p>
      <form ref={form} onSubmit={submit} className="space-y-4">
        <SelectField label="Who" value={kind} onChange={(value) => setKind(value as Kind)} options={kinds} />
        <TextField
          label={kind === "user" ? "User id" : "E-mail or person id"}
          help={kind === "user" ? "As clients send it in the field user, or in x-hone-user." : "Their sessions end and their keys stop at once."}
          value={target}
          onChange={setTarget}
          error={wrong && `${wrong} Check the ${kind === "user" ? "id" : "address or the id"}.`}
          maxLength={512}
          autoComplete="off"
          required
        />
        {beside && <Failure title="Nothing was counted" error={beside} />}
        <Button type="submit" disabled={preview.isPending || target.trim() === ""}>
          {preview.isPending ? "Counting…" : "Count what there is"}
        </Button>
      </form>
      {preview.data && <Ask found={preview.data} onClose={() => preview.reset()} onDone={() => setTarget("")} />}
      <Erasures />
    </section>
  );
}

interface AskProps {
  found: ErasurePreview;
  onClose: () => void;
  onDone: () => void;
}

/** The dry run, and the last question. */
function Ask({ found, onClose, onDone }: AskProps) {
  const erase = useErase();
  const name = found.name ?? found.target;
  const counts = present(found.counts);

  async function confirm() {
    await erase.mutateAsync({ kind: found.kind, target: found.target });
    onDone();
    onClose();
  }

  return (
    <Confirm title={`Erase ${name}?`} action={`Erase ${name}`} doing="Erasing…" typed={name} onConfirm={confirm} onClose={onClose}>
      {counts.length === 0 ? <p>Nothing of them is kept under this name.</p> : <Facts facts={Object.fromEntries(counts)} />}
      <p>This cannot be undone.</p>
      <p>
        Backups made before still hold it{found.backups.length > 0 && `, such as ${found.backups.map(({ file }) => file).join(", ")}`}. Delete them, or
        keep <code className="font-mono text-xs">erasures.jsonl</code> of the data directory, which a restore applies again.
      </p>
    </Confirm>
  );
}

function Erasures() {
  const { data, error, refetch } = useQuery(erasuresQuery);
  if (error && !data) return <Failure title="Erasures could not be loaded" error={error} onRetry={() => void refetch()} className="mt-6" />;
  if (!data || data.items.length === 0) return null;
  return (
    <section aria-labelledby="erasures" className="mt-6">
      <h3 id="erasures" className="font-medium">
        Erasures
      </h3>
      <p className="text-sm text-quiet">None of them says whom any more.</p>
      <ul aria-live="polite" className="mt-2 divide-y divide-line rounded-lg border border-line bg-surface">
        {data.items.map((erasure) => (
          <Row key={erasure.id} erasure={erasure} />
        ))}
      </ul>
    </section>
  );
}

function Row({ erasure }: { erasure: ErasureRead }) {
  const { done, total } = progressOf(erasure);
  const who = erasure.kind === "user" ? "An end user" : "A person";
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <span className="flex-1 basis-40">{who}</span>
      {erasure.state === "running" ? (
        <span className="flex items-center gap-2">
          {kindName(erasure.step)}: {count(done)} of {count(total)} rows
          <Progress label="Erased" done={done} total={total} className="w-24" />
        </span>
      ) : (
        <span className="text-quiet">
          {count(done)} rows erased <When at={erasure.finishedAt ?? erasure.requestedAt} />
        </span>
      )}
    </li>
  );
}
