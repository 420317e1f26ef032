import type { Page } from "playwright-core";

import { answer, NOON, open, refusal, type Answers, type State } from "./stage";

const offer = {
  passwordReset: "email",
  oidc: [{ id: "oidc_1", name: "Rosewood's accounts" }],
};

const link = (purpose: "invitation" | "reset") => ({
  purpose,
  email: "ada@rosewood.example",
  name: "Ada Moreno",
  organization: { name: "Rosewood Barn" },
  expiresAt: new Date(NOON + 3_600_000).toISOString(),
});

const organizations = [
  { slug: "rosewood", name: "Rosewood Barn" },
  { slug: "alder", name: "Alder House" },
];

async function trySigningIn(page: Page): Promise<void> {
  await page.getByLabel("E-mail address").fill("ada@rosewood.example");
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** A sign-in that the server refuses this way. */
function refused(message: string, code: string, status: number, seen: string, details?: object): State {
  return {
    path: "/sign-in",
    serve: (page) => answer(page, { ...open, "/api/identity/session": refusal(message, code, status, details) }),
    reach: async (page) => {
      await trySigningIn(page);
      await page.getByText(seen).waitFor();
    },
  };
}

function setPassword(answers: Answers, seen: string): State {
  return {
    path: "/set-password?token=t",
    serve: (page) => answer(page, { ...open, ...answers }),
    reach: (page) => page.getByRole("heading", { name: seen }).waitFor(),
  };
}

const TOKEN = "/api/identity/password/token";

export const entranceStates: Record<string, State> = {
  "sign-in": { serve: (page) => answer(page, open), reach: (page) => page.getByLabel("E-mail address").waitFor() },
  "sign-in-elsewhere": {
    path: "/sign-in?error=oidc_denied",
    serve: (page) => answer(page, { "/api/identity/sign-in": offer }),
    reach: (page) => page.getByText("Sign in with").waitFor(),
  },
  "sign-in-refused": refused("The e-mail address or the password is wrong.", "sign_in_failed", 401, "is wrong"),
  "sign-in-locked": refused("Too many attempts.", "sign_in_locked", 429, "Too many attempts", {
    until: new Date(NOON + 125_000).toISOString(),
  }),
  "sign-in-organization": refused("Choose an organization.", "organization_needed", 409, "Which organization?", { organizations }),
  "forgot-password": {
    path: "/forgot-password",
    serve: (page) => answer(page, open),
    reach: (page) => page.getByLabel("E-mail address").waitFor(),
  },
  "forgot-password-sent": {
    path: "/forgot-password",
    serve: (page) => answer(page, { ...open, "/api/identity/password/forgot": {} }),
    reach: async (page) => {
      await page.getByLabel("E-mail address").fill("ada@rosewood.example");
      await page.getByRole("button", { name: "Send the link" }).click();
      await page.getByText("Look for the link").waitFor();
    },
  },
  invitation: setPassword({ [TOKEN]: link("invitation") }, "Join Rosewood Barn"),
  "new-password": setPassword({ [TOKEN]: link("reset") }, "Set a new password"),
  "new-password-weak": {
    ...setPassword({ [`GET ${TOKEN}`]: link("reset"), [`POST ${TOKEN}`]: refusal("This password is among the commonest.", "password_weak", 422) }, ""),
    reach: async (page) => {
      await page.getByLabel("New password").fill("password1234");
      await page.getByRole("button", { name: "Set the password" }).click();
      await page.getByText("among the commonest").waitFor();
    },
  },
  "link-expired": setPassword({ [TOKEN]: refusal("This link has expired.", "link_expired", 404) }, "This link works no more"),
};
