/** Sign-in by other means, one's profile and sessions, by keyboard alone. */
import { expect, test } from "vitest";

import { opened, origin, RUN } from "./guests";
import type { Hands } from "./hands";

const NAME = `Rosewood ${RUN}`;
const email = process.env["HONE_EMAIL"] ?? "";
const password = process.env["HONE_PASSWORD"] ?? "";
const NEXT = "a long walk by another river";

export function settingsByKeyboard(of: () => Hands): void {
  test("an identity provider is added, changed and removed", async () => {
    const { page, press, use, write, at, gone, sees } = of();
    await press("g", "s");
    await use("link", "Sign-in & security");
    await use("button", "Add an identity provider");
    await write("Name", NAME);
    await write("Issuer", "https://login.invalid/realms/staff");
    await write("Client id", "hone");
    await press("Enter");
    await page.getByRole("dialog", { name: `Identity provider ${NAME}` }).waitFor();
    await use("button", "Change");
    await write("Client id", "hone-2");
    await press("Enter");
    await at("button", "Change");
    await sees("hone-2");
    await use("button", "Remove the provider");
    await page.keyboard.type(NAME);
    await press("Enter");
    await gone("dialog", `Identity provider ${NAME}`);
    await use("button", "Add an identity provider");
    await press("Escape");
    await at("button", "Add an identity provider");
  });

  test("a session is ended, and the next one has the focus", async () => {
    const { page, press, use, sees } = of();
    for (let other = 0; other < 2; other++) {
      const { request } = await opened();
      const answer = await request.post(`${origin}/api/identity/session`, { data: { email, password }, headers: { origin } });
      expect(answer.ok()).toBe(true);
    }
    await press("g", "s");
    await use("link", "Sessions");
    await use("button", /^Sign out .*,/);
    await sees(/^Signed out/);
    await use("button", "Sign out everywhere else");
    await expect.poll(() => page.getByRole("button", { name: /^Sign out .*,/ }).count()).toBe(0);
  });

  test("the name and the password are changed, and what is wrong is where one is led", async () => {
    const { use, write, press, at, sees } = of();
    await press("g", "s");
    await use("link", "Profile");
    await write("Name", `Ada ${RUN}`);
    await press("Enter");
    await sees("Saved your name");
    await write("Present password", "this is not the password");
    await write("New password", NEXT);
    await press("Enter");
    await at("textbox", "Present password");
    await press("Control+a");
    await of().page.keyboard.type(password);
    await press("Enter");
    await sees("Changed the password");
  });

  test("the organization is named anew", async () => {
    const { use, write, press, sees } = of();
    await press("g", "s");
    await use("link", "Organization");
    // The page before has a name to write, too.
    await sees("What everybody here shares.");
    await write("Name", `Rosewood Barn ${RUN}`);
    await press("Enter");
    await sees("Saved the organization");
  });
}
