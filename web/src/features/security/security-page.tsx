import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState, type ReactNode } from "react";

import { columns } from "./columns";
import { ProviderDialog } from "./provider-dialog";
import { ProviderPanel } from "./provider-panel";
import { OIDC, useProviders } from "./queries";
import { RedirectAddress } from "./redirect-address";

import { useOpened } from "@/api/use-opened";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import { PageHead } from "@/components/page-head";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

/** How people of the organization prove who they are. */
export default function SecurityPage() {
  const { provider: open, add } = useSearch({ from: "/signed-in/settings/security" });
  const navigate = useNavigate({ from: paths.security });
  const go = (change: Record<string, unknown>) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const [changing, setChanging] = useState(false);
  const list = useProviders();
  const { opened, error: missing } = useOpened("oidc", OIDC, list.rows, open);
  const addButton = (
    <Button look="primary" onClick={() => go({ add: true })}>
      <Plus aria-hidden="true" /> Add an identity provider
    </Button>
  );

  return (
    <>
      <PageHead title="Sign-in & security" action={addButton}>
        Everybody can sign in with a password. With an identity provider they use the account that they have already.
      </PageHead>
      <DataTable
        what="identity providers"
        columns={columns}
        getKey={({ id }) => id}
        onOpen={({ id }) => go({ provider: id })}
        open={open ?? null}
        onClose={() => go({ provider: undefined })}
        {...list}
        empty={<NoProviders action={addButton} />}
      />
      {missing && <Failure title="The identity provider could not be opened" error={missing} className="mt-4" />}
      {opened && <ProviderPanel key={opened.id} of={opened} onChange={() => setChanging(true)} onClose={() => go({ provider: undefined })} />}
      {add && (
        <ProviderDialog
          provider={null}
          onClose={() => go({ add: undefined })}
          onSaved={({ id, name }) => {
            go({ add: undefined, provider: id });
            toasts.show(`Added ${name}`);
          }}
        />
      )}
      {changing && opened && (
        <ProviderDialog
          provider={opened}
          onClose={() => setChanging(false)}
          onSaved={({ name }) => {
            setChanging(false);
            toasts.show(`Saved ${name}`);
          }}
        />
      )}
    </>
  );
}

function NoProviders({ action }: { action: ReactNode }) {
  return (
    <>
      <EmptyState title="Let people sign in with the account they have" action={action}>
        <p>An identity provider, such as Keycloak, Entra ID, Okta or Google, tells Hone who somebody is, by OpenID Connect.</p>
        <p>Nobody needs one more password, and whoever has no account there any more cannot sign in with it here.</p>
      </EmptyState>
      <div className="max-w-2xl">
        <RedirectAddress />
      </div>
    </>
  );
}
