import { cn } from "@/lib/cn";

interface Props {
  /** What is under way, for those who do not see it: "Verified". */
  label: string;
  done: number;
  total: number;
  className?: string;
}

/** How far something is, as a bar; the figures stand beside it in words. */
export function Progress({ label, done, total, className }: Props) {
  return (
    <progress
      aria-label={label}
      value={done}
      max={Math.max(1, total)}
      className={cn(
        "h-1.5 appearance-none overflow-hidden rounded-sm border-0 bg-sunken",
        "[&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent [&::-moz-progress-bar]:bg-accent",
        className,
      )}
    />
  );
}
