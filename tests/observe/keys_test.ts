/** Logs and metrics of a server that asks for keys. */

import { strict as assert } from "node:assert";
import { createClient } from "graphql-ws";
import { startProcess } from "./server_process.ts";

const SECRET = "operators_S3cr3tS3cr3tS3cr3tS3cr3tS3cr3t";

Deno.test("with keys", async (t) => {
  const server = await startProcess({
    PARTERRE_LOG: "trace",
    PARTERRE_AUTH: "keys",
    PARTERRE_ADMIN_KEY: SECRET,
  });
  const { url } = server;
  const authorization = `Bearer ${SECRET}`;
  const ask = async (query: string, headers: Record<string, string>) => {
    const init = { method: "POST", headers: { "content-type": "application/json", ...headers } };
    const response = await fetch(`${url}/graphql`, { ...init, body: JSON.stringify({ query }) });
    return { status: response.status, text: await response.text() };
  };
  const read = async (headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/metrics`, { headers });
    return { status: response.status, text: await response.text() };
  };
  const secrets = ["S3cr3t"];
  try {
    await t.step("a line tells whose request it was, and who was refused", async () => {
      await ask("{ runtime { provider } }", { authorization, "x-request-id": "known" });
      assert.equal(
        (await server.logged(({ requestId, status }) => requestId === "known" && status === 200)).lane,
        "key:admin",
      );
      const refused = await ask("{ runtime { provider } }", {
        authorization: `Bearer x${SECRET}`,
        "x-request-id": "stranger",
      });
      assert.equal(refused.status, 401);
      const line = await server.logged(({ requestId, status }) => requestId === "stranger" && status === 401);
      assert.deepEqual([line.lane, line.errors], [undefined, ["UNAUTHENTICATED"]]);
    });

    await t.step("a key with the scope admin reads the metrics from behind a proxy, nobody else does", async () => {
      const passedOn = { "x-forwarded-for": "203.0.113.9" };
      assert.equal((await read(passedOn)).status, 403);
      assert.equal((await read({ ...passedOn, authorization: `Bearer x${SECRET}` })).status, 403);
      const { status, text } = await read({ ...passedOn, authorization });
      assert.equal(status, 200);
      assert.match(text, /parterre_refusals_total\{code="UNAUTHENTICATED"\} 1/);
    });

    await t.step("a WebSocket's operations are those of its connection's key", async () => {
      const client = createClient({
        url: `${url.replace("http", "ws")}/graphql`,
        connectionParams: { authorization },
        retryAttempts: 0,
      });
      await Array.fromAsync(client.iterate({ query: "query Keyed { runtime { provider } }" }));
      await client.dispose();
      assert.equal((await server.logged(({ operationName }) => operationName === "Keyed")).lane, "key:admin");
    });

    await t.step("signed URLs leave no signature", async () => {
      const input = '{ model: "beds-256-lcm", width: 64, height: 64, steps: 1, layout: { basePrompt: "ocean" } }';
      const { text } = await ask(
        `mutation { generate(input: ${input}) { ... on Generation { id eventsUrl } } }`,
        { authorization },
      );
      const { data: { generate } } = JSON.parse(text) as { data: { generate: { id: string; eventsUrl: string } } };
      const events = await fetch(new URL(generate.eventsUrl, url), { headers: { accept: "text/event-stream" } });
      assert.equal(events.status, 200);
      await events.text();
      const asked = await ask(`{ generation(id: "${generate.id}") { image { url } } }`, { authorization });
      const { data } = JSON.parse(asked.text) as { data: { generation: { image: { url: string } } } };
      const picture = new URL(data.generation.image.url, url);
      const response = await fetch(picture);
      const { byteLength } = await response.arrayBuffer();
      assert.equal(response.status, 200);
      const line = await server.logged(({ path }) => path === picture.pathname);
      assert.deepEqual([line.bytes, line.lane], [byteLength, "key:admin"]);
      for (const signed of [picture, new URL(generate.eventsUrl, url)]) {
        secrets.push(signed.searchParams.get("signature") ?? assert.fail("not signed"));
      }
    });

    await t.step("no key and no signature is in the log", async () => {
      await server.stop();
      assert.deepEqual(server.lines().filter((line) => secrets.some((secret) => line.includes(secret))), []);
    });
  } finally {
    await server.stop();
  }
});

Deno.test("a limit is told over every transport, and a WebSocket outlives it", async () => {
  await using server = await startProcess({ PARTERRE_REQUESTS_PER_MINUTE: "2" });
  const client = createClient({ url: `${server.url.replace("http", "ws")}/graphql`, lazy: false, retryAttempts: 0 });
  const query = async (name: string) =>
    await Array.fromAsync(client.iterate({ query: `query ${name} { __typename }` }));
  await query("First");
  await query("Second");
  const answers = [await query("Third"), await query("Fourth")];
  await client.dispose();
  for (const [answer] of answers) assert.equal(answer?.errors?.[0]?.extensions?.code, "TOO_MANY_REQUESTS");
  const response = await fetch(`${server.url}/graphql?query=${encodeURIComponent("query Fifth { __typename }")}`);
  await response.body?.cancel();
  assert.equal(response.status, 429);
  assert.ok(Number(response.headers.get("retry-after")) > 0);
  for (const name of ["Third", "Fourth", "Fifth"]) {
    const line = await server.logged(({ operationName }) => operationName === name);
    assert.deepEqual(line.errors, ["TOO_MANY_REQUESTS"]);
  }
});
