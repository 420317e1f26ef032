import { useNow } from "@/lib/use-now";

/** Whole seconds until a moment; 0 once it has passed or when there is none. */
export function useCountdown(until: number | null): number {
  const now = useNow();
  return until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
}
