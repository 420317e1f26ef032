import { ProviderForm } from "./provider-form";

import { Crumbs } from "@/components/crumbs";
import { paths } from "@/lib/paths";

/** A provider before it is there. */
export default function NewProviderPage() {
  return (
    <div className="space-y-8">
      <title>New provider · Hone</title>
      <header>
        <Crumbs to={paths.providers}>Providers</Crumbs>
        <h1 className="text-title font-semibold tracking-tight">New provider</h1>
      </header>
      <ProviderForm provider={null} />
    </div>
  );
}
