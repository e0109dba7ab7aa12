/** Where requests come from. */

import assert from "node:assert/strict";
import { clientAddress } from "../../server/client_address.ts";
import { isLoopback } from "../../server/loopback.ts";

Deno.test("only the hops that the operator's proxies wrote are believed", () => {
  const forged = "1.1.1.1, 2.2.2.2, 3.3.3.3";
  assert.equal(clientAddress("9.9.9.9", forged, 0), "9.9.9.9", "anybody can write the header");
  assert.equal(clientAddress("9.9.9.9", forged, 1), "3.3.3.3");
  assert.equal(clientAddress("9.9.9.9", forged, 2), "2.2.2.2");
  assert.equal(clientAddress("9.9.9.9", "3.3.3.3", 2), "3.3.3.3");
  assert.equal(clientAddress("9.9.9.9", null, 1), "9.9.9.9");
});

Deno.test("loopback addresses are those of this machine alone", () => {
  for (const host of ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost", "LOCALHOST", "a.localhost"]) {
    assert.ok(isLoopback(host), host);
  }
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example", "localhost.example", ""]) {
    assert.ok(!isLoopback(host), host);
  }
});
