import { healthy, NOON, refusal, signedIn, type Answers, type State } from "./stage";

const ago = (hours: number) => new Date(NOON - hours * 3_600_000).toISOString();

const person = (index: number, parts: object = {}) => ({
  id: `person_0${index + 1}`,
  email: `${["ada", "jun", "noor"][index] ?? "sam"}@rosewood.example`,
  name: ["Ada Moreno", "Jun Aoki", "Noor Haddad"][index] ?? "Sam",
  role: ["admin", "developer", "analyst"][index] ?? "user",
  state: ["active", "active", "invited"][index] ?? "active",
  teams: index === 1 ? [{ id: "team_01", name: "Website" }] : [],
  lastSeenAt: index === 2 ? null : ago(index + 1),
  createdAt: ago(400),
  deactivatedAt: null,
  version: 1,
  ...parts,
});

const sessions = [
  { id: "session_01", userAgent: "Chrome on Linux", address: "192.0.2.7", method: "password", current: true, createdAt: ago(5), lastSeenAt: ago(0) },
  { id: "session_02", userAgent: "Safari on iPhone", address: "198.51.100.20", method: "password", current: false, createdAt: ago(50), lastSeenAt: ago(30) },
];

const organization = { id: "org_01", name: "Rosewood Barn", slug: "rosewood", contentMode: "full", retentionDays: 90, createdAt: ago(9000) };
const page = (items: object[]) => ({ items, total: items.length, next: null });

const answers: Answers = {
  ...healthy,
  "/api/identity/people": page([0, 1, 2].map((index) => person(index))),
  "/api/identity/teams": page([{ id: "team_01", name: "Website" }]),
  "/api/identity/sessions": page(sessions),
  "/api/identity/people/person_02/sessions": page(sessions.slice(1)),
  "/api/identity/organization": organization,
};

function at(path: string, seen: string, more: Answers = {}): State {
  return {
    path,
    serve: (shown) => signedIn(shown, { ...answers, ...more }),
    reach: (shown) => shown.getByText(seen).first().waitFor(),
  };
}

export const settingsStates: Record<string, State> = {
  people: at("/settings/people", "Jun Aoki"),
  "people-panel": at("/settings/people?person=person_02", "Safari on iPhone"),
  "people-invite": at("/settings/people?invite=true", "They sign in with it."),
  "people-invited": {
    ...at("/settings/people?invite=true", "", {
      "/api/identity/invitations": { person: person(2), url: "https://hone.rosewood.example/set-password?token=t", expiresAt: ago(-168), sent: false },
    }),
    reach: async (shown) => {
      await shown.getByLabel("E-mail address").fill("noor@rosewood.example");
      await shown.getByLabel("Name", { exact: true }).fill("Noor Haddad");
      await shown.getByRole("button", { name: "Invite", exact: true }).click();
      await shown.getByText("hand over the link yourself").waitFor();
    },
  },
  "people-deactivate": {
    ...at("/settings/people?person=person_02", ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Deactivate" }).click();
      await shown.getByText("They can be reactivated").waitFor();
    },
  },
  profile: at("/settings/profile", "Present password"),
  "profile-refused": {
    ...at("/settings/profile", "", { "/api/identity/me/password": refusal("This is not your present password.", "password_wrong", 403) }),
    reach: async (shown) => {
      await shown.getByLabel("Present password").fill("not the password");
      await shown.getByLabel("New password").fill("a long enough one");
      await shown.getByRole("button", { name: "Change the password" }).click();
      await shown.getByText("not your present password").waitFor();
    },
  },
  sessions: at("/settings/sessions", "Safari on iPhone"),
  organization: at("/settings/organization", "What is kept of a call"),
};
