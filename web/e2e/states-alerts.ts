import { alert, ALERT, alertPage, channels, MONITOR, monitor, points, resolved } from "../src/testing/watch";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";

const page = (items: object[]) => ({ items, total: items.length, next: null });
const LIST = "/api/ai/alerts";

export const watched: Answers = {
  [LIST]: alertPage(),
  [`${LIST}/${ALERT}`]: alert(),
  [`/api/monitors/${MONITOR}`]: monitor(),
  [`/api/monitors/${MONITOR}/points`]: { items: points(), rule: monitor().rule },
};

const answers: Answers = { ...healthy, ...watched, "/api/alert-channels": page(channels()) };

function at(path: string, seen: string, more: Answers = {}): State {
  return { path, serve: (shown) => signedIn(shown, { ...answers, ...more }), reach: (shown) => shown.getByText(seen).first().waitFor() };
}

export const alertsStates: Record<string, State> = {
  alerts: at("/alerts", "not resolved"),
  "alerts-nothing": at("/alerts", "Nothing to act on", { [LIST]: alertPage([]) }),
  "alerts-failing": {
    ...at("/alerts", "", { [LIST]: refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "Alerts" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("could not be loaded").first().waitFor();
    },
  },
  "alerts-open": at(`/alerts?alert=${ALERT}`, "The calls that moved it"),
  alert: at(`/alerts/${ALERT}`, "The calls that moved it"),
  "alert-resolved": at(`/alerts/${ALERT}`, "It is over", { [`${LIST}/${ALERT}`]: { ...resolved(), id: ALERT } }),
  "alert-rollback": {
    ...at(`/alerts/${ALERT}`, ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Roll back ticket-classifier" }).click();
      await shown.getByText("answers again, within a second").waitFor();
    },
  },
  "alert-silence": {
    ...at(`/alerts/${ALERT}`, ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Silence" }).click();
      await shown.getByLabel("Why").fill("The labels are being renamed.");
    },
  },
  channels: at("/alerts/channels", "could not be delivered yet"),
  "channels-empty": at("/alerts/channels", "Let somebody know", { "/api/alert-channels": page([]) }),
  "channels-tested": {
    ...at("/alerts/channels", "", { "POST /api/alert-channels/chan_02/test": { delivered: false, words: "The host hooks.rosewood.example answered 404: there is nothing at this address. Check the address, or make a new one where it leads." } }),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Send a test to Webhook" }).click();
      await shown.getByText("The test did not arrive").waitFor();
    },
  },
  "channel-new": {
    ...at("/alerts/channels?create=true", ""),
    reach: async (shown) => {
      await shown.getByLabel("To", { exact: true }).fill("ada@rosewood.example, nobody");
      await shown.getByText("is no e-mail address").waitFor();
    },
  },
};
