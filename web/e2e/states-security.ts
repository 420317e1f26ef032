import { healthy, NOON, refusal, signedIn, type Answers, type State } from "./stage";

const provider = (index: number, parts: object = {}) => ({
  id: `oidc_0${index + 1}`,
  name: ["Rosewood account", "Contractors"][index] ?? "Provider",
  issuer: ["https://login.rosewood.example/realms/staff", "https://id.contractors.example"][index] ?? "",
  clientId: "hone",
  hasSecret: index === 0,
  scopes: ["openid", "email", "profile"],
  domains: index === 0 ? ["rosewood.example"] : [],
  role: index === 0 ? "developer" : null,
  listed: index === 0,
  version: 1,
  createdAt: new Date(NOON - (index + 1) * 9 * 86_400_000).toISOString(),
  ...parts,
});

const page = (items: object[]) => ({ items, total: items.length, next: null });
const LIST = "/api/identity/oidc";
const TEST = `${LIST}/oidc_01/test`;

const answers: Answers = {
  ...healthy,
  "/api/identity/sign-in": { passwordReset: "email", oidc: [], oidcCallback: "https://hone.rosewood.example/api/identity/oidc/callback" },
  [LIST]: page([0, 1].map((index) => provider(index))),
  [TEST]: { works: true, problem: null },
};

function at(path: string, seen: string, more: Answers = {}): State {
  return {
    path,
    serve: (shown) => signedIn(shown, { ...answers, ...more }),
    reach: (shown) => shown.getByText(seen).first().waitFor(),
  };
}

export const securityStates: Record<string, State> = {
  security: at("/settings/security", "Contractors"),
  "security-empty": at("/settings/security", "Redirect address", { [LIST]: page([]) }),
  "security-failing": {
    ...at("/settings/security", "", { [LIST]: refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "Sign-in & security" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("could not be loaded").waitFor();
    },
  },
  "security-waiting": {
    ...at("/settings/security", "", { [LIST]: undefined }),
    reach: (shown) => shown.getByRole("status", { name: "Loading the identity providers" }).waitFor(),
  },
  "security-panel": at("/settings/security?provider=oidc_01", "It answers with its configuration"),
  "security-panel-broken": at("/settings/security?provider=oidc_01", "Nobody can sign in with it", {
    [TEST]: { works: false, problem: "https://login.rosewood.example/realms/staff/.well-known/openid-configuration answered 404." },
  }),
  "security-add-refused": {
    ...at("/settings/security?add=true", "", {
      [`POST ${LIST}`]: refusal("There is an identity provider of this name already.", "oidc_name_taken", 409, null, "name"),
    }),
    reach: async (shown) => {
      await shown.getByLabel("Name", { exact: true }).fill("Rosewood account");
      await shown.getByLabel("Issuer").fill("https://login.rosewood.example/realms/staff");
      await shown.getByLabel("Client id").fill("hone");
      await shown.getByRole("button", { name: "Add and test" }).click();
      await shown.getByText("of this name already").waitFor();
    },
  },
  "security-add-wrong": {
    ...at("/settings/security?add=true", ""),
    reach: async (shown) => {
      await shown.getByLabel("Issuer").fill("login.rosewood.example");
      await shown.getByLabel("Newcomers").selectOption("developer");
      await shown.getByText("This is no address").waitFor();
      await shown.getByText("Newcomers need a domain").waitFor();
    },
  },
  "security-remove": {
    ...at("/settings/security?provider=oidc_01", ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Remove the provider" }).click();
      await shown.getByText("The client secret is lost").waitFor();
    },
  },
};
