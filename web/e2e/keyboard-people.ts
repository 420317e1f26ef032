/** People, their teams, and what is kept of them, by keyboard alone. */
import { expect, test } from "vitest";

import { api, call, opened, origin, PASSWORD, RUN } from "./guests";
import { tabTo, type Hands } from "./hands";

const EMAIL = `jun-${RUN}@example.org`;
const TEAM = `Website ${RUN}`;
const GARDEN = `Garden ${RUN}`;

export function peopleByKeyboard(of: () => Hands): void {
  test("somebody is invited, given another role, signed out and shut out", async () => {
    const { page, press, use, write, choose, sees, at, gone } = of();
    await press("g", "s");
    await use("link", "People");
    await use("button", "Invite a person");
    await at("textbox", "E-mail address");
    await page.keyboard.type(EMAIL);
    await write("Name", "Jun Aoki");
    await choose("Role", "Analyst");
    await use("button", "Invite");
    const link = await page.getByRole("region", { name: "Invitation snippet" }).innerText();
    await use("button", "Done");
    await at("button", "Invite a person");
    await join(link);

    await write("Find by name or address", EMAIL);
    await page.getByRole("row").filter({ hasText: EMAIL }).getByText("Active").waitFor();
    await tabTo(page, page.locator("tr:focus-visible, tr[tabindex='0']"));
    await press("Enter");
    await page.getByRole("dialog", { name: "Jun Aoki" }).waitFor();
    await choose("Role", "Reviewer");
    await use("button", "Change the role");
    await sees("Jun Aoki is reviewer now");
    await use("button", "Sign out everywhere");
    await at("button", "Cancel");
    await press("Escape");
    await at("button", "Sign out everywhere");
    await press("Enter");
    await use("button", "Sign out Jun Aoki");
    await at("button", "Sign out everywhere");
    await sees("Nowhere at present");
    await use("button", "Deactivate");
    await use("button", "Deactivate Jun Aoki");
    await use("button", "Reactivate");
    await sees("Jun Aoki can sign in again");
    await press("Escape");
    await gone("dialog", "Jun Aoki");
    await at("row", /Jun Aoki/);
  });

  test("a team is created, gets a member, another name, and goes", async () => {
    const { page, use, write, press, at, gone, sees } = of();
    await press("g", "s");
    await use("link", "Teams");
    await use("button", "Create a team");
    await at("textbox", "Name");
    await page.keyboard.type(TEAM);
    await press("Enter");
    await page.getByRole("dialog", { name: `Team ${TEAM}` }).waitFor();
    await write("Find a person to add", EMAIL);
    await use("button", "Add Jun Aoki");
    await use("button", "Take out Jun Aoki");
    await sees(/^Jun Aoki is no longer in/);
    await press("F8");
    await at("button", "Undo");
    await press("Enter");
    await use("button", "Take out Jun Aoki");
    await sees("Nobody is in this team yet");
    await use("button", "Rename");
    await at("textbox", "Name");
    await press("Control+a");
    await page.keyboard.type(GARDEN);
    await press("Enter");
    await at("button", "Rename");
    await use("button", "Delete the team");
    await page.keyboard.type(GARDEN);
    await press("Enter");
    await gone("dialog", /^Team/);
    await use("button", "Create a team");
    await press("Escape");
  });

  test("a rule of retention is changed, and what is kept of somebody is erased", async () => {
    const { page, use, write, press, at, sees, gone } = of();
    const user = `guest-${RUN}`;
    await call("assistant", user);
    await press("g", "s");
    await use("link", "Data retention");
    await use("button", "Change figures");
    await use("checkbox", "Keep for ever");
    await write("Days", "400");
    await press("Enter");
    await at("button", "Change figures");
    await sees("400 days");
    await expect.poll(async () => (await api<{ total: number }>("GET", `/api/ai/operations?user=${user}`)).total, { timeout: 10_000 }).toBe(1);
    await write("User id", user);
    await press("Enter");
    await page.getByRole("dialog", { name: `Erase ${user}?` }).waitFor();
    await press("Escape");
    await gone("dialog", `Erase ${user}?`);
    await use("button", "Count what there is");
    await write(/^Type/, user);
    await press("Enter");
    await gone("dialog", `Erase ${user}?`);
    await expect.poll(async () => (await api<{ total: number }>("GET", `/api/ai/operations?user=${user}`)).total, { timeout: 20_000 }).toBe(0);
    await use("textbox", "User id");
  });
}

/** Jun joins, in a browser of their own. */
async function join(link: string): Promise<void> {
  const page = await opened();
  await page.goto(link.trim());
  await page.getByLabel("New password").and(page.locator(":focus")).waitFor();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("navigation", { name: "Pages" }).waitFor();
  expect(page.url()).not.toBe(link);
  expect(new URL(page.url()).origin).toBe(origin);
}
