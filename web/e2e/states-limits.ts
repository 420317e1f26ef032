import { me } from "../src/testing/factories";
import { limits, spent } from "../src/testing/limits";
import { models, routes } from "../src/testing/registry";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";

const page = (items: object[]) => ({ items, total: items.length, next: null });
const LIST = "/api/limits";

const answers: Answers = {
  ...healthy,
  "/api/routes": page(routes()),
  "/api/models": page(models()),
  [LIST]: page([spent(), ...limits()]),
};

function at(path: string, seen: string, more: Answers = {}): State {
  return {
    path,
    serve: (shown) => signedIn(shown, { ...answers, ...more }),
    reach: (shown) => shown.getByText(seen).first().waitFor(),
  };
}

type Shown = Parameters<State["reach"]>[0];

/** Fills in a limit on a route. */
async function wanted(shown: Shown) {
  await shown.getByLabel("On", { exact: true }).selectOption("route");
  await shown.getByLabel("Route", { exact: true }).selectOption("assistant");
  await shown.getByLabel("Counts").selectOption("requests");
  await shown.getByLabel("Window").selectOption("minute");
  await shown.getByLabel("At most").fill("6,000");
}

export const limitsStates: Record<string, State> = {
  limits: at("/limits", "All 5 limits have room", { [LIST]: page(limits().map((each) => (each.measure === "tokens" ? { ...each, amount: "90000000" } : each))) }),
  "limits-exceeded": at("/limits", "refused calls in its present window"),
  "limits-empty": at("/limits", "Set the first limit", { [LIST]: page([]) }),
  "limits-nothing-found": at("/limits?kind=model", "No limit is on that", { [LIST]: page([]) }),
  "limits-waiting": {
    ...at("/limits", "", { [LIST]: undefined }),
    reach: (shown) => shown.getByRole("status", { name: "Loading the limits" }).waitFor(),
  },
  "limits-failing": {
    ...at("/limits", "", { [LIST]: refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "Limits & budgets" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("could not be loaded").waitFor();
    },
  },
  "limits-forbidden": at("/limits", "not part of your role", { "/api/identity/me": me({ role: "user", permissions: ["ai:query"] }) }),
  "limits-panel": at(`/limits?limit=${spent().id}`, "Delete the limit"),
  "limits-create": {
    ...at("/limits?create=true", ""),
    reach: async (shown) => {
      await wanted(shown);
      await shown.getByText("counted from now on").waitFor();
    },
  },
  "limits-create-wrong": {
    ...at("/limits?create=true", ""),
    reach: async (shown) => {
      await shown.getByLabel("At most").fill("a lot");
      await shown.getByText("An amount is a number of dollars").waitFor();
    },
  },
  "limits-create-refused": {
    ...at("/limits?create=true", "", { [`POST ${LIST}`]: refusal("There is a limit of this kind on it already; change that one.", "limit_taken", 409) }),
    reach: async (shown) => {
      await wanted(shown);
      await shown.getByRole("button", { name: "Set the limit" }).click();
      await shown.getByText("No limit was set").waitFor();
    },
  },
  "limits-change": {
    ...at(`/limits?limit=${spent().id}`, ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Change" }).click();
      await shown.getByLabel("At most").fill("80");
      await shown.getByText("calls are refused until it starts anew").waitFor();
    },
  },
  "limits-delete": {
    ...at(`/limits?limit=${spent().id}`, ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Delete the limit" }).click();
      await shown.getByText("What it counted is lost").waitFor();
    },
  },
};
