import { me } from "../src/testing/factories";

import { answer, healthy, NOON, open, signedIn, type State } from "./stage";
import { latest } from "./states-overview";

export const shellStates: Record<string, State> = {
  menu: {
    serve: (page) => signedIn(page, healthy),
    reach: async (page) => {
      await latest(page);
      const menu = page.getByRole("button", { name: "Menu" });
      if (await menu.isVisible()) await menu.click();
    },
  },
  "command-menu": {
    serve: (page) => signedIn(page, healthy),
    reach: async (page) => {
      await latest(page);
      await page.keyboard.press("Control+k");
      await page.getByRole("option", { name: "Operations" }).waitFor();
    },
  },
  "command-menu-found": {
    serve: (page) => signedIn(page, { ...healthy, "/api/routes": { items: [{ id: "route_01", name: "assistant" }], total: 1, next: null } }),
    reach: async (page) => {
      await latest(page);
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").fill("assis");
    },
  },
  "keyboard-map": {
    serve: (page) => signedIn(page, healthy),
    reach: async (page) => {
      await latest(page);
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keyboard map" }).waitFor();
    },
  },
  "person-menu": {
    serve: (page) => signedIn(page, healthy),
    reach: async (page) => {
      await latest(page);
      const menu = page.getByRole("button", { name: "Menu" });
      if (await menu.isVisible()) await menu.click();
      await page.getByRole("button", { name: /Ada Moreno/ }).locator("visible=true").click();
      await page.getByRole("button", { name: "Sign out" }).locator("visible=true").waitFor();
    },
  },
  offline: {
    serve: (page) => signedIn(page, healthy),
    reach: async (page) => {
      await latest(page);
      await page.context().setOffline(true);
      await page.clock.setFixedTime(NOON + 62_000);
      await page.clock.runFor(3000);
      await page.getByText("No connection.").waitFor();
    },
  },
  forbidden: {
    path: "/operations",
    serve: (page) => signedIn(page, { ...healthy, "/api/identity/me": me({ role: "user", permissions: ["ai:query"] }) }),
    reach: (page) => page.getByText("not part of your role").waitFor(),
  },
  "not-found": { path: "/nowhere", serve: (page) => answer(page, open), reach: (page) => page.getByText("no page at this address").waitFor() },
};
