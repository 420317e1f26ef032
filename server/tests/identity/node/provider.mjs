// A real OpenID provider on a free port of this machine. Whoever signs in is who they say they are:
// the name they give decides what is told of them. `POST /rotate` exchanges its signing keys.
import { createServer } from "node:http";
import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";

import { Provider } from "oidc-provider";

const callbacks = process.argv.slice(2);
const ALGORITHMS = { RS256: ["rsa", { modulusLength: 2048 }], ES256: ["ec", { namedCurve: "P-256" }], EdDSA: ["ed25519", {}] };
const pair = promisify(generateKeyPair);

let serving = null;
let made = 0;

async function keys() {
  made += 1;
  const all = Object.entries(ALGORITHMS).map(async ([alg, [kind, options]]) => {
    const { privateKey } = await pair(kind, options);
    return { ...privateKey.export({ format: "jwk" }), kid: `${alg}-${made}`, alg, use: "sig" };
  });
  return { keys: await Promise.all(all) };
}

const clients = Object.keys(ALGORITHMS).map((alg) => ({
  client_id: `hone-${alg}`,
  client_secret: "a-secret-of-the-tests",
  redirect_uris: callbacks,
  id_token_signed_response_alg: alg,
}));

function account(sub) {
  const email = sub.replace(/^unverified-/, "");
  return { accountId: sub, claims: () => ({ sub, email, email_verified: email === sub, name: email.split("@")[0] }) };
}

async function start(issuer) {
  const provider = new Provider(issuer, {
    clients,
    jwks: await keys(),
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    enabledJWA: { idTokenSigningAlgValues: Object.keys(ALGORITHMS) },
    findAccount: (_, sub) => account(sub),
    cookies: { keys: ["of the tests"] },
  });
  return provider.callback();
}

const server = createServer(async (request, response) => {
  if (request.url === "/rotate") {
    serving = await start(issuer);
    response.end("rotated");
  } else {
    serving(request, response);
  }
});
server.listen(0, "127.0.0.1");
await new Promise((listening) => server.once("listening", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
serving = await start(issuer);
console.log(issuer);
process.stdin.on("end", () => process.exit(0)).resume();
