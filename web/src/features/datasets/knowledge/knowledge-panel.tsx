import { Link } from "@tanstack/react-router";
import { RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";

import { StateOf } from "./columns";
import { useForgetKnowledge, useSchedule, useSync } from "./queries";
import { choiceOf, formats, hoursOf, schedulesFor } from "./words";

import type { KnowledgeRead } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { CopyButton } from "@/components/copy-button";
import { Facts } from "@/components/facts";
import { Failure } from "@/components/failure";
import { Notice } from "@/components/notice";
import { Permitted } from "@/components/permitted";
import { SidePanel } from "@/components/side-panel";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { When } from "@/components/when";
import { plural } from "@/lib/format";
import { paths } from "@/lib/paths";

interface Props {
  dataset: string;
  of: KnowledgeRead;
  onClose: () => void;
}

const LINK = "hit text-accent-ink underline underline-offset-4";

/** One page, FAQ or document: where it is from, how current it is, and what is wrong with it. */
export function KnowledgePanel({ dataset, of: source, onClose }: Props) {
  const { id, name, url, problem, format, pages, checkedAt, changedAt, nextAt, createdAt } = source;
  return (
    <SidePanel title={name} of={id} onClose={onClose}>
      <h2 className="text-lg font-semibold wrap-anywhere">{name}</h2>
      {problem !== null && (
        <Notice tone="bad" title="It could not be read" className="mt-4">
          {problem} {pages > 0 && "What it said before is kept."}
        </Notice>
      )}
      <Permitted to="datasets:write">
        <Actions key={id} dataset={dataset} of={source} onGone={onClose} />
      </Permitted>
      <Facts
        facts={{
          State: <StateOf of={source} />,
          Is: format && formats[format],
          Pages:
            pages === 0 ? null : (
              <Link to={paths.dataset} params={{ datasetId: dataset }} search={{ source: "knowledge" }} className={LINK}>
                {plural(pages, "page")}
              </Link>
            ),
          Address: url && (
            <a href={url} target="_blank" rel="noreferrer noopener" className={`${LINK} wrap-anywhere`}>
              {url}
            </a>
          ),
          "Looked at": checkedAt && <When at={checkedAt} />,
          Changed: changedAt && <When at={changedAt} />,
          "Read again": nextAt && <When at={nextAt} />,
          Added: <When at={createdAt} />,
          Id: (
            <>
              <code className="font-mono text-xs break-all">{id}</code> <CopyButton text={id} what="the source's id" />
            </>
          ),
        }}
      />
    </SidePanel>
  );
}

function Actions({ dataset, of: { id, name, url, everyHours, state }, onGone }: { dataset: string; of: KnowledgeRead; onGone: () => void }) {
  const sync = useSync(dataset);
  const schedule = useSchedule(dataset);
  const { mutateAsync: discard } = useForgetKnowledge(dataset);
  const [asking, setAsking] = useState(false);
  const failed = sync.error ?? schedule.error;
  return (
    <div className="mt-6 space-y-3">
      {failed && <Failure title="Nothing was changed" error={failed} />}
      <div className="flex flex-wrap items-center gap-2">
        {url !== null && (
          <>
            <Button disabled={sync.isPending || state === "waiting"} onClick={() => sync.mutate(id)}>
              <RefreshCw aria-hidden="true" /> {state === "waiting" ? "Being read…" : "Read it now"}
            </Button>
            <Select
              aria-label="How often it is read again"
              className="w-44"
              options={schedulesFor(everyHours)}
              value={choiceOf(everyHours)}
              onChange={(choice) => schedule.mutate({ id, everyHours: hoursOf(choice) })}
            />
          </>
        )}
        <Button look="quiet" className="ml-auto" onClick={() => setAsking(true)}>
          <Trash2 aria-hidden="true" /> Remove
        </Button>
      </div>
      {asking && (
        <Confirm
          title={`Remove ${name}?`}
          action="Remove it"
          doing="Removing…"
          onConfirm={async () => {
            await discard(id);
            onGone();
            toasts.show(`Removed ${name}`);
          }}
          onClose={() => setAsking(false)}
        >
          <p>What it says is gone from the dataset, and models that are trained from now on do not answer with it. Versions that hold it stay as they are.</p>
        </Confirm>
      )}
    </div>
  );
}
