/** GraphQL over HTTP, as graphql-http's audit suite judges it. */

import { strict as assert } from "node:assert";
import { serverAudits } from "graphql-http";
import { startServer } from "./server.ts";

Deno.test("every MUST and SHOULD of graphql-http's server audits holds", async (t) => {
  await using server = await startServer();
  let judged = 0;
  for (const audit of serverAudits({ url: `${server.url}/graphql` })) {
    if (!/^(MUST|SHOULD) /.test(audit.name)) continue;
    judged++;
    await t.step(audit.name, async () => {
      const result = await audit.fn();
      if ("response" in result) await result.response.body?.cancel();
      assert.equal(result.status, "ok", "reason" in result ? result.reason : "");
    });
  }
  assert.ok(judged >= 36, `only ${judged} audits`);
});
