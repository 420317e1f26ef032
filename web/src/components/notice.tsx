import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

import { cn } from "@/lib/cn";

const tones = {
  info: { look: "bg-accent-soft text-accent-ink", Icon: Info },
  warn: { look: "bg-warn-soft text-warn", Icon: TriangleAlert },
  bad: { look: "bg-bad-soft text-bad", Icon: CircleAlert },
};

interface Props {
  tone: keyof typeof tones;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}

/** Says something quietly at the head of what it concerns. */
export function Notice({ tone, title, children, action, className }: Props) {
  const { look, Icon } = tones[tone];
  return (
    <div role={tone === "bad" ? "alert" : "status"} className={cn("flex gap-2.5 rounded-md px-3 py-2.5", look, className)}>
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      {/* Where there is no room beside the text, what can be done stands below it. */}
      <div className="flex min-w-0 flex-1 flex-wrap gap-x-2.5 gap-y-2">
        <div className="min-w-0 flex-1 basis-64 wrap-anywhere">
          <p className="font-medium">{title}</p>
          {children && <div className="mt-0.5 text-ink">{children}</div>}
        </div>
        {action}
      </div>
    </div>
  );
}
