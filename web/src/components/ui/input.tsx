import type { ComponentProps } from "react";

import { cn } from "@/lib/cn";

/** How every control that one types into looks. */
export const controlLook = cn(
  "w-full min-w-0 rounded-md border border-edge bg-surface px-3 text-sm text-ink placeholder:text-quiet",
  "aria-invalid:border-mark-bad disabled:bg-sunken disabled:text-quiet",
);

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(controlLook, "h-9 pointer-coarse:h-11", className)} {...props} />;
}
