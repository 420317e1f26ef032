import { useState } from "react";

import type { Request } from "./ask";
import { languages, snippet, type Language } from "./snippets";

import { CodeBlock } from "@/components/code-block";
import { Dialog } from "@/components/ui/dialog";
import { Segmented } from "@/components/ui/segmented";

interface Props {
  body: Request;
  onClose: () => void;
}

/** The call that the playground makes, as an application makes it. */
export function CodeDialog({ body, onClose }: Props) {
  const [language, setLanguage] = useState<Language>("curl");
  return (
    <Dialog title="The same call as code" onClose={onClose}>
      <p className="text-quiet">
        Put an API key of your own into <code className="font-mono text-xs text-ink">HONE_KEY</code>; the playground uses your
        session instead.
      </p>
      <Segmented
        label="Language"
        className="my-3"
        value={language}
        options={languages.map((each) => ({ value: each, label: each }))}
        onChange={setLanguage}
      />
      <CodeBlock title={language} code={snippet(language, location.origin, body)} />
    </Dialog>
  );
}
