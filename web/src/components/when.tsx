import { age, fullTime } from "@/lib/time";
import { useNow } from "@/lib/use-now";

const MINUTE = 60_000;

/** How long ago it was, or in how long it will be, with the exact moment on hover. */
export function When({ at }: { at: string }) {
  const now = useNow(MINUTE / 2);
  const ahead = Date.parse(at) - now;
  return (
    <time dateTime={at} title={fullTime(at)}>
      {ahead > MINUTE ? `in ${age(ahead).replace(" ago", "")}` : age(-ahead)}
    </time>
  );
}
