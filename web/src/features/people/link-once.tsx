import type { PasswordLink } from "@/api/schema.gen";
import { CodeBlock } from "@/components/code-block";
import { fullTime } from "@/lib/time";

/** A link that is shown once, to hand over by a way that one trusts. */
export function LinkOnce({ link, title }: { link: PasswordLink; title: string }) {
  return (
    <div className="space-y-2">
      <CodeBlock title={title} code={link.url} />
      <p className="text-sm text-quiet">It works once, until {fullTime(link.expiresAt)}, and is not shown again.</p>
    </div>
  );
}
