/** GraphQL over HTTP, as graphql-http's audit suite judges it, of an open server and of one that asks for keys. */

import { strict as assert } from "node:assert";
import { serverAudits } from "graphql-http";
import { startServer } from "./server.ts";

const KEY = "an-operators-key-of-more-than-32-characters";

for (
  const [name, environment] of [["open", {}], ["with keys", {
    PARTERRE_AUTH: "keys",
    PARTERRE_ADMIN_KEY: KEY,
  }]] as const
) {
  Deno.test(`every MUST and SHOULD of graphql-http's server audits holds, ${name}`, async (t) => {
    await using server = await startServer({ environment });
    const fetchFn = (url: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set("authorization", `Bearer ${KEY}`);
      return fetch(url, { ...init, headers });
    };
    let judged = 0;
    for (const audit of serverAudits({ url: `${server.url}/graphql`, fetchFn })) {
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
}
