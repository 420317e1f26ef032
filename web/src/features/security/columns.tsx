import type { OidcRead } from "@/api/schema.gen";
import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { roleName } from "@/lib/roles";

/** Who may come in by a provider, in words. */
export function admits({ role, domains }: Pick<OidcRead, "role" | "domains">): string {
  const from = domains.length > 0 ? ` of ${domains.join(", ")}` : "";
  return role === null ? `People${from} who are here already` : `Everybody${from}, newcomers as ${roleName(role)}`;
}

export const columns: Column<OidcRead>[] = [
  { id: "name", header: "Name", cell: ({ name }) => name, priority: 1, fixed: true, width: "11rem" },
  { id: "issuer", header: "Issuer", cell: ({ issuer }) => <code className="font-mono text-xs">{issuer}</code> },
  { id: "admits", header: "Lets in", cell: admits, priority: 3 },
  { id: "listed", header: "On the sign-in page", cell: ({ listed }) => (listed ? "shown" : "hidden"), width: "10rem", phoneWidth: "8.5rem", priority: 1 },
  { id: "created", header: "Added", cell: ({ createdAt }) => <When at={createdAt} />, width: "6rem", priority: 3 },
];
