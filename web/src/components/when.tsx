import { useState } from "react";

import { age, fullTime } from "@/lib/time";
import { useNow } from "@/lib/use-now";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How long ago it was, or in how long it will be, with the exact moment on hover. */
export function When({ at }: { at: string }) {
  const [seen] = useState(Date.now);
  // Seconds are told of what is younger than a minute; that of a list that stays open grows old as well.
  const now = useNow(Math.abs(seen - Date.parse(at)) < MINUTE ? SECOND : MINUTE / 2);
  const ahead = Date.parse(at) - now;
  return (
    <time dateTime={at} title={fullTime(at)}>
      {ahead > MINUTE ? `in ${age(ahead).replace(" ago", "")}` : age(-ahead)}
    </time>
  );
}
