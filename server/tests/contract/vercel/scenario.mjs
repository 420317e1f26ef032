// Speaks to Hone with Vercel's AI SDK, one provider package and one model at a time, and tells as
// JSON what came of each step.
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, embedMany, generateObject, generateText, stepCountIs, streamObject, streamText, tool } from "ai";
import { z } from "zod";

globalThis.AI_SDK_LOG_WARNINGS = false;
const [url, apiKey, formats, vectors] = process.argv.slice(2);
const baseURL = `${url}/v1`;
let requestId = null;
const settings = {
  baseURL,
  apiKey,
  fetch: async (...given) => {
    const response = await fetch(...given);
    requestId = response.headers.get("x-request-id");
    return response;
  },
};
const openai = createOpenAI(settings);
const anthropic = createAnthropic(settings);
const compatible = createOpenAICompatible({ ...settings, name: "hone", includeUsage: true, supportsStructuredOutputs: true });
const clients = {
  openai: (model) => openai.chat(model),
  responses: (model) => openai.responses(model),
  compatible: (model) => compatible(model),
  anthropic: (model) => anthropic(model),
};
const embedders = {
  openai: (model) => openai.embedding(model),
  compatible: (model) => compatible.embeddingModel(model),
};
const asked = {
  system: "You answer for a wedding venue.",
  prompt: "How many guests may come?",
  maxRetries: 0,
};
const visit = z.object({ day: z.string(), guests: z.number().int() });
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

async function chat(make, model) {
  const { text, usage, finishReason } = await generateText({ ...asked, model: make(model) });
  return { text, usage, finishReason, requestId };
}

async function stream(make, model) {
  const answer = streamText({ ...asked, model: make(model), onError: () => undefined });
  let parts = 0;
  let text = "";
  for await (const part of answer.textStream) {
    parts += 1;
    text += part;
  }
  return { parts, text, usage: await answer.usage, finishReason: await answer.finishReason };
}

async function tools(make, model) {
  const run = [];
  const bookVisit = tool({
    description: "Books a visit.",
    inputSchema: visit,
    execute: (given) => {
      run.push(given);
      return { booked: true, ...given };
    },
  });
  const settings = { ...asked, model: make(`${model}-calls`), tools: { bookVisit }, stopWhen: stepCountIs(3) };
  const whole = await generateText(settings);
  const streamed = streamText({ ...settings, onError: () => undefined });
  await streamed.consumeStream();
  return {
    run,
    steps: whole.steps.map((step) => step.finishReason),
    text: whole.text,
    streamedSteps: (await streamed.steps).map((step) => step.finishReason),
    streamedText: await streamed.text,
  };
}

async function object(make, model) {
  // Of Claude it asks for a call where it does not know the model, and not every model can be made to call.
  const providerOptions = { anthropic: { structuredOutputMode: "outputFormat" } };
  const settings = { ...asked, model: make(model), schema: visit, providerOptions };
  const whole = await generateObject(settings);
  const streamed = streamObject({ ...settings, onError: () => undefined });
  let parts = 0;
  for await (const _ of streamed.partialObjectStream) parts += 1;
  return { whole: whole.object, streamed: await streamed.object, parts };
}

async function image(make, model) {
  const text = { type: "text", text: "What is this?" };
  const content = (parts) => ({ model: make(model), maxRetries: 0, messages: [{ role: "user", content: parts }] });
  const seen = await generateText(content([text, { type: "image", image: pixel, mediaType: "image/png" }]));
  const blind = await generateText(content([text]));
  return { seen: seen.usage.inputTokens, blind: blind.usage.inputTokens };
}

async function abort(make, model) {
  const controller = new AbortController();
  const answer = streamText({
    ...asked,
    model: make(`${model}-slow`),
    abortSignal: controller.signal,
    onError: () => undefined,
  });
  let received = 0;
  let aborted = false;
  for await (const part of answer.fullStream) {
    if (part.type === "text-delta" && ++received === 3) controller.abort();
    aborted ||= part.type === "abort";
  }
  return { received, aborted, requestId };
}

async function refusals(make, model) {
  const found = {};
  for (const end of ["-busy", "-long", "-down", "-unheard-of"]) {
    try {
      await generateText({ ...asked, model: make(`${model}${end}`) });
    } catch (error) {
      found[end] = {
        typed: APICallError.isInstance(error),
        status: error.statusCode,
        retryable: error.isRetryable,
        message: error.message,
      };
    }
  }
  return found;
}

async function broken(make, model) {
  const answer = streamText({ ...asked, model: make(`${model}-cut`), onError: () => undefined });
  const kinds = [];
  for await (const part of answer.fullStream) kinds.push(part.type);
  return { error: kinds.includes("error"), finishReason: await answer.finishReason.catch(() => "error") };
}

async function embeddings(make, model) {
  const { embeddings: found, usage } = await embedMany({ model: make(model), values: ["a barn", "a hall"], maxRetries: 0 });
  return { lengths: found.map((each) => each.length), tokens: usage.tokens };
}

async function told(work, make, model) {
  try {
    return await work(make, model);
  } catch (error) {
    return { failed: `${error.name}: ${error.message}`, body: error.responseBody };
  }
}

const steps = { chat, stream, tools, object, image, abort, refusals, broken };
const result = {};
for (const [client, make] of Object.entries(clients)) {
  for (const model of formats.split(",")) {
    const done = {};
    for (const [name, work] of Object.entries(steps)) done[name] = await told(work, make, model);
    result[`${client} ${model}`] = done;
  }
}
for (const [client, make] of Object.entries(embedders)) {
  for (const model of vectors.split(",")) result[`${client} ${model}`].embeddings = await told(embeddings, make, model);
}
console.log(JSON.stringify(result));
