import { expect, test } from "vitest";

import { modelBody, noPrice, priceBody, priceFault, priceOfEntry, suggestions } from "./model-draft";

import type { CatalogueModel } from "@/api/schema.gen";
import { catalogueModel, model, price } from "@/testing/registry";

test("a new name leaves the price as it is", () => {
  const held = model("large");
  expect(modelBody({ name: "huge", provider: "openai", upstream: "large" }, null, held)).toEqual({
    name: "huge",
    provider: "openai",
    upstream: "large",
    price: { input: "2.5", output: "10", cachedInput: "1.25" },
  });
});

test("what is put into a cache has its price", () => {
  const held = model("large", { price: price({ cacheWrite: "3.125" }) });
  expect(modelBody({ name: "large", provider: "openai", upstream: "large" }, null, held).price).toEqual({
    input: "2.5",
    output: "10",
    cachedInput: "1.25",
    cacheWrite: "3.125",
  });
  expect(priceBody({ ...noPrice, input: "3", output: "15", cacheWrite: "3,75" })).toEqual({ input: "3", output: "15", cacheWrite: "3.75" });
  expect(priceOfEntry(catalogueModel("large", { cacheWrite: "3.75" })).cacheWrite).toBe("3.75");
});

test("what the form does not show is kept", () => {
  const held = model("large", { region: "eu", quality: 0, capabilities: ["chat"] });
  expect(modelBody({ name: "large", provider: "openai", upstream: "large" }, null, held)).toMatchObject({
    region: "eu",
    quality: 0,
    capabilities: ["chat"],
  });
});

test("a price counts once it is whole", () => {
  expect(priceBody({ ...noPrice, input: "1" })).toBeNull();
  expect(priceBody({ ...noPrice, input: "1,5", output: "3" })).toEqual({ input: "1.5", output: "3" });
  expect(priceFault("1.1234567")).toMatch(/six/);
  expect(priceFault("cheap")).toMatch(/number/);
});

test("the catalogue is searched by what one remembers, the nearest first", () => {
  const entries = ["gpt-4o-mini", "gpt-4o", "o4-mini"].map((id) => ({ id, family: "gpt" }) as CatalogueModel);
  expect(suggestions(entries, "GPT-4o").map(({ id }) => id)).toEqual(["gpt-4o", "gpt-4o-mini"]);
  expect(suggestions(entries, " ")).toEqual([]);
});
