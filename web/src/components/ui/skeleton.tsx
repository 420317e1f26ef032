import { cn } from "@/lib/cn";

/** Holds the place of what is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cn("block animate-pulse rounded-sm bg-sunken", className)} />;
}
