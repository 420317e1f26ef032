import type { ComponentProps } from "react";

import { cn } from "@/lib/cn";

/** Rows of 36 px for a mouse, 44 px for a finger. */
export function Table({ className, ...props }: ComponentProps<"table">) {
  return <table className={cn("w-full border-collapse text-sm", className)} {...props} />;
}

export function Row({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={cn("h-9 border-t border-line pointer-coarse:h-11", className)} {...props} />;
}

interface CellProps extends ComponentProps<"td"> {
  numeric?: boolean;
}

export function Cell({ numeric = false, className, ...props }: CellProps) {
  return <td className={cn("px-2 whitespace-nowrap first:pl-0 last:pr-0", numeric && "text-right", className)} {...props} />;
}

interface HeadProps extends ComponentProps<"th"> {
  numeric?: boolean;
}

export function Head({ numeric = false, className, scope = "col", ...props }: HeadProps) {
  return (
    <th
      scope={scope}
      className={cn(
        "h-8 px-2 text-xs font-medium whitespace-nowrap text-quiet first:pl-0 last:pr-0",
        numeric ? "text-right" : "text-left",
        className,
      )}
      {...props}
    />
  );
}
