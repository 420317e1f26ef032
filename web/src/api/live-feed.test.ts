import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Unreachable } from "./errors";
import { backoff, LiveFeed } from "./live-feed";

import { metrics } from "@/testing/factories";
import { sockets, type TestSocket } from "@/testing/socket";


let opened: TestSocket[];
let feed: LiveFeed;
let hidden: boolean;
let stop: () => void;
/** What comes of asking for a new session, one after the other. */
let renewals: Promise<void>[];

beforeEach(() => {
  vi.useFakeTimers();
  hidden = false;
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
  opened = sockets();
  renewals = [];
  feed = new LiveFeed("ws://hone.test/ws", () => renewals.shift() ?? Promise.reject(new Error("ended")));
});

afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function look(away: boolean) {
  hidden = away;
  document.dispatchEvent(new Event("visibilitychange"));
}

test("it signs in first, then subscribes, then hands on what is pushed", () => {
  const heard: unknown[] = [];
  feed.listen("model_metrics", ({ data }) => heard.push(data.requestsPerSecond));
  stop = feed.start();
  expect(feed.current()).toBe("connecting");
  opened[0]?.welcome();
  expect(opened[0]?.sent).toEqual([{ type: "subscribe", channel: "model_metrics" }]);
  expect(feed.current()).toBe("live");
  opened[0]?.say({ type: "subscribed", channel: "model_metrics" });
  opened[0]?.say(metrics(0));
  expect(heard).toEqual([12.4]);
});

test("who listens later is subscribed then, and who stopped listening hears nothing", () => {
  stop = feed.start();
  opened[0]?.welcome();
  const heard: unknown[] = [];
  const leave = feed.listen("model_metrics", (push) => heard.push(push));
  expect(opened[0]?.sent.at(-1)).toEqual({ type: "subscribe", channel: "model_metrics" });
  leave();
  opened[0]?.say(metrics(0));
  expect(heard).toEqual([]);
});

test("a lost connection is tried again, and a silent one counts as lost", () => {
  feed.listen("model_metrics", () => undefined);
  stop = feed.start();
  opened[0]?.welcome();
  opened[0]?.drop();
  expect(feed.current()).toBe("reconnecting");
  vi.advanceTimersByTime(800);
  expect(opened).toHaveLength(2);
  opened[1]?.welcome();
  vi.advanceTimersByTime(15_000);
  expect(feed.current()).toBe("reconnecting");
  expect(opened[1]?.closed).toBe(true);
});

test("whoever listens to nothing is not told anything, and stays connected", () => {
  stop = feed.start();
  opened[0]?.welcome();
  vi.advanceTimersByTime(60_000);
  expect(feed.current()).toBe("live");
  feed.listen("model_status", () => undefined);
  vi.advanceTimersByTime(15_000);
  expect(feed.current()).toBe("reconnecting");
});

test("a change of a model's state is heard on its channel", () => {
  const heard: string[] = [];
  feed.listen("model_status", ({ data }) => heard.push(...data.models.map(({ state }) => state)));
  stop = feed.start();
  opened[0]?.welcome();
  const models = [{ model: "large", available: false, state: "open", openIn: 1, processes: 2, until: null }];
  opened[0]?.say({ type: "modelStatusChange", timestamp: "2026-06-12T10:00:41Z", data: { models } });
  opened[0]?.say({ type: "heartbeat" });
  expect(heard).toEqual(["open"]);
});

test("a session that ran out is renewed before the next attempt", async () => {
  renewals.push(Promise.resolve());
  stop = feed.start();
  opened[0]?.drop(4401);
  expect(feed.current()).toBe("reconnecting");
  await vi.advanceTimersByTimeAsync(0);
  opened[1]?.welcome();
  expect(feed.current()).toBe("live");
});

test("a server that is away while the session is renewed is asked again", async () => {
  renewals.push(Promise.reject(new Unreachable()), Promise.resolve());
  stop = feed.start();
  opened[0]?.drop(4401);
  await vi.advanceTimersByTimeAsync(30_000);
  opened.at(-1)?.welcome();
  expect(feed.current()).toBe("live");
});

test("a session that has ended is not tried again", async () => {
  stop = feed.start();
  opened[0]?.drop(4401);
  await vi.advanceTimersByTimeAsync(0);
  expect(feed.current()).toBe("refused");
  vi.advanceTimersByTime(120_000);
  look(true);
  look(false);
  expect(opened).toHaveLength(1);
});

test("a hidden tab hangs up and comes back when it is looked at", () => {
  stop = feed.start();
  opened[0]?.welcome();
  look(true);
  expect([feed.current(), opened[0]?.closed]).toEqual(["paused", true]);
  vi.advanceTimersByTime(120_000);
  expect(opened).toHaveLength(1);
  look(false);
  opened[1]?.welcome();
  expect(feed.current()).toBe("live");
  stop();
  expect(opened[1]?.closed).toBe(true);
});

test("what the person paused stays paused, whatever the tab does", () => {
  stop = feed.start();
  opened[0]?.welcome();
  feed.pause();
  look(true);
  look(false);
  expect([feed.current(), opened.length]).toEqual(["paused", 1]);
  feed.resume();
  expect(opened).toHaveLength(2);
});

test("waits grow, are jittered, and end at half a minute", () => {
  expect([0, 1, 4, 10, 50].map((attempt) => backoff(attempt, () => 1))).toEqual([750, 1250, 8250, 30_250, 30_250]);
  expect(backoff(50, () => 0)).toBe(250);
});
