/** What a server logs of requests and generations: one line each, with ids, without secrets. */

import { strict as assert } from "node:assert";
import { createClient } from "graphql-ws";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { finish, generate, SMALL } from "../e2e/server.ts";
import { type LogLine, type ServerProcess, startProcess } from "./server_process.ts";

const JSON_HEADERS = { "content-type": "application/json" };

Deno.test("logs", async (t) => {
  await using server = await startProcess({ PARTERRE_LOG: "trace" });
  const { url } = server;
  const post = async (query: string, headers: Record<string, string> = {}) => {
    const body = JSON.stringify({ query });
    const response = await fetch(`${url}/graphql`, { method: "POST", headers: { ...JSON_HEADERS, ...headers }, body });
    await response.body?.cancel();
    return response;
  };

  await t.step("a request has one line, with the id that the client chose and gets back", async () => {
    const response = await post("query Provider { runtime { provider } }", { "x-request-id": "order-66/a.b" });
    assert.equal(response.headers.get("x-request-id"), "order-66/a.b");
    await server.logged(of("order-66/a.b"));
    await post("{ runtime { provider } }", { "x-request-id": "after" });
    await server.logged(of("after"));
    const mine = requests(server).filter(({ requestId }) => requestId === "order-66/a.b");
    assert.equal(mine.length, 1);
    const [{ "@timestamp": at, durationMs, ...rest } = {}] = mine;
    assert.ok(!Number.isNaN(Date.parse(String(at))));
    assert.ok(typeof durationMs === "number" && durationMs > 0);
    assert.deepEqual(rest, {
      level: "INFO",
      message: `POST /graphql 200 query Provider in ${durationMs} ms`,
      logger: "parterre.request",
      requestId: "order-66/a.b",
      method: "POST",
      path: "/graphql",
      status: 200,
      transport: "http",
      lane: "address:127.0.0.1",
      operation: "query Provider",
      operationType: "query",
      operationName: "Provider",
    });
  });

  await t.step("every record on a request's way has its id", () => {
    const mine = server.records().filter(({ requestId }) => requestId === "order-66/a.b");
    assert.ok(mine.length > 1, "Yoga's own records are there too");
  });

  await t.step("an id of another shape is not taken over", async () => {
    for (const id of ["a b", "x".repeat(129), "{}", '"', "é"]) {
      const headers = new Headers({ "x-request-id": encodeHeader(id) });
      const response = await fetch(`${url}/health`, { headers });
      await response.body?.cancel();
      assert.match(response.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
    }
  });

  await t.step("refusals and typed errors are told by their codes", async () => {
    await post("{ nope }", { "x-request-id": "invalid" });
    await post("{", { "x-request-id": "unreadable" });
    await post('mutation { cancelGeneration(id: "Generation:nope") { __typename } }', { "x-request-id": "missing" });
    await post("query { generation(id: 7.5) { id } }", { "x-request-id": "literal" });
    assert.deepEqual((await server.logged(of("invalid"))).errors, ["GRAPHQL_VALIDATION_FAILED"]);
    assert.deepEqual((await server.logged(of("unreadable"))).errors, ["GRAPHQL_PARSE_FAILED"]);
    assert.deepEqual((await server.logged(of("missing"))).errors, ["NOT_FOUND"]);
    assert.deepEqual((await server.logged(of("literal"))).errors, ["GRAPHQL_VALIDATION_FAILED"]);
  });

  await t.step("a probe that succeeds is of level debug, one that fails is not", async () => {
    await (await fetch(`${url}/health`, { headers: { "x-request-id": "probe" } })).body?.cancel();
    assert.equal((await server.logged(of("probe"))).level, "DEBUG");
    await (await fetch(`${url}/metrics`, { method: "POST", headers: { "x-request-id": "post" } })).body?.cancel();
    assert.equal((await server.logged(of("post"))).level, "INFO");
  });

  await t.step("a generation has one line when it is finished, with the request that asked for it", async () => {
    const client = new GraphqlClient(url);
    const { generate: { id } } = await generate(client, { ...SMALL, model: "beds-256-lcm" });
    await finish(client, id);
    const generationId = id.replace("Generation:", "");
    await server.logged((line) => line.generationId === generationId && line.status !== undefined);
    const lines = server.records().filter((line) => line.generationId === generationId);
    assert.equal(lines.length, 1, JSON.stringify(lines));
    const [{ requestId, waitingMs, runningMs, meanStepMs, ...line } = {}] = lines;
    for (const ms of [waitingMs, runningMs, meanStepMs]) assert.ok(typeof ms === "number" && ms >= 0);
    assert.ok(Number(runningMs) >= Number(meanStepMs));
    const { "@timestamp": _, message: __, ...rest } = line;
    assert.deepEqual(rest, {
      level: "INFO",
      logger: "parterre.jobs",
      generationId,
      status: "SUCCEEDED",
      model: "beds-256-lcm",
      size: "64x64",
      steps: 4,
      attempts: 1,
      provider: "wasm",
    });
    const asked = requests(server).find((request) => request.requestId === requestId);
    assert.equal(asked?.operationName, "Generate");
  });

  await t.step("a live stream has one line, at its end", async () => {
    await server.logged(({ operationName }) => operationName === "Finish");
    const streams = requests(server).filter(({ operationType }) => operationType === "subscription");
    assert.equal(streams.length, 1, JSON.stringify(streams));
  });

  await t.step("each operation of a WebSocket has a line at its end, and an id under the socket's", async () => {
    const client = createClient({ url: url.replace("http", "ws") + "/graphql", lazy: false, retryAttempts: 0 });
    const query = async (text: string) => await Array.fromAsync(client.iterate({ query: text }));
    await query("query Twice { runtime { provider } }");
    await query("query Twice { runtime { provider } }");
    await query('subscription Lost { generationEvents(id: "Generation:nope") { sequence } }').catch(() => {});
    await client.dispose();
    await server.logged(({ operationName }) => operationName === "Lost");
    const lines = requests(server).filter(({ transport }) => transport === "websocket");
    const upgrade = lines.find(({ status }) => status === 101);
    assert.ok(upgrade !== undefined);
    const operations = lines.filter((line) => line !== upgrade);
    assert.deepEqual(
      operations.map((
        { requestId, operation, outcome, errors, lane },
      ) => [requestId, operation, outcome, errors, lane]),
      [
        [`${upgrade.requestId}/1`, "query Twice", "ok", undefined, "address:127.0.0.1"],
        [`${upgrade.requestId}/2`, "query Twice", "ok", undefined, "address:127.0.0.1"],
        [`${upgrade.requestId}/3`, "subscription Lost", "error", ["NOT_FOUND"], "address:127.0.0.1"],
      ],
    );
  });

  await t.step("what a WebSocket is refused has one line each, with the code", async () => {
    const client = createClient({ url: url.replace("http", "ws") + "/graphql", lazy: false, retryAttempts: 0 });
    const before = requests(server).filter(({ outcome }) => outcome === "refused").length;
    const refused = [
      "{",
      "{ nope }",
      `{ ${"__typename ".repeat(20_000)} }`,
      "query A { __typename } query B { __typename }",
    ];
    for (const query of refused) await Array.fromAsync(client.iterate({ query })).catch(() => {});
    await Array.fromAsync(client.iterate({ query: "query Done { __typename }" }));
    await client.dispose();
    await server.logged(({ operationName }) => operationName === "Done");
    const lines = requests(server).filter(({ outcome }) => outcome === "refused").slice(before);
    assert.deepEqual(lines.map(({ errors }) => errors), [
      ["GRAPHQL_PARSE_FAILED"],
      ["GRAPHQL_VALIDATION_FAILED"],
      ["TOO_MANY_TOKENS"],
      ["OPERATION_RESOLUTION_FAILURE"],
    ]);
  });

  await t.step("secrets are in no line, by whatever route they came", async () => {
    const secret = "prt_S3cr3tS3cr3tS3cr3tS3cr3t";
    const headers = {
      authorization: `Bearer ${secret}`,
      cookie: `session=${secret}`,
      "proxy-authorization": `Basic ${secret}`,
      "x-request-id": "with-secret",
    };
    const query = encodeURIComponent("{ runtime { provider } }");
    const bodies = {
      "application/json": JSON.stringify({ query: "{ nope }", extensions: { token: secret } }),
      "text/plain": `Bearer ${secret}`,
      "multipart/form-data; boundary=b": `--b\r\n\r\n${secret}\r\n--b--`,
    };
    const answers: Promise<Response>[] = [
      fetch(`${url}/graphql?query=${query}&token=${secret}`, { headers }),
      fetch(`${url}/graphql?query=${query}#${secret}`, { headers: { ...headers, accept: "text/html" } }),
      ...Object.entries(bodies).map(([type, body]) =>
        fetch(`${url}/graphql?sig=${secret}`, { method: "POST", headers: { ...headers, "content-type": type }, body })
      ),
      ...[
        "/images/0.png",
        "/previews/0/1/64.webp",
        "/health",
        "/ready",
        "/metrics",
        "/layout.schema.json",
        "/",
        "/nope",
      ]
        .map((path) => fetch(`${url}${path}?signature=${secret}&sig=${secret}`, { headers, redirect: "manual" })),
    ];
    for (const response of await Promise.all(answers)) await response.body?.cancel();
    const variables = { key: secret };
    await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { ...headers, ...JSON_HEADERS },
      body: JSON.stringify({ query: "query ($key: Int!) { generation(id: $key) { id } }", variables }),
    }).then((response) => response.body?.cancel());

    class WithHeaders extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(address, { protocols: [protocols ?? []].flat(), headers } as unknown as string[]);
      }
    }
    const client = createClient({
      url: `${url.replace("http", "ws")}/graphql?token=${secret}`,
      connectionParams: { authorization: `Bearer ${secret}`, token: secret },
      webSocketImpl: WithHeaders,
      retryAttempts: 0,
    });
    await Array.fromAsync(client.iterate({ query: "query Quiet { runtime { provider } }" }));
    await client.dispose();
    await server.logged(({ operationName }) => operationName === "Quiet");

    await server.stop();
    assert.ok(requests(server).filter(of("with-secret")).length >= answers.length, "each of them was logged");
    const leaks = server.lines().filter((line) => line.includes("S3cr3t"));
    assert.deepEqual(leaks, []);
  });
});

function of(id: string): (line: LogLine) => boolean {
  return ({ logger, requestId }) => logger === "parterre.request" && requestId === id;
}

function requests(server: ServerProcess): LogLine[] {
  return server.records().filter(({ logger }) => logger === "parterre.request");
}

/** Bytes as a header carries them. */
function encodeHeader(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
