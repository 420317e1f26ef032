import { Unreachable } from "./errors";
import { PUSHED_AS, type Channel, type Push } from "./schema";

export type LiveState =
  /** Opening the socket; the session's cookie proves who we are. */
  | "connecting"
  | "live"
  /** The connection was lost; it is tried again. */
  | "reconnecting"
  /** The person stopped it, or the tab is hidden. */
  | "paused"
  /** The server does not want this session here; asking again would not help. */
  | "refused";

type Listener = (push: Push<Channel>) => void;

interface Answer {
  type: string;
  channel?: Channel;
  error?: { message?: string };
}

const REFUSED = 4401;
/** The server speaks at least every 5 s; three silences mean that the line is dead. */
const SILENCE_MS = 15_000;
const LONGEST_WAIT_MS = 30_000;

/** How long to wait before the next attempt: exponential with full jitter (AWS, "Exponential backoff and jitter"). */
export function backoff(attempt: number, random: () => number = Math.random): number {
  return 250 + random() * Math.min(LONGEST_WAIT_MS, 500 * 2 ** attempt);
}

/** One WebSocket for the whole page: it signs in, subscribes, reconnects, and rests while nobody looks. */
export class LiveFeed {
  private state: LiveState = "connecting";
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  /** A session that ran out is renewed once before a refusal is believed. */
  private renewed = false;
  private stoppedByPerson = false;
  private readonly channels = new Map<Channel, Set<Listener>>();
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly url: string,
    private readonly renew: () => Promise<void>,
  ) {}

  current = (): LiveState => this.state;

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Listens to a channel until the returned function is called. */
  listen<Name extends Channel>(channel: Name, listener: (push: Push<Name>) => void): () => void {
    const hears = listener as Listener;
    const listeners = this.channels.get(channel) ?? new Set();
    const first = listeners.size === 0 && this.state === "live";
    this.channels.set(channel, listeners.add(hears));
    if (first) {
      this.send({ type: "subscribe", channel });
      this.expectWord();
    }
    return () => listeners.delete(hears);
  }

  /** Opens the feed and returns how to close it. */
  start(): () => void {
    document.addEventListener("visibilitychange", this.follow);
    addEventListener("online", this.follow);
    this.follow();
    return () => {
      document.removeEventListener("visibilitychange", this.follow);
      removeEventListener("online", this.follow);
      this.hangUp();
    };
  }

  pause(): void {
    this.stoppedByPerson = true;
    this.follow();
  }

  resume(): void {
    this.stoppedByPerson = false;
    this.follow();
  }

  /** Brings the connection in line with what the person and the tab want. */
  private readonly follow = (): void => {
    if (this.state === "refused") return;
    if (this.stoppedByPerson || document.hidden) {
      this.hangUp();
      this.enter("paused");
    } else if (this.socket === null) {
      clearTimeout(this.timer);
      this.attempt = 0;
      this.connect();
    }
  };

  private connect(): void {
    if (this.state !== "reconnecting") this.enter("connecting");
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.expectWord();
    socket.onmessage = ({ data }) => {
      this.expectWord();
      this.hear(JSON.parse(String(data)) as Answer);
    };
    socket.onclose = ({ code }) => this.lost(code);
  }

  private hear(message: Answer): void {
    if (message.type === "authenticated") {
      this.attempt = 0;
      this.renewed = false;
      for (const [channel, listeners] of this.channels) if (listeners.size > 0) this.send({ type: "subscribe", channel });
      this.enter("live");
      this.expectWord();
    } else if (message.type === "error") {
      this.refused();
    } else {
      const channel = PUSHED_AS[message.type] ?? message.type;
      const push = { ...message, type: channel } as Push<Channel>;
      for (const listener of this.channels.get(push.type) ?? []) listener(push);
    }
  }

  private lost(code: number): void {
    if (code === REFUSED) {
      this.refused();
      return;
    }
    this.hangUp();
    this.enter("reconnecting");
    this.retry();
  }

  private refused(): void {
    this.hangUp();
    if (this.renewed) {
      this.enter("refused");
      return;
    }
    this.renewed = true;
    this.enter("reconnecting");
    this.renew().then(
      () => this.follow(),
      (error: unknown) => (error instanceof Unreachable ? this.retry() : this.enter("refused")),
    );
  }

  private retry(): void {
    this.timer = setTimeout(() => this.connect(), backoff(this.attempt++));
  }

  private expectWord(): void {
    clearTimeout(this.timer);
    // Whoever listens to nothing is told nothing.
    if (this.state === "live" && this.channels.size === 0) return;
    this.timer = setTimeout(() => this.lost(0), SILENCE_MS);
  }

  private hangUp(): void {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private send(message: object): void {
    this.socket?.send(JSON.stringify(message));
  }

  private enter(state: LiveState): void {
    if (state === this.state) return;
    this.state = state;
    for (const watcher of this.watchers) watcher();
  }
}
