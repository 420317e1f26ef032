import { Code, Eraser } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { CodeDialog } from "./code-dialog";
import { Composer } from "./composer";
import type { Round } from "./conversation";
import { Rounds } from "./rounds";
import type { PlaygroundSearch } from "./routes";
import { SettingsPanel, type SettingsDraft } from "./settings-panel";
import { useConversation } from "./use-conversation";
import { useFollow } from "./use-follow";
import { useLanes } from "./use-lanes";

import { Button } from "@/components/ui/button";

interface Props {
  names: readonly string[];
  search: PlaygroundSearch;
  start: { system: string; rounds: Round[]; draft: string };
}

const defaults: Omit<SettingsDraft, "system"> = { temperature: null, maxTokens: null, stream: true, wrong: [] };

/** Ask a route or a model, or two side by side, and see what each takes. */
export function Playground({ names, search, start }: Props) {
  const { lanes, head } = useLanes(names, search);
  const [settings, setSettings] = useState<SettingsDraft>({ ...defaults, system: start.system });
  const [draft, setDraft] = useState(start.draft);
  const [coding, setCoding] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const panel = useRef<HTMLDetailsElement>(null);
  const conversation = useConversation(lanes, settings, start.rounds);
  const { rounds, busy } = conversation;
  useFollow(rounds);

  // Where one came to write, one can write.
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
  }, []);

  function send() {
    if (settings.wrong.length > 0) {
      toFirstWrong(panel.current);
      return;
    }
    conversation.send(draft.trim());
    setDraft("");
  }

  function edit(round: Round) {
    setDraft(conversation.back(round.id));
    field.current?.focus();
  }

  return (
    <div className="flex flex-1 flex-col gap-4">
      {head}
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setCoding(true)}>
          <Code aria-hidden="true" /> Show as code
        </Button>
        {rounds.length > 0 && (
          <Button onClick={() => conversation.load([])} disabled={busy}>
            <Eraser aria-hidden="true" /> Start over
          </Button>
        )}
      </div>
      <div className="flex-1">
        {rounds.length === 0 ? <Beginning /> : <Rounds conversation={conversation} lanes={lanes} onEdit={edit} />}
      </div>
      <Progress started={rounds.length > 0} busy={busy} />
      <SettingsPanel settings={settings} panel={panel} onChange={setSettings} />
      <div className="sticky bottom-0 -mx-1 -mt-4 bg-canvas px-1 pt-2 pb-4">
        <Composer
          draft={draft}
          busy={busy}
          wrong={settings.wrong.length > 0}
          field={field}
          onDraft={setDraft}
          onSend={send}
          onStop={conversation.stop}
        />
      </div>
      {coding && <CodeDialog body={conversation.body("left", draft.trim() || "Hello")} onClose={() => setCoding(false)} />}
    </div>
  );
}

/** Opens the settings at the one that cannot be sent. */
function toFirstWrong(panel: HTMLDetailsElement | null): void {
  if (panel) panel.open = true;
  panel?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
}

/** Says to those who do not see it that an answer came; its pieces would be read out one by one. */
function Progress({ started, busy }: { started: boolean; busy: boolean }) {
  return (
    <p role="status" className="sr-only">
      {started && (busy ? "Answering" : "Answered")}
    </p>
  );
}

function Beginning() {
  return (
    <div className="max-w-[72ch] space-y-2 py-4 text-pretty text-quiet">
      <h2 className="text-lg font-semibold text-ink">Ask as an application would</h2>
      <p>
        What is sent from here takes the same way as a call of an application: the route chooses a model, the answer is metered
        and priced, and the call is kept among the operations under your name.
      </p>
      <p>Compare two to see their answers, times and costs side by side. Each side keeps its own conversation.</p>
    </div>
  );
}
