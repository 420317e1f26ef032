import { Hash, Mail, Webhook, type LucideIcon } from "lucide-react";

import { useSaveChannel, useTestChannel } from "../queries";

import { toldWhen } from "./words";

import type { AlertChannel, AlertChannelTested, ChannelKind } from "@/api/watch";
import { Failure } from "@/components/failure";
import { Notice } from "@/components/notice";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { When } from "@/components/when";
import { plural } from "@/lib/format";

const icons: Record<ChannelKind, LucideIcon> = { email: Mail, slack: Hash, webhook: Webhook };

interface Props {
  of: AlertChannel;
  onEdit: () => void;
  onRemove: () => void;
}

/** One channel: where it leads, what it is told, and whether that arrives. */
export function ChannelItem({ of: channel, onEdit, onRemove }: Props) {
  const { name, kind, target, enabled } = channel;
  const save = useSaveChannel();
  const test = useTestChannel();
  const Icon = icons[kind];

  function turn() {
    save.mutate({ present: channel, body: { enabled: !enabled } }, { onSuccess: () => toasts.show(enabled ? `${name} is told nothing` : `${name} is told again`), onError: ({ message }) => toasts.show(message) });
  }

  return (
    <li className="border-t border-line py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex items-center gap-2 font-medium">
            <Icon aria-hidden="true" className="size-4 shrink-0 text-quiet" /> <span className="truncate">{name}</span>
            {!enabled && <span className="rounded-sm bg-sunken px-1.5 py-0.5 text-xs font-normal text-quiet">off</span>}
          </p>
          <p className="text-sm break-words">{target}</p>
          <p className="text-xs text-quiet">{toldWhen(channel)}</p>
        </div>
        <Permitted to="monitors:write">
          <Button disabled={test.isPending} onClick={() => test.mutate(channel.id)} aria-label={`Send a test to ${name}`}>
            {test.isPending ? "Sending…" : "Send a test"}
          </Button>
          <Button disabled={save.isPending} onClick={turn} aria-label={`Turn ${enabled ? "off" : "on"} ${name}`}>
            {enabled ? "Turn off" : "Turn on"}
          </Button>
          <Button onClick={onEdit} aria-label={`Change ${name}`}>
            Change
          </Button>
          <Button onClick={onRemove} aria-label={`Delete ${name}`}>
            Delete
          </Button>
        </Permitted>
      </div>
      {test.error && <Failure title="The test could not be sent" error={test.error} className="mt-3" />}
      {test.data ? <Tested of={test.data} /> : <Failing of={channel} />}
    </li>
  );
}

function Tested({ of: { delivered, words } }: { of: AlertChannelTested }) {
  return (
    <Notice tone={delivered ? "info" : "bad"} title={delivered ? "The test arrived" : "The test did not arrive"} className="mt-3">
      {words}
    </Notice>
  );
}

/** Messages that do not arrive: since when, why, and what becomes of them. */
function Failing({ of: { failingSince, lastError, waiting } }: { of: AlertChannel }) {
  if (failingSince === null) return null;
  return (
    <Notice tone="bad" title={waiting > 0 ? `${plural(waiting, "message")} could not be delivered yet` : "Messages do not arrive"} className="mt-3">
      <p>
        Since <When at={failingSince} />
        {lastError ? `: ${lastError}` : "."} {waiting > 0 && "They are tried again; nothing is lost meanwhile."}
      </p>
    </Notice>
  );
}
