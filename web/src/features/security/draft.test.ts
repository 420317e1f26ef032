import { expect, test } from "vitest";

import { bodyOf, domainsProblem, draftOf, issuerProblem } from "./draft";

const kept = {
  id: "oidc_01",
  name: "Rosewood",
  issuer: "https://id.rosewood.example",
  clientId: "hone",
  hasSecret: true,
  scopes: ["openid", "email"],
  domains: ["rosewood.example"],
  role: "developer",
  listed: true,
  version: 3,
  createdAt: "2026-06-12T10:00:00Z",
};

test("what was not changed is sent as it was, and the secret stays", () => {
  const body = bodyOf(draftOf(kept));
  expect(body).toMatchObject({ name: "Rosewood", domains: ["rosewood.example"], role: "developer", scopes: ["openid", "email"] });
  expect("clientSecret" in body).toBe(false);
});

test("a secret is replaced by a new one, or taken away", () => {
  expect(bodyOf({ ...draftOf(kept), clientSecret: "new" }).clientSecret).toBe("new");
  expect(bodyOf({ ...draftOf(kept), public: true }).clientSecret).toBeNull();
});

test("domains are read however they are separated", () => {
  expect(bodyOf({ ...draftOf(null), domains: " a.example,b.example\nc.example; " }).domains).toEqual(["a.example", "b.example", "c.example"]);
});

test("what cannot work is said before it is sent", () => {
  expect(issuerProblem("id.rosewood.example")).toMatch(/https/);
  expect(issuerProblem("https://id.rosewood.example/.well-known/openid-configuration")).toMatch(/well-known/);
  expect(issuerProblem("https://id.rosewood.example")).toBeNull();
  expect(domainsProblem({ role: "user", domains: " " })).toMatch(/Newcomers/);
  expect(domainsProblem({ role: "", domains: "" })).toBeNull();
});
