import type { ComponentProps } from "react";

import { cn } from "@/lib/cn";

const looks = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong font-medium",
  outline: "border border-edge bg-surface text-ink hover:bg-sunken",
  quiet: "text-quiet hover:bg-sunken hover:text-ink",
  danger: "border border-mark-bad bg-bad-soft text-bad font-medium hover:bg-surface",
};

interface Props extends ComponentProps<"button"> {
  look?: keyof typeof looks;
}

export function Button({ look = "outline", className, type = "button", ...props }: Props) {
  return (
    <button
      type={type}
      className={cn(
        "hit inline-flex h-8 items-center justify-center gap-1.5 rounded-md px-3 text-sm whitespace-nowrap transition-colors",
        "disabled:cursor-default disabled:opacity-60 [&_svg]:size-4 [&_svg]:shrink-0",
        looks[look],
        className,
      )}
      {...props}
    />
  );
}
