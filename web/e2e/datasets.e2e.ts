/** A dataset as a newcomer meets it: fifty rows come in, are curated, and are frozen. HONE_URL and HONE_KEY say where. */
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { api, guest, origin, RUN, visits, type Guest } from "./guests";

const NAME = `tickets-${RUN}`;
const ASKS = {
  booking: ["reserve the barn in June", "hold the hall for a wedding", "book the garden for forty", "keep a date in spring", "take the second Saturday of May"],
  invoice: ["send the invoice again", "explain the cleaning fee", "pay in two parts", "mail the bill to our accountant", "correct the amount we owe"],
};
const ways = ["could you", "please", "we would like to", "is it possible to", "may I ask you to"];
/** Fifty, one of them without a label. */
const rows = Object.entries(ASKS).flatMap(([label, asks]) => asks.flatMap((ask) => ways.map((way) => `${way} ${ask},${label}`)));
const CSV = ["text,label", ...rows.slice(0, -1), "who are you,"].join("\n");

let admin: Guest;
let address: string;

const page = () => admin.page;
const part = (name: string) => page().getByRole("navigation", { name: "Parts of the dataset" }).getByRole("link", { name: new RegExp(`^${name}`) });

test("a dataset is made, and a file is looked at before it is sent", async () => {
  admin = await guest("Ada Moreno", "admin");
  await page().goto(`${origin}/datasets`);
  await page().getByRole("button", { name: "Create a dataset" }).first().click();
  await page().getByLabel("Name", { exact: true }).fill(NAME);
  await page().getByRole("button", { name: "Create and import" }).click();
  await page().getByLabel("Choose a file, or drop it here").setInputFiles({ name: "tickets.csv", mimeType: "text/csv", buffer: Buffer.from(CSV) });
  await page().getByText("could you reserve the barn in June").waitFor();
  expect(await page().getByLabel("Read as").inputValue()).toBe("csv");
});

test("what cannot be used is refused with its line and the reason, and the rest is in", async () => {
  await page().getByRole("dialog").getByRole("button", { name: "Import", exact: true }).click();
  await page().getByText("of 50 lines added").waitFor();
  await page().getByText("1 line was refused").waitFor();
  await page().getByText("Line 51").waitFor();
  await page().getByText(/It has no output/).waitFor();
  await page().getByRole("button", { name: "Review them" }).click();
  address = new URL(page().url()).pathname.replace("/review", "");
});

test("examples are reviewed by keyboard, and the next is there at once", async () => {
  const { keyboard } = page();
  const text = () => page().getByRole("article", { name: "Example" }).locator("p.whitespace-pre-wrap").first().innerText();
  await page().getByText("0 of 49 reviewed").waitFor();
  const first = await text();
  await keyboard.press("a");
  expect(await text()).not.toBe(first);
  await keyboard.press("r");
  await keyboard.press("e");
  await page().getByRole("combobox", { name: "Label" }).and(page().locator(":focus")).waitFor();
  await keyboard.type("complaint");
  await keyboard.press("Enter");
  await page().getByText("1 approved, 1 corrected, 1 rejected").waitFor();
  await keyboard.press("u");
  await page().getByText("1 approved, 0 corrected, 1 rejected").waitFor();
  for (let times = 0; times < 3; times++) await keyboard.press("a");
  await page().getByText("5 of 49 reviewed").waitFor();
  // A jump to another page decides nothing on the way.
  await keyboard.press("g");
  await keyboard.press("r");
  await page().getByRole("heading", { name: "Routes" }).waitFor();
  await expect.poll(async () => (await api<{ validated: number; rejected: number }>("GET", `/api/datasets/${NAME}`)).validated, { timeout: 15_000 }).toBe(4);
  expect((await api<{ rejected: number }>("GET", `/api/datasets/${NAME}`)).rejected).toBe(1);
});

test("many are approved together, and that is taken back", async () => {
  await page().goto(`${origin}${address}?status=pending`);
  await page().getByText("44 examples match").waitFor();
  await page().getByLabel("Select all loaded rows").press("Space");
  await page().getByRole("toolbar", { name: "Selected examples" }).getByRole("button", { name: "Approve" }).click();
  await page().getByRole("heading", { name: "No example matches" }).waitFor();
  await page().getByRole("button", { name: "Undo" }).click();
  await page().getByText("44 examples match").waitFor();
  await page().getByLabel("Select all loaded rows").press("Space");
  await page().getByRole("toolbar", { name: "Selected examples" }).getByRole("button", { name: "Approve" }).click();
  await page().getByRole("heading", { name: "No example matches" }).waitFor();
});

test("an example is opened, corrected and found by its label", async () => {
  await page().goto(`${origin}${address}?q=cleaning`);
  await page().getByRole("row").filter({ hasText: "could you explain" }).click();
  await page().getByRole("button", { name: "Correct" }).click();
  await page().getByRole("combobox", { name: "Label" }).fill("fees");
  await page().keyboard.press("Enter");
  await page().getByRole("dialog", { name: /^Example/ }).getByText("fees", { exact: true }).waitFor();
  await page().keyboard.press("Escape");
  await part("Statistics").click();
  await page().getByRole("link", { name: "fees" }).click();
  await page().getByText("1 example matches").waitFor();
});

test("the checks find what is said twice, and one of the two goes", async () => {
  await api("POST", `/api/datasets/${NAME}/examples`, { input: "Please reserve the barn, in June!", output: "booking", status: "validated" });
  await part("Findings").click();
  await page().getByRole("button", { name: "Run the checks" }).click();
  await page().getByText(/^Checked .* New:/).waitFor();
  await page().getByRole("row").filter({ hasText: "Doubles" }).first().click();
  const panel = page().getByRole("dialog", { name: /^Doubles/ });
  expect(await panel.getByRole("article").count()).toBeGreaterThan(1);
  const finding = await panel.getAttribute("aria-label");
  await page().keyboard.press("a");
  await page().getByText("Applied 1 finding").waitFor();
  expect(await page().getByRole("dialog", { name: finding ?? "" }).count()).toBe(0);
  // The next finding stands there, where there is one.
  await page().keyboard.press("Escape");
  await page().getByRole("dialog").waitFor({ state: "detached" });
});

test("versions are frozen and compared", async () => {
  await page().getByRole("button", { name: "Freeze a version" }).click();
  await page().getByText(/It will hold/).waitFor();
  await page().getByLabel("Note").fill("first");
  await page().getByRole("button", { name: "Freeze the version" }).click();
  await page().getByRole("dialog", { name: "Version 1" }).getByText("The same content has the same hash").waitFor();
  const [some] = (await api<{ items: { id: string }[] }>("GET", `/api/datasets/${NAME}/examples?label=booking&status=validated&limit=1`)).items;
  await api("PATCH", `/api/datasets/${NAME}/examples/${some?.id ?? ""}`, { output: "invoice" });
  await api("POST", `/api/datasets/${NAME}/versions`, { note: "second" });
  await page().goto(`${origin}${address}/versions`);
  await page().getByText(/version 2 has .*1 with another output/).waitFor();
});

test("a dataset is taken along as a file", async () => {
  await page().getByRole("button", { name: "Export" }).click();
  const coming = page().waitForEvent("download");
  await page().getByRole("button", { name: "Download CSV" }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe(`${NAME}.csv`);
  expect(readFileSync(await file.path(), "utf-8")).toContain("could you reserve the barn in June,booking");
});

test("a dataset is deleted once its name is typed", async () => {
  await page().getByRole("button", { name: "More", exact: true }).click();
  await page().getByRole("button", { name: "Delete the dataset" }).click();
  await page().getByLabel(/to confirm$/).fill(NAME);
  await page().getByRole("button", { name: `Delete ${NAME}` }).click();
  await page().getByText(`Deleted ${NAME}`).waitFor();
  expect(new URL(page().url()).pathname).toBe("/datasets");
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
