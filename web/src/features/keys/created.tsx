import { useState } from "react";

import { snippets } from "./snippets";

import type { KeyCreated } from "@/api/schema.gen";
import { CodeBlock } from "@/components/code-block";
import { Notice } from "@/components/notice";
import { Segmented } from "@/components/ui/segmented";

interface Props {
  created: KeyCreated;
  route: string;
}

/** The one time that a key is shown, with a call to try it by. */
export function Created({ created, route }: Props) {
  const all = snippets(location.origin, created.key, route);
  const [title, setTitle] = useState("curl");
  const snippet = all.find((each) => each.title === title);
  return (
    <div className="space-y-4">
      <Notice tone="warn" title="Copy the key now">
        It is not shown again. Whoever has it can do what it may; revoke it when it got into wrong hands.
      </Notice>
      <CodeBlock title="Key" code={created.key} />
      {created.permissions.includes("ai:query") && (
        <>
          <Segmented
            label="Language"
            value={title}
            options={all.map((each) => ({ value: each.title, label: each.title }))}
            onChange={setTitle}
          />
          {snippet && <CodeBlock {...snippet} />}
        </>
      )}
    </div>
  );
}
