// Speaks to Hone with OpenAI's client for Node and tells as JSON what it was answered.
import OpenAI from "openai";

const [baseURL, apiKey, model, slow] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const messages = [{ role: "user", content: "How many guests may come?" }];

async function chat() {
  const { data, response } = await client.chat.completions
    .create({ model, messages })
    .withResponse();
  return {
    text: data.choices[0].message.content,
    usage: data.usage,
    requestId: data._request_id,
    cost: response.headers.get("x-hone-cost-usd"),
  };
}

async function stream() {
  const parts = [];
  let usage = null;
  const events = await client.chat.completions.create({
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of events) {
    parts.push(chunk.choices[0]?.delta.content ?? "");
    usage = chunk.usage ?? usage;
  }
  return { text: parts.join(""), usage };
}

async function embeddings() {
  const input = ["a barn", "a hall"];
  const answer = await client.embeddings.create({ model, input, dimensions: 8 });
  return answer.data.map((each) => each.embedding.length);
}

async function models() {
  const names = [];
  for await (const each of client.models.list()) names.push(each.id);
  return { names, one: (await client.models.retrieve(model)).id };
}

async function abort() {
  const { data: events, response } = await client.chat.completions
    .create({ model: slow, messages, stream: true })
    .withResponse();
  let received = 0;
  for await (const _ of events) {
    received += 1;
    if (received === 3) events.controller.abort();
  }
  return { received, requestId: response.headers.get("x-request-id") };
}

async function refusal() {
  try {
    await client.chat.completions.create({ model: "unheard-of", messages });
  } catch (error) {
    const { status, code, requestID } = error;
    return { kind: error.constructor.name, status, code, requestID };
  }
}

const told = {
  chat: await chat(),
  stream: await stream(),
  embeddings: await embeddings(),
  models: await models(),
  abort: await abort(),
  refusal: await refusal(),
};
console.log(JSON.stringify(told));
