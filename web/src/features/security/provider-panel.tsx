import { useState } from "react";

import { admits } from "./columns";
import { Discovery } from "./discovery";
import { useDeleteProvider } from "./queries";
import { RedirectAddress } from "./redirect-address";

import type { OidcRead } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { CopyButton } from "@/components/copy-button";
import { Facts } from "@/components/facts";
import { SidePanel } from "@/components/side-panel";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { When } from "@/components/when";

interface Props {
  of: OidcRead;
  onChange: () => void;
  onClose: () => void;
}

/** An identity provider: whether it works, whom it lets in, and what can be done about it. */
export function ProviderPanel({ of: provider, onChange, onClose }: Props) {
  const [asking, setAsking] = useState(false);
  return (
    <SidePanel title={`Identity provider ${provider.name}`} of={provider.id} onClose={onClose}>
      <h2 className="text-lg font-semibold break-words">{provider.name}</h2>
      <Facts
        facts={{
          Issuer: <code className="font-mono text-xs break-all">{provider.issuer}</code>,
          "Client id": <code className="font-mono text-xs break-all">{provider.clientId}</code>,
          Secret: provider.hasSecret ? "kept, sealed" : "none: a public client",
          "Lets in": admits(provider),
          Scopes: provider.scopes.join(", "),
          "Sign-in page": provider.listed ? "shown" : "hidden",
          Added: <When at={provider.createdAt} />,
          Id: (
            <>
              <code className="font-mono text-xs break-all">{provider.id}</code> <CopyButton text={provider.id} what="the provider's id" />
            </>
          ),
        }}
      />
      <Discovery of={provider} />
      <div className="mt-8">
        <RedirectAddress />
      </div>
      <div className="mt-8 flex flex-wrap gap-2 border-t border-line pt-6">
        <Button onClick={onChange}>Change</Button>
        <Button look="danger" onClick={() => setAsking(true)}>
          Remove the provider
        </Button>
      </div>
      {asking && <Removal of={provider} onClose={() => setAsking(false)} onGone={onClose} />}
    </SidePanel>
  );
}

function Removal({ of: { id, name }, onClose, onGone }: { of: OidcRead; onClose: () => void; onGone: () => void }) {
  const { mutateAsync } = useDeleteProvider();

  async function confirmed() {
    await mutateAsync(id);
    onGone();
    toasts.show(`Removed ${name}`);
  }

  return (
    <Confirm title={`Remove ${name}?`} action={`Remove ${name}`} doing="Removing…" typed={name} onConfirm={confirmed} onClose={onClose}>
      <p>
        Nobody can sign in with it any more. Open sessions go on, and people stay; who has no password needs a link for one. The client secret is
        lost.
      </p>
    </Confirm>
  );
}
