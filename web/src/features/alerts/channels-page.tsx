import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";

import { ChannelDialog } from "./channels/channel-dialog";
import { ChannelItem } from "./channels/channel-item";
import { ChannelRemoval } from "./channels/channel-removal";
import { SecretDialog } from "./channels/secret-dialog";
import { channelsQuery } from "./queries";
import { Sections } from "./sections";

import { usePolling } from "@/api/live";
import type { AlertChannel, AlertChannelMade } from "@/api/watch";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";

type Asked = { kind: "edit"; channel: AlertChannel | null } | { kind: "remove"; channel: AlertChannel } | { kind: "secret"; made: AlertChannelMade } | null;

/** Who is told of alerts, and whether messages arrive. */
export default function ChannelsPage() {
  const { create } = useSearch({ from: "/signed-in/alerts/channels" });
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery({ ...channelsQuery, refetchInterval: usePolling() });
  const [asked, setAsked] = useState<Asked>(create ? { kind: "edit", channel: null } : null);
  const add = () => setAsked({ kind: "edit", channel: null });
  const close = () => {
    setAsked(null);
    if (create) void navigate({ to: paths.channels, search: {}, replace: true });
  };
  const saved = (channel: AlertChannelMade) => {
    if (channel.secret === null) {
      close();
      toasts.show(`Saved ${channel.name}`);
    } else {
      setAsked({ kind: "secret", made: channel });
    }
  };
  return (
    <>
      <PageHead title="Alerts" action={<Add onPress={add} />}>
        Who is told when an alert opens, gets worse or is over. A message that does not arrive is tried again for hours.
      </PageHead>
      <Sections />
      {error && <Failure title="The channels could not be loaded" error={error} onRetry={() => void refetch()} className="mb-4" />}
      {data ? <Listed channels={data.items} onAsk={setAsked} onAdd={add} /> : !error && <Skeleton className="h-40" />}
      <Dialogs asked={asked} onSaved={saved} onClose={close} />
    </>
  );
}

function Listed({ channels, onAsk, onAdd }: { channels: readonly AlertChannel[]; onAsk: (asked: Asked) => void; onAdd: () => void }) {
  if (channels.length === 0) return <None onAdd={onAdd} />;
  return (
    <ul aria-label="Channels" className="border-b border-line">
      {channels.map((channel) => (
        <ChannelItem key={channel.id} of={channel} onEdit={() => onAsk({ kind: "edit", channel })} onRemove={() => onAsk({ kind: "remove", channel })} />
      ))}
    </ul>
  );
}

function Dialogs({ asked, onSaved, onClose }: { asked: Asked; onSaved: (channel: AlertChannelMade) => void; onClose: () => void }) {
  if (asked === null) return null;
  if (asked.kind === "secret") return <SecretDialog of={asked.made} onClose={onClose} />;
  if (asked.kind === "remove") return <ChannelRemoval of={asked.channel} onClose={onClose} />;
  return <ChannelDialog present={asked.channel} onSaved={onSaved} onClose={onClose} />;
}

function Add({ onPress }: { onPress: () => void }) {
  return (
    <Permitted to="monitors:write">
      <Button look="primary" onClick={onPress}>
        <Plus aria-hidden="true" /> Add a channel
      </Button>
    </Permitted>
  );
}

function None({ onAdd }: { onAdd: () => void }) {
  return (
    <EmptyState title="Let somebody know" action={<Add onPress={onAdd} />}>
      <p>Alerts are listed here whether or not anybody is told. A channel tells people where they are: by e-mail, in Slack, or through a signed webhook into whatever you run.</p>
      <p>One alert is one message for each cause, and another when it is over. What matters less waits for the daily digest.</p>
    </EmptyState>
  );
}
