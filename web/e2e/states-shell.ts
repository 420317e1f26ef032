import { answer, healthy, open, signedIn, type State } from "./stage";
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
  "not-found": { path: "/nowhere", serve: (page) => answer(page, open), reach: (page) => page.getByText("no page at this address").waitFor() },
};
