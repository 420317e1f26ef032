/** The kinds of provider by the names that people know. */
const names: Record<string, string> = {
  compatible: "Another server with OpenAI's API",
  openai: "OpenAI",
  anthropic: "Anthropic",
  azure: "Azure OpenAI",
  cohere: "Cohere",
  deepseek: "DeepSeek",
  fireworks: "Fireworks",
  google: "Google Gemini",
  groq: "Groq",
  huggingface: "Hugging Face",
  lmstudio: "LM Studio",
  "meta-llama": "Meta Llama",
  minimax: "MiniMax",
  mistral: "Mistral",
  moonshot: "Moonshot AI",
  ollama: "Ollama",
  openrouter: "OpenRouter",
  perplexity: "Perplexity",
  qwen: "Qwen",
  sglang: "SGLang",
  together: "Together",
  vllm: "vLLM",
  xai: "xAI",
  zhipu: "Zhipu AI",
};

export const vendorName = (kind: string) => names[kind] ?? kind;

const own = new Set(["compatible", "lmstudio", "ollama", "sglang", "vllm"]);

/** Servers that people run themselves want no key, mostly. */
export const isOwn = (kind: string) => own.has(kind);
