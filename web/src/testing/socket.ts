import { vi } from "vitest";

type Message = Record<string, unknown>;

/** A WebSocket whose other end is the test. */
export class TestSocket {
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closed = false;
  readonly sent: Message[] = [];

  constructor(readonly url: string) {
    opened.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Message);
  }

  close(): void {
    this.closed = true;
  }

  /** The server accepts the connection and the cookie. */
  welcome(): void {
    this.say({ type: "authenticated" });
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  drop(code = 1006): void {
    this.onclose?.({ code });
  }
}

const opened: TestSocket[] = [];

/** Replaces WebSocket for one test and returns the sockets as they are opened. */
export function sockets(): TestSocket[] {
  opened.length = 0;
  vi.stubGlobal("WebSocket", TestSocket);
  return opened;
}
