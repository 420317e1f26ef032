import { Logo } from "@/components/logo";

/** What is seen while the server is asked who is there; rarely for long. */
export function Opening() {
  return (
    <div role="status" className="grid min-h-dvh place-items-center text-quiet">
      <p className="flex items-center gap-3">
        <Logo className="size-8" /> Asking the server who you are…
      </p>
    </div>
  );
}
