/** A model is trained, improves by itself, asks before it is released, and tells the story. HONE_URL and HONE_KEY say where. */
import { expect, test } from "vitest";

import { api, guest, headers, origin, pages, RUN, visits, type Guest } from "./guests";

const MODEL = `loop-${RUN}`;
const PHRASES: Record<string, string[]> = {
  billing: ["my card was declined", "I was charged twice", "refund the invoice", "the bill is wrong"],
  access: ["I cannot sign in", "reset my password", "the login fails", "locked out of my account"],
};
const FILLERS = ["please help,", "hello,", "since yesterday", "again", "it seems that", "urgent:", "I think", "for the third time", "on my phone", "today"];

let ada: Guest;

/** So many examples of each label. */
async function examples(each: number, from: number): Promise<void> {
  const rows = Object.entries(PHRASES).flatMap(([output, phrases]) =>
    Array.from({ length: each }, (_, index) => {
      const number = from + index;
      const input = `${FILLERS[number % 10] ?? ""} ${phrases[number % 4] ?? ""} ${FILLERS[(Math.floor(number / 3) + 4) % 10] ?? ""} ${number}`;
      return JSON.stringify({ input, output, status: "validated" });
    }),
  );
  const response = await fetch(`${origin}/api/datasets/${MODEL}/import?format=jsonl`, { method: "POST", headers: { ...headers, "content-type": "application/x-ndjson" }, body: rows.join("\n") });
  expect(response.status, await response.text()).toBeLessThan(300);
}

test("a model is there, and something is new since", async () => {
  await api("POST", "/api/datasets", { name: MODEL, kind: "intent" });
  await examples(40, 0);
  const { id } = await api<{ id: string }>("POST", "/api/training/runs", { name: MODEL, task: "intent", engine: "linear", data: { dataset: MODEL } });
  const state = async () => (await api<{ state: string }>("GET", `/api/training/runs/${id}`)).state;
  await expect.poll(state, { timeout: 50_000, interval: 500 }).toBe("succeeded");
  await examples(20, 100);
  ada = await guest("Ada", "admin");
});

test("it is let improve by itself, and is to ask before it releases", async () => {
  const { page } = ada;
  await page.goto(origin);
  await pages(page).getByRole("link", { name: "Automatic" }).click();
  await page.getByRole("button", { name: "Let a model improve" }).first().click();
  await page.getByLabel("Model", { exact: true }).selectOption(MODEL);
  await page.getByRole("button", { name: "Let it improve" }).click();
  await page.getByText("waits for an approval and is released as a canary").waitFor();
});

test("a turn is begun, trains, and waits with its evidence", async () => {
  const { page } = ada;
  await page.getByRole("button", { name: `Start a turn now: ${MODEL}` }).click();
  await page.getByLabel("Why now").fill("The labels were looked through.");
  await page.getByRole("button", { name: "Start the turn" }).click();
  await page.getByRole("heading", { name: `A turn of ${MODEL}` }).waitFor();
  await page.getByRole("region", { name: "It waits for an approval" }).waitFor({ timeout: 55_000 });
  await page.getByRole("link", { name: "how it was trained" }).waitFor();
});

test("somebody ends it, and the story says who and why", async () => {
  const { page } = ada;
  await page.getByRole("button", { name: "Reject" }).click();
  await page.getByRole("dialog").getByLabel("Why").fill("One of the labels goes away.");
  await page.getByRole("button", { name: "End the turn" }).click();
  await page.getByText("Rejected", { exact: true }).first().waitFor();
  await page.getByRole("region", { name: "The story" }).getByText("One of the labels goes away.").waitFor();
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
