/** Links that look like the buttons beside them. */

export const primaryLink =
  "hit inline-flex h-8 items-center gap-1.5 rounded-md bg-accent px-3 text-sm font-medium whitespace-nowrap text-on-accent hover:bg-accent-strong";

export const outlineLink =
  "hit inline-flex h-8 items-center gap-1.5 rounded-md border border-edge bg-surface px-3 text-sm whitespace-nowrap hover:bg-sunken";
