import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowDownToLine, Download } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";

import { linesOf, logPath, NOTHING, readOn, type Log } from "../log";
import { isAtWork } from "../words";

import type { Run } from "@/api/learning";
import { Failure } from "@/components/failure";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { outlineLink } from "@/components/ui/looks";
import { Skeleton } from "@/components/ui/skeleton";
import { count, plural } from "@/lib/format";

const OFTEN_MS = 2000;

/** What the trainer printed: followed while it runs, searched, and taken as a file. */
export function LogSection({ run }: { run: Run }) {
  const queries = useQueryClient();
  const key = ["training", "log", run.id];
  const { data: log, error, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => readOn(run.id, queries.getQueryData<Log>(key) ?? NOTHING, signal),
    refetchInterval: isAtWork(run) ? OFTEN_MS : false,
  });
  const [word, setWord] = useState("");
  const lines = useMemo(() => linesOf(log ?? NOTHING, word), [log, word]);
  const empty = log?.text === "";
  return (
    <section aria-labelledby="log" className="min-w-0">
      <header className="mb-3 flex flex-wrap items-center gap-2">
        <h2 id="log" className="mr-auto text-lg font-semibold">
          Log
        </h2>
        {!empty && (
          <>
            <span className="w-44">
              <Input type="search" aria-label="Lines with" placeholder="Lines with…" value={word} onChange={(event) => setWord(event.target.value)} className="h-8" />
            </span>
            <a href={logPath(run.id)} download={`${run.id}.log`} className={outlineLink}>
              <Download aria-hidden="true" className="size-4" /> Download
            </a>
          </>
        )}
      </header>
      {error && <Failure title={log ? "The log could not be read on" : "The log could not be read"} error={error} onRetry={() => void refetch()} className="mb-3" />}
      {!log ? (
        !error && <Skeleton className="h-48" />
      ) : empty ? (
        <p className="text-quiet">{run.startedAt === null ? "The trainer has not begun: it has printed nothing yet." : "The trainer has printed nothing."}</p>
      ) : (
        <Lines lines={lines} log={log} sought={word.trim() !== ""} live={isAtWork(run)} />
      )}
    </section>
  );
}

/** As far from the end, in pixels, a reader still counts as being there. */
const NEAR = 24;

function Lines({ lines, log, sought, live }: { lines: readonly string[]; log: Log; sought: boolean; live: boolean }) {
  const box = useRef<HTMLPreElement>(null);
  const [follows, setFollows] = useState(true);
  useEffect(() => {
    const element = box.current;
    if (element && follows) element.scrollTop = element.scrollHeight;
  }, [lines, follows]);

  function scrolled() {
    const element = box.current;
    if (element) setFollows(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR);
  }

  return (
    <div className="relative">
      <pre
        ref={box}
        tabIndex={0}
        role="region"
        aria-label="Lines of the log"
        onScroll={scrolled}
        className="h-72 overflow-auto rounded-md border border-line bg-surface p-3 font-mono text-xs leading-5"
      >
        {lines.join("\n")}
      </pre>
      {!follows && (
        <Button className="absolute right-4 bottom-4 shadow-md" onClick={() => setFollows(true)}>
          <ArrowDownToLine aria-hidden="true" /> {live ? "Follow" : "To the end"}
        </Button>
      )}
      <p role="status" className="mt-1 text-xs text-quiet">
        {sought ? `${plural(lines.length, "line")} with it` : plural(lines.length, "line")}
        {log.dropped > 0 && `; ${count(log.dropped)} before them are in the file`}
      </p>
    </div>
  );
}
