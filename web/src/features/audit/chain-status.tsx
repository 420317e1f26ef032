import { useQuery } from "@tanstack/react-query";
import { ShieldAlert, ShieldCheck, ShieldQuestion } from "lucide-react";

import { chainQuery, useVerify } from "./queries";

import type { Chain, VerificationRead } from "@/api/schema.gen";
import { CopyButton } from "@/components/copy-button";
import { Failure } from "@/components/failure";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { Skeleton } from "@/components/ui/skeleton";
import { When } from "@/components/when";
import { count, plural } from "@/lib/format";

/** Whether the trail is whole, in a sentence, and a walk along it. */
export function ChainStatus() {
  const { data: chain, error, refetch } = useQuery(chainQuery);
  const verify = useVerify();
  if (error && !chain) return <Failure title="The state of the chain could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!chain) return <Skeleton className="h-20" />;
  return (
    <section aria-label="The chain" className="rounded-lg border border-line bg-surface p-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div role="status" className="min-w-0 flex-1 basis-72">
          {chain.running ? <Walking walk={chain.running} /> : <Result chain={chain} />}
        </div>
        <Button onClick={() => verify.mutate()} disabled={verify.isPending || chain.running !== null}>
          {chain.running ? "Verifying…" : "Verify now"}
        </Button>
      </div>
      {chain.head !== null && <HeadHash chain={chain} head={chain.head} />}
      {verify.error && <Failure title="The chain was not verified" error={verify.error} className="mt-3" />}
    </section>
  );
}

function Walking({ walk }: { walk: VerificationRead }) {
  return (
    <>
      <p className="font-medium">
        {count(walk.checked)} of {plural(walk.total, "event")} hold so far
      </p>
      <Progress label="Verified" done={walk.checked} total={walk.total} className="mt-2 block w-full max-w-80" />
    </>
  );
}

function Result({ chain: { events, last } }: { chain: Chain }) {
  if (last === null) {
    return (
      <Line Icon={ShieldQuestion} tint="text-quiet" title={`${plural(events, "event")}, not verified yet`}>
        Each event is linked to the one before by its hash. Verifying walks all links; it also happens every night.
      </Line>
    );
  }
  if (last.state === "broken") {
    return (
      <Line Icon={ShieldAlert} tint="text-bad" title={`The chain is broken at event ${count(last.brokenAt ?? 0)}: ${last.reason ?? "it does not hold"}`}>
        {plural(last.checked, "event")} before it hold. Somebody wrote to the database behind Hone. Compare with a backup from before, and with a hash
        that you noted down. Found <When at={last.finishedAt ?? last.startedAt} />.
      </Line>
    );
  }
  return (
    <Line Icon={ShieldCheck} tint="text-good" title={`The chain is whole: ${plural(last.checked, "event")} hold`}>
      Verified <When at={last.finishedAt ?? last.startedAt} />
      {events > last.checked && `; ${plural(events - last.checked, "event")} came since`}.
    </Line>
  );
}

interface LineProps {
  Icon: typeof ShieldCheck;
  tint: string;
  title: string;
  children: React.ReactNode;
}

function Line({ Icon, tint, title, children }: LineProps) {
  return (
    <div className="flex gap-2.5">
      <Icon aria-hidden="true" className={`mt-0.5 size-4 shrink-0 ${tint}`} />
      <div>
        <p className="font-medium">{title}</p>
        <p className="mt-0.5 max-w-[72ch] text-pretty text-quiet">{children}</p>
      </div>
    </div>
  );
}

function HeadHash({ chain, head }: { chain: Chain; head: string }) {
  return (
    <details className="mt-3 text-sm">
      <summary className="hit w-fit cursor-pointer rounded-sm text-quiet hover:text-ink">Prove it without trusting this database</summary>
      <p className="mt-2 max-w-[72ch] text-pretty text-quiet">
        Note down this hash of event {count(chain.events)} somewhere else. As long as the chain still passes through it, nothing before it was changed,
        not even by an owner of the database.
      </p>
      <p className="mt-1 flex flex-wrap items-center gap-2">
        <code className="min-w-0 font-mono text-xs break-all">{head}</code>
        <CopyButton text={head} what="the newest hash" />
      </p>
    </details>
  );
}
