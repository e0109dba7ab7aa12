/** Which request work belongs to, wherever it goes. */

import { strict as assert } from "node:assert";
import { Metrics } from "../../observe/metrics.ts";
import { currentRequest, inThisRequest, type RequestScope, withRequest } from "../../observe/request_scope.ts";

const scope: RequestScope = {
  requestId: "r",
  transport: "websocket",
  lane: null,
  operation: null,
  operations: 0,
  metrics: new Metrics("test"),
};

Deno.test("work that a request waits for belongs to it, and other work does not", async () => {
  assert.equal(currentRequest(), undefined);
  const inside = withRequest(scope, async () => {
    await Promise.resolve();
    return currentRequest()?.requestId;
  });
  assert.equal(currentRequest(), undefined);
  assert.equal(await inside, "r");
});

Deno.test("an event from outside every request can be answered in the request that waits for it", () => {
  const socket = new EventTarget();
  const seen: (string | undefined)[] = [];
  withRequest(scope, () => {
    const inside = inThisRequest();
    socket.addEventListener("message", () => inside(() => seen.push(currentRequest()?.requestId)));
  });
  socket.dispatchEvent(new Event("message"));
  assert.deepEqual(seen, ["r"]);
  assert.equal(inThisRequest()(currentRequest), undefined);
});
