/** Time-outs are for what clients send and do not take: an answer may take as long as it needs. */

import { strict as assert } from "node:assert";
import { generate, SMALL, startServer } from "./server.ts";

Deno.test("events and slow answers outlast the time-outs of requests", async () => {
  await using server = await startServer({
    environment: { PARTERRE_HEADER_TIMEOUT: "1", PARTERRE_REQUEST_TIMEOUT: "1", PARTERRE_STALL_TIMEOUT: "1" },
  });
  const { generate: { id } } = await generate(server.client, { ...SMALL, width: 512, height: 512, steps: 150 });
  const query = `subscription { generationEvents(id: "${id}") { __typename sequence } }`;
  const answer = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query }),
  });
  let ended = false;
  const reading = (async () => {
    for await (const _ of answer.body ?? []) { /* until it is over */ }
    ended = true;
  })().catch(() => ended = true);
  await new Promise((resolve) => setTimeout(resolve, 5000));
  assert.equal(ended, false, "the stream was cut off");
  assert.equal(server.parterre.load.subscriptions, 1);
  await server.client.request(`mutation { cancelGeneration(id: "${id}") { __typename } }`);
  await reading;
  assert.equal(server.parterre.load.subscriptions, 0);
});
