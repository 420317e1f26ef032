import { CircleCheck, CloudOff } from "lucide-react";
import { useEffect, useState } from "react";

import { useAway } from "@/api/away";
import { age, clockTimeExact } from "@/lib/time";
import { useNow } from "@/lib/use-now";

/** A short loss is nobody's business. */
const PATIENCE_MS = 2000;
const GLAD_MS = 4000;

interface Loss {
  since: number;
  /** When the connection came back; null while it is away. */
  until: number | null;
}

/** Since when there is no connection, and until when there was none. */
function useLoss(): Loss | null {
  const away = useAway();
  const [loss, setLoss] = useState<Loss | null>(null);
  useEffect(() => {
    // The moment of a change is known only once it has happened.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setLoss((old) => (away ? { since: Date.now(), until: null } : old && { ...old, until: Date.now() }));
  }, [away]);
  return loss;
}

/** Says when the server cannot be reached, how old is what one sees, and when all is well again. */
export function Connection() {
  const loss = useLoss();
  return (
    <div role="status" className="pointer-events-none sticky top-12 z-20 flex justify-center px-4 lg:fixed lg:inset-x-0 lg:top-3">
      {loss && <Words {...loss} />}
    </div>
  );
}

function Words({ since, until }: Loss) {
  const now = useNow();
  if (until === null) {
    if (now - since < PATIENCE_MS) return null;
    return (
      <p className="flex items-center gap-2 rounded-md border border-line bg-warn-soft px-3 py-2 text-sm text-warn shadow-md">
        <CloudOff aria-hidden="true" className="size-4 shrink-0" />
        <span>
          <strong className="font-medium">No connection.</strong> What you see is from {clockTimeExact(since)}{" "}
          <span aria-hidden="true">({age(now - since)})</span>; it catches up by itself.
        </span>
      </p>
    );
  }
  if (until - since < PATIENCE_MS || now - until > GLAD_MS) return null;
  return (
    <p className="flex items-center gap-2 rounded-md border border-line bg-good-soft px-3 py-2 text-sm text-good shadow-md">
      <CircleCheck aria-hidden="true" className="size-4 shrink-0" /> Connected again, and up to date.
    </p>
  );
}
