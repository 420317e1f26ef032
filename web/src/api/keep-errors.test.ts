import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";

import { keepErrors } from "./keep-errors";

test("a failure stays while it is asked again, until an answer comes", async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  keepErrors(client.getQueryCache());
  const answers = [() => Promise.reject(new Error("away")), () => Promise.reject(new Error("still away")), () => Promise.resolve("here")];
  const observer = new QueryObserver(client, { queryKey: ["things"], queryFn: () => answers.shift()?.() ?? "none" });
  const now = () => observer.getCurrentResult();
  const stop = observer.subscribe(() => undefined);
  expect(now()).toMatchObject({ status: "pending", error: null });
  await expect.poll(() => now().error?.message).toBe("away");

  const second = observer.refetch();
  expect(now()).toMatchObject({ isFetching: true, status: "error", error: { message: "away" } });
  await second;
  expect(now().error?.message).toBe("still away");

  const third = observer.refetch();
  expect(now().error?.message).toBe("still away");
  await third;
  expect(now()).toMatchObject({ status: "success", data: "here", error: null });
  stop();
});
