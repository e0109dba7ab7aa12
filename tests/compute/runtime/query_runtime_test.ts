/** `Query.runtime` of a real server says what computes, what does not, and why. */

import assert from "node:assert/strict";
import type { RuntimeInfo } from "../../../compute/runtime/runtime.ts";
import { startServer } from "../../e2e/server.ts";

const QUERY = "{ runtime { provider threads engine reason adapter rejected { provider reason } } }";

for (const provider of ["wasm", "auto"]) {
  Deno.test(`Query.runtime of a server with PARTERRE_PROVIDER=${provider}`, async () => {
    const environment = { PARTERRE_PROVIDER: provider, PARTERRE_THREADS: "1" };
    await using server = await startServer({ environment });
    const { runtime } = await server.client.request<{ runtime: RuntimeInfo }>(QUERY, {});
    assert.match(runtime.engine, /^onnxruntime-web \d/);
    assert.ok(runtime.reason.length > 10);
    assert.equal(runtime.threads, 1);
    assert.equal(runtime.adapter === null, runtime.provider === "wasm");
    // What was not chosen was rejected, with a reason; a provider by name leaves nothing to reject.
    assert.equal(runtime.rejected.length, provider === "auto" && runtime.provider === "wasm" ? 1 : 0);
    for (const { reason } of runtime.rejected) assert.ok(reason.length > 10);
  });
}
