import { healthy, NOON, refusal, signedIn, type Answers, type State } from "./stage";

const ago = (hours: number) => new Date(NOON - hours * 3_600_000).toISOString();

const team = (index: number, parts: object = {}) => ({
  id: `team_0${index + 1}`,
  name: ["Website", "Support desk", "Nightly evaluation of every answer that was given to guests during the day"][index] ?? "Team",
  memberCount: [2, 14, 0][index] ?? 0,
  keyCount: [3, 1, 0][index] ?? 0,
  createdAt: ago(400 * (index + 1)),
  version: 1,
  ...parts,
});

const members = [
  { id: "person_01", name: "Ada Moreno", email: "ada@rosewood.example", role: "admin" },
  { id: "person_02", name: "Jun Aoki", email: "jun@rosewood.example", role: "developer" },
];

const page = (items: object[]) => ({ items, total: items.length, next: null });
const people = page([
  { ...members[1], state: "active", teams: [], lastSeenAt: ago(2), createdAt: ago(900), deactivatedAt: null, version: 1 },
  { id: "person_03", name: "Junko Haddad", email: "junko@rosewood.example", role: "analyst", state: "invited", teams: [], lastSeenAt: null, createdAt: ago(9), deactivatedAt: null, version: 1 },
]);

const LIST = "/api/identity/teams";
const FIRST = `${LIST}/team_01`;

function at(path: string, seen: string, more: Answers = {}): State {
  const answers = { ...healthy, [LIST]: page([0, 1, 2].map((index) => team(index))), [FIRST]: { ...team(0), members }, "/api/identity/people": people };
  return {
    path,
    serve: (shown) => signedIn(shown, { ...answers, ...more }),
    reach: (shown) => shown.getByText(seen).first().waitFor(),
  };
}

export const teamsStates: Record<string, State> = {
  teams: at("/settings/teams", "Support desk"),
  "teams-empty": at("/settings/teams", "Create the first team", { [LIST]: page([]) }),
  "teams-nothing-found": at("/settings/teams?q=garden", "No team is called that", { [LIST]: page([]) }),
  "teams-failing": {
    ...at("/settings/teams", "", { [LIST]: refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "Teams" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("could not be loaded").waitFor();
    },
  },
  "teams-waiting": {
    ...at("/settings/teams", "", { [LIST]: undefined }),
    reach: (shown) => shown.getByRole("status", { name: "Loading the teams" }).waitFor(),
  },
  "teams-create-refused": {
    ...at("/settings/teams?create=true", "", { [`POST ${LIST}`]: refusal("A team of this name exists already.", "team_name_taken", 409, null, "name") }),
    reach: async (shown) => {
      await shown.getByLabel("Name", { exact: true }).fill("Website");
      await shown.getByRole("button", { name: "Create the team" }).click();
      await shown.getByText("exists already").waitFor();
    },
  },
  "team-panel": {
    ...at("/settings/teams?team=team_01", ""),
    reach: async (shown) => {
      await shown.getByLabel("Find a person to add").fill("jun");
      await shown.clock.runFor(300);
      await shown.getByText("2 people found").waitFor();
    },
  },
  "team-panel-failing": {
    ...at("/settings/teams?team=team_01", "", { [FIRST]: refusal("There is no such team in this organization.", "not_found", 404) }),
    reach: (shown) => shown.getByText("There is no such team").waitFor(),
  },
  "team-delete": {
    ...at("/settings/teams?team=team_01", ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Delete the team" }).click();
      await shown.getByText("What is lost is who was in it").waitFor();
    },
  },
};
