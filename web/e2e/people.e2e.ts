/** People come and go: invited, given another role, signed out elsewhere, named strangely. HONE_URL and HONE_KEY say where. */
import { expect, test } from "vitest";

import { api, comeBack, guest, headers, opened, origin, pages, PASSWORD, RUN, visits, type Guest } from "./guests";

let admin: Guest;

test("an administrator invites somebody, who joins in a browser of their own", async () => {
  admin = await guest("Ada Moreno", "admin");
  const { page } = admin;
  await page.goto(`${origin}/settings/people?invite=true`);
  await page.getByLabel("E-mail address").fill(`jun-${RUN}@example.org`);
  await page.getByLabel("Name", { exact: true }).fill("Jun Aoki");
  await page.getByLabel("Role").selectOption("analyst");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const link = await page.getByRole("region", { name: "Invitation snippet" }).innerText();

  const other = await opened();
  await other.goto(link.trim());
  await other.getByLabel("New password").fill(PASSWORD);
  await other.keyboard.press("Enter");
  await pages(other).getByRole("link", { name: "Operations" }).waitFor();

  await page.getByRole("button", { name: "Done" }).click();
  await comeBack(page);
  await page.getByRole("row").filter({ hasText: `jun-${RUN}` }).getByText("Active").waitFor();
});

test("a team is made, gets a person, loses one and takes them back", async () => {
  const { page } = admin;
  await page.goto(`${origin}/settings/teams?create=true`);
  await page.getByLabel("Name", { exact: true }).fill(`Website ${RUN}`);
  await page.keyboard.press("Enter");
  await page.getByText("Nobody is in this team yet").waitFor();
  await page.getByLabel("Find a person to add").fill(`jun-${RUN}`);
  await page.getByRole("button", { name: "Add Jun Aoki" }).click();
  await page.getByRole("button", { name: "Take out Jun Aoki" }).click();
  await page.getByText("Nobody is in this team yet").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Take out Jun Aoki" }).waitFor();
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByLabel("Name", { exact: true }).fill(`Garden ${RUN}`);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: `Garden ${RUN}`, exact: true }).waitFor();
});

test("a role that is changed meanwhile is followed without a reload", async () => {
  const { page, id } = await guest("Noor Haddad", "developer");
  await page.goto(`${origin}/keys`);
  await page.getByRole("button", { name: "Create a key" }).first().waitFor();
  const { version } = await api<{ version: number }>("GET", `/api/identity/people/${id}`);
  await api("PATCH", `/api/identity/people/${id}`, { role: "analyst", version });
  await expect
    .poll(async () => {
      await comeBack(page);
      return pages(page).getByRole("link", { name: "Keys" }).count();
    }, { timeout: 10_000 })
    .toBe(0);
  await page.getByText("Your role does not let you see keys").waitFor();
});

test("a session that is ended elsewhere leads to the sign-in, which says so", async () => {
  const { page, id } = await guest("Sam Okafor", "developer");
  await page.goto(`${origin}/routes`);
  await page.getByRole("heading", { name: "Routes" }).waitFor();
  await api("DELETE", `/api/identity/people/${id}/sessions`);
  await expect
    .poll(async () => {
      await comeBack(page);
      return page.getByText("Your session ended").count();
    }, { timeout: 10_000 })
    .toBe(1);
  expect(page.url()).toContain("next=%2Froutes");
});

test("by keyboard alone one signs in, goes about, and signs out in every tab", async () => {
  const { page: first, email } = await guest("Mira Sol", "operator");
  await first.context().clearCookies();
  await first.goto(origin);
  await first.getByLabel("E-mail address").waitFor();
  await first.keyboard.type(email);
  await first.keyboard.press("Tab");
  await first.keyboard.type(PASSWORD);
  await first.keyboard.press("Enter");
  await pages(first).waitFor();
  const second = await first.context().newPage();
  await second.goto(`${origin}/models`);
  await second.getByRole("heading", { name: "Models" }).waitFor();

  await first.bringToFront();
  // Nothing is waited for: what is typed before the menu has come is not lost.
  await first.keyboard.press("Control+k");
  await first.keyboard.type("sign out");
  await first.getByRole("option", { name: "Sign out", selected: true }).waitFor();
  await first.keyboard.press("Enter");
  await first.getByLabel("Password", { exact: true }).waitFor();
  await second.getByLabel("Password", { exact: true }).waitFor();
});

test("a call is found by filter, opened and left again by keyboard alone", async () => {
  const { page } = admin;
  await fetch(`${origin}/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify({ model: "assistant", messages: [{ role: "user", content: "Hello" }] }) });
  await page.goto(`${origin}/operations?status=success`);
  await page.getByRole("row").nth(1).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: /^Operation op_/ }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: /^Operation op_/ }).waitFor({ state: "detached" });
  await page.locator("tr:focus").waitFor();
  expect(page.url()).toContain("status");
});

const SCRIPT = `<img src=x onerror="throw new Error('run')"><script>throw new Error("run")</script>`;

test("what looks like a program is shown as text, as a name and in a prompt", async () => {
  const { page } = admin;
  await guest(SCRIPT.slice(0, 120), "user");
  await page.goto(`${origin}/settings/people`);
  await page.getByRole("row", { name: /onerror/ }).first().waitFor();
  const route = `x-${RUN}-<b onmouseover=alert(1)>`;
  await api("POST", "/api/routes", { name: route, targets: [{ model: "venue" }] });
  await page.goto(`${origin}/routes`);
  await page.getByText(route).first().waitFor();
  const body = JSON.stringify({ model: "assistant", messages: [{ role: "user", content: SCRIPT }] });
  const answered = await fetch(`${origin}/v1/chat/completions`, { method: "POST", headers, body });
  await answered.text();
  const id = answered.headers.get("x-request-id") ?? "";
  await expect
    .poll(async () => (await fetch(`${origin}/api/ai/operations/${id}`, { headers })).status, { timeout: 15_000 })
    .toBe(200);
  await page.goto(`${origin}/operations/${id}`);
  await page.getByText("onerror=").first().waitFor();
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
