import { useQuery } from "@tanstack/react-query";

import { useDataset } from "../dataset-context";
import { statisticsQuery } from "../queries";
import { byCount } from "../words";

import { tally, type Session } from "./session";

import { Progress } from "@/components/ui/progress";
import { Select } from "@/components/ui/select";
import { count } from "@/lib/format";

interface Props {
  session: Session;
  /** How many waited at the beginning; null where counting stops. */
  total: number | null;
  label?: string | undefined;
  onLabel?: (label: string | undefined) => void;
}

/** How far one is, and of what. */
export function ReviewHead({ session, total, label, onLabel }: Props) {
  const done = session.decided.size;
  const all = Math.max(total ?? 0, session.items.length);
  const { approve, correct, reject } = tally(session);
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
      <div className="min-w-0 flex-1 basis-72">
        <p role="status" className="flex flex-wrap items-baseline justify-between gap-x-4">
          <span className="font-medium">
            {count(done)} of {count(all)} reviewed
          </span>
          <span className="text-sm text-quiet">
            {count(approve)} approved, {count(correct)} corrected, {count(reject)} rejected
          </span>
        </p>
        <Progress label="Reviewed" done={done} total={all} className="mt-1 w-full" />
      </div>
      {onLabel && <LabelChoice label={label} onLabel={onLabel} />}
    </div>
  );
}

/** One label at a time is faster: what does not belong stands out. */
function LabelChoice({ label, onLabel }: { label: string | undefined; onLabel: (label: string | undefined) => void }) {
  const { id } = useDataset();
  const { data } = useQuery(statisticsQuery(id));
  const names = byCount(data?.byLabel ?? {}).map(([name]) => name);
  const options = [{ value: "", label: "Every label" }, ...(label !== undefined && !names.includes(label) ? [label, ...names] : names).map((value) => ({ value, label: value }))];
  return <Select aria-label="Only examples of" className="w-56 max-w-full" value={label ?? ""} options={options} onChange={(value) => onLabel(value || undefined)} />;
}
