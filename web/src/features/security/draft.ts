import type { OidcCreate, OidcRead } from "@/api/schema.gen";
import type { Role } from "@/lib/permissions";

/** An identity provider as its form holds it: text as it is typed. */
export interface Draft {
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Take the secret away that is kept. */
  public: boolean;
  domains: string;
  /** Empty: only people who are here already. */
  role: Role | "";
  scopes: string;
  listed: boolean;
}

const blank: Draft = {
  name: "",
  issuer: "",
  clientId: "",
  clientSecret: "",
  public: false,
  domains: "",
  role: "",
  scopes: "openid email profile",
  listed: true,
};

export function draftOf(provider: OidcRead | null): Draft {
  if (!provider) return blank;
  const { name, issuer, clientId, domains, role, scopes, listed } = provider;
  return { ...blank, name, issuer, clientId, listed, domains: domains.join(", "), role: (role ?? "") as Draft["role"], scopes: scopes.join(" ") };
}

const words = (text: string) => text.split(/[\s,;]+/).filter((word) => word !== "");

/** What is sent of a draft. A secret that was not typed is left out: the one that is kept stays. */
export function bodyOf(draft: Draft): OidcCreate {
  const secret = draft.public ? { clientSecret: null } : draft.clientSecret === "" ? {} : { clientSecret: draft.clientSecret };
  return {
    name: draft.name.trim(),
    issuer: draft.issuer.trim(),
    clientId: draft.clientId.trim(),
    ...secret,
    domains: words(draft.domains),
    role: draft.role === "" ? null : draft.role,
    scopes: words(draft.scopes),
    listed: draft.listed,
  };
}

/** Whether it is worth sending. */
export function isReady(draft: Draft): boolean {
  const named = draft.name.trim() !== "" && draft.clientId.trim() !== "";
  return named && issuerProblem(draft.issuer) === null && domainsProblem(draft) === null;
}

/** What is wrong with an issuer as it is typed. */
export function issuerProblem(issuer: string): string | null {
  if (issuer.trim() === "") return "The address is needed.";
  if (!URL.canParse(issuer.trim())) return "This is no address. It begins with https://";
  return issuer.includes("/.well-known/") ? "Only what stands before /.well-known/ is needed." : null;
}

/** Whoever may become a person by themselves has to come from somewhere. */
export function domainsProblem({ role, domains }: Pick<Draft, "role" | "domains">): string | null {
  return role !== "" && words(domains).length === 0 ? "Newcomers need a domain, or anybody with an account there could join." : null;
}
