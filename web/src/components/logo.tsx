import { cn } from "@/lib/cn";

/** The mark: an h with two ground edges. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={cn("size-6", className)}>
      <rect width="24" height="24" rx="6" className="fill-accent" />
      <path
        className="fill-on-accent"
        d="M7 6.5 10.2 4.5V10.1C11 9.3 12.1 8.8 13.4 8.8 15.8 8.8 17.2 10.3 17.2 13V17.5L14 19.5V13.4C14 12.2 13.4 11.6 12.3 11.6 11.1 11.6 10.2 12.5 10.2 13.9V19.5H7Z"
      />
    </svg>
  );
}
