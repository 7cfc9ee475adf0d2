// Signs in with Saleor's own client and says, as JSON, what came of it.
// Reads {"url", "email", "password"}.
//
// A client whose "grace period" is longer than a token lasts takes every token for one that is about to expire, and so
// refreshes before each request: that is how it is seen to refresh without waiting five minutes.

import { readFileSync } from "node:fs";
import { createSaleorAuthClient } from "@saleor/auth-sdk";

const { url, email, password } = JSON.parse(readFileSync(0, "utf8"));
const asked = [];
const plain = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const query = JSON.parse(init.body).query;
  const field = /tokenCreate|tokenRefresh|\bme\b/.exec(query)[0];
  asked.push([field, (init.headers?.Authorization ?? "").startsWith("Bearer ")]);
  return plain(input, init);
};

const kept = new Map();
const storage = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
};
const client = (options) =>
  createSaleorAuthClient({ saleorApiUrl: url, refreshTokenStorage: storage, ...options });
const request = {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ query: "{ me { email } }" }),
};
const me = async (by) => (await (await by.fetchWithAuth(url, request)).json()).data.me;

const first = client({});
const wrong = await first.signIn({ email, password: "wrong" });
const right = await first.signIn({ email, password });
const signedIn = await me(first);

// Another tab: nothing but the refresh token, and every access token is about to expire.
const other = client({ tokenGracePeriod: 10 * 60 * 1000 });
const refreshed = [await me(other), await me(other)];
const together = await Promise.all([me(client({})), me(client({}))]);

first.signOut();
const signedOut = await me(client({}));

process.stdout.write(
  JSON.stringify({
    wrong: wrong.data.tokenCreate.errors.map((error) => error.code),
    errors: right.data.tokenCreate.errors,
    signedIn,
    refreshed,
    together,
    signedOut,
    asked,
  }),
);
