/** Each role sees in the navigation what the API lets it ask, and no more. HONE_URL and HONE_KEY say where. */
import { expect, test } from "vitest";

import { guest, origin, pages, settings, visits } from "./guests";

/** What each page of the navigation asks of the API; who may not ask does not see the page. */
const asks: Record<string, string> = {
  Overview: "/api/ai/overview",
  Routes: "/api/routes",
  Models: "/api/models",
  Providers: "/api/providers",
  Keys: "/api/identity/keys",
  "Limits & budgets": "/api/limits",
  Operations: "/api/ai/operations",
};
const asksOfSettings: Record<string, string> = {
  People: "/api/identity/people",
  Teams: "/api/identity/teams",
  "Sign-in & security": "/api/identity/oidc",
  Audit: "/api/audit/events",
};

test.each(["admin", "operator", "developer", "reviewer", "analyst", "instructor", "learner", "user"])("%s sees the pages that the API allows, and no other", async (role) => {
  const { page } = await guest(`A ${role}`, role);
  await page.goto(`${origin}/settings/profile`);
  await settings(page).getByRole("link", { name: "Profile" }).waitFor();
  for (const [nav, asked] of [
    [pages(page), asks],
    [settings(page), asksOfSettings],
  ] as const) {
    const shown = await nav.getByRole("link").allInnerTexts();
    for (const [title, path] of Object.entries(asked)) {
      const { status } = await page.evaluate(async (to) => ({ status: (await fetch(to)).status }), path);
      expect([title, shown.includes(title)]).toEqual([title, status === 200]);
    }
  }
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
