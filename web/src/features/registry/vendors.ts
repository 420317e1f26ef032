/** The kinds of provider by the names that people know. */
const names: Record<string, string> = {
  compatible: "Another server with OpenAI's API",
  openai: "OpenAI",
  deepseek: "DeepSeek",
  fireworks: "Fireworks",
  groq: "Groq",
  mistral: "Mistral",
  ollama: "Ollama",
  openrouter: "OpenRouter",
  together: "Together",
  vllm: "vLLM",
  xai: "xAI",
};

export const vendorName = (kind: string) => names[kind] ?? kind;

/** Servers that people run themselves want no key, mostly. */
export const isOwn = (kind: string) => kind === "ollama" || kind === "vllm" || kind === "compatible";
