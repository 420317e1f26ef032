import { refusal, Unreachable } from "./errors";
import { renew } from "./renewal";
import { session } from "./session";

interface Options {
  /** How much of it has left, from 0 to 1: fetch does not tell. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** Sends a file as the body of a request and returns the answer; throws ApiError or Unreachable. */
export async function sendFile<Answer>(path: string, content: Blob, options: Options = {}): Promise<Answer> {
  const asked = Date.now();
  let response = await send(path, content, options);
  if (response.status === 401 && session.open()) {
    await renew(asked);
    response = await send(path, content, options);
  }
  if (response.status === 401) session.end((await refusal(response.clone())).message);
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as Answer;
}

function send(path: string, content: Blob, { onProgress, signal }: Options): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("content-type", content.type || "application/octet-stream");
    const csrf = session.csrf();
    if (csrf !== null) request.setRequestHeader("x-csrf-token", csrf);
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total === 0 ? 1 : loaded / total);
    request.onload = () => resolve(new Response(request.responseText, { status: request.status, headers: headersOf(request) }));
    request.onerror = () => reject(new Unreachable());
    request.onabort = () => reject(new DOMException("It was stopped.", "AbortError"));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(content);
  });
}

/** What an error is told with. */
function headersOf(request: XMLHttpRequest): Headers {
  const headers = new Headers();
  for (const name of ["x-request-id", "retry-after"]) {
    const value = request.getResponseHeader(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}

