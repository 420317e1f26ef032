import type { Page } from "playwright-core";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";

const names = ["assistant", "venue-large", "venue-small"];
const ANSWER = `The garden room seats 120 guests at round tables, or 160 in rows.

For a dance floor, plan for 100.`;

/** The models of the gateway, and what each says; `undefined` never comes, an error is a refusal. */
async function gateway(page: Page, models: string[], says: Record<string, unknown> = {}): Promise<void> {
  await page.route(/\/v1\/models$/, (route) =>
    route.fulfill({ json: { object: "list", data: models.map((id) => ({ id, object: "model", created: 0, owned_by: "hone" })) } }),
  );
  await page.route(/\/v1\/chat\/completions$/, async (route) => {
    const { model } = route.request().postDataJSON() as { model: string };
    const said = says[model];
    if (said === undefined) return;
    const headers = { "x-request-id": "op_01k9f3m7abcde", "x-hone-model": model === "assistant" ? "venue-large" : model };
    if (typeof said !== "string") return route.fulfill({ status: 429, json: said, headers });
    const chunks = [
      ...said.split(/(?<= )/).map((content) => ({ choices: [{ delta: { content } }] })),
      { choices: [{ delta: {}, finish_reason: "stop" }] },
      { choices: [], usage: { prompt_tokens: 42, completion_tokens: 31, cost_usd: model === "venue-small" ? 0.000025 : 0.000415 } },
    ];
    const body = [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), "data: [DONE]\n\n"].join("");
    return route.fulfill({ body, headers: { ...headers, "content-type": "text/event-stream" } });
  });
}

async function starting(page: Page): Promise<void> {
  const json = refusal("The server has just started; try again in a second.");
  await page.route(/\/v1\/models$/, (route) => route.fulfill({ status: 503, json }));
}

async function send(page: Page): Promise<void> {
  await page.getByLabel("Your message").fill("How many guests fit into the garden room?");
  await page.keyboard.press("Enter");
}

const recorded = {
  route: "assistant",
  modelName: "venue-large",
  messages: [
    { role: "system", content: "You answer for a wedding venue. Be brief." },
    { role: "user", content: "Is the second Saturday in June free?" },
    { role: "assistant", content: "It is. Shall I hold it for you?" },
    { role: "user", content: [{ type: "image_url", image_url: { url: "data:," } }] },
    { role: "user", content: "What is the deposit?" },
    { role: "assistant", content: "A fifth of the rent." },
  ],
  messagesWithheld: null,
};

function state(path: string, answers: Answers, prepare: (page: Page) => Promise<void>, reach: State["reach"]): State {
  return {
    path,
    serve: async (page) => {
      await signedIn(page, { ...healthy, ...answers });
      await prepare(page);
    },
    reach,
  };
}

export const playgroundStates: Record<string, State> = {
  playground: state("/playground", {}, (page) => gateway(page, names), (page) => page.getByText("Ask as an application would").waitFor()),
  "playground-answered": state("/playground", {}, (page) => gateway(page, names, { assistant: ANSWER }), async (page) => {
    await send(page);
    await page.getByText("Show the operation").waitFor();
  }),
  "playground-compared": state(
    "/playground?model=venue-large&compare=venue-small",
    {},
    (page) => gateway(page, names, { "venue-large": ANSWER, "venue-small": "About a hundred." }),
    async (page) => {
      await send(page);
      await page.getByText("Show the operation").nth(1).waitFor();
    },
  ),
  "playground-waiting": state("/playground", {}, (page) => gateway(page, names), async (page) => {
    await send(page);
    await page.getByRole("status", { name: "Waiting for assistant" }).waitFor();
  }),
  "playground-refused": state(
    "/playground",
    {},
    (page) => gateway(page, names, { assistant: refusal("Every target of this route failed; the last one is rate limited.", "no_target_left", 429) }),
    async (page) => {
      await send(page);
      await page.getByText("did not answer").waitFor();
    },
  ),
  "playground-settings": state("/playground", {}, (page) => gateway(page, names), async (page) => {
    await page.getByText("System prompt and settings").click();
    await page.getByLabel("Temperature").fill("9");
    await page.getByText("A number from 0 to 2").waitFor();
  }),
  "playground-code": state("/playground", {}, (page) => gateway(page, names), async (page) => {
    await page.getByRole("button", { name: "Show as code" }).click();
    await page.getByRole("dialog").waitFor();
  }),
  "playground-operation": state(
    "/playground?operation=op_01k9f3m7abcde",
    { "/api/ai/operations/op_01k9f3m7abcde": recorded },
    (page) => gateway(page, names),
    (page) => page.getByText("Not everything can be asked again").waitFor(),
  ),
  "playground-nothing": state("/playground", {}, (page) => gateway(page, []), (page) => page.getByText("There is nothing to ask yet").waitFor()),
  "playground-failing": state("/playground", {}, starting, async (page) => {
    await page.clock.runFor(10_000);
    await page.getByText("could not be loaded").waitFor();
  }),
};
