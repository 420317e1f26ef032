import { healthy, NOON, refusal, signedIn, type Answers, type State } from "./stage";

const key = (index: number, parts: object = {}) => ({
  id: `key_01k9f3m000000000000000000${index}`,
  name: ["Venue website", "Nightly evaluation", "Support desk", "Old prototype"][index] ?? `Key ${index}`,
  hint: `hk_live_${index}f3a`,
  permissions: ["ai:query"],
  routes: index === 0 ? ["assistant"] : null,
  defaultRoute: index === 0 ? "assistant" : null,
  personId: null,
  teamId: index < 2 ? "team_01" : null,
  createdBy: "person_01",
  createdAt: new Date(NOON - (index + 1) * 86_400_000).toISOString(),
  expiresAt: index === 2 ? new Date(NOON - 3_600_000).toISOString() : new Date(NOON + 30 * 86_400_000).toISOString(),
  lastUsedAt: index === 1 ? null : new Date(NOON - (index + 1) * 240_000).toISOString(),
  revokedAt: index === 3 ? new Date(NOON - 7_200_000).toISOString() : null,
  ...parts,
});

const page = (items: object[]) => ({ items, total: items.length, next: null });
const keys = page([0, 1, 2, 3].map((index) => key(index)));
const routes = page([{ id: "route_01", name: "assistant" }]);
const LIST = "/api/identity/keys";

function at(path: string, answers: Answers, seen: string): State {
  return {
    path,
    serve: (shown) => signedIn(shown, { ...healthy, "/api/routes": routes, "/api/identity/teams": page([{ id: "team_01", name: "Website" }]), [LIST]: keys, ...answers }),
    reach: (shown) => shown.getByText(seen).first().waitFor(),
  };
}

export const keysStates: Record<string, State> = {
  keys: at("/keys", {}, "Venue website"),
  "keys-panel": at(`/keys?key=${key(0).id}`, {}, "Revoke the key"),
  "keys-empty": at("/keys", { [LIST]: page([]) }, "Create the first key"),
  "keys-failing": {
    ...at("/keys", { [LIST]: refusal("The database does not answer; calls are still served.") }, ""),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "Keys" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("could not be loaded").waitFor();
    },
  },
  "keys-waiting": {
    path: "/keys",
    serve: (shown) => signedIn(shown, { ...healthy, [LIST]: undefined }),
    reach: (shown) => shown.getByRole("status", { name: "Loading the keys" }).waitFor(),
  },
  "keys-create": at("/keys?create=true", {}, "What it may do"),
  "keys-created": {
    ...at("/keys?create=true", { [`POST ${LIST}`]: key(0, { key: "hk_live_0f3a9d2c51e84b7f" }) }, ""),
    reach: async (shown) => {
      await shown.getByLabel("Name", { exact: true }).fill("Venue website");
      await shown.getByRole("button", { name: "Create the key" }).click();
      await shown.getByText("Copy the key now").waitFor();
    },
  },
  "keys-revoke": {
    ...at(`/keys?key=${key(0).id}`, {}, ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Revoke the key" }).click();
      await shown.getByText("is refused within a second").waitFor();
    },
  },
};
