/** GraphQL over WebSocket, as graphql-ws clients expect it and as no client should send it. */

import { strict as assert } from "node:assert";
import { createClient } from "graphql-ws";
import { generate, SMALL, startServer, type TestServer } from "./server.ts";
import { RawSocket } from "./raw_socket.ts";
import { countOf } from "../jobs/backend.ts";

const address = ({ url }: TestServer) => `${url.replace("http", "ws")}/graphql`;

/** Subscribes to something and returns the type and the codes of what comes back for it. */
async function answer(socket: RawSocket, payload: unknown): Promise<readonly unknown[]> {
  const id = crypto.randomUUID();
  socket.send({ id, type: "subscribe", payload });
  const { type, payload: answered } = await socket.next((message) => message.id === id);
  if (type !== "error") return [type];
  return [type, ...(answered as { extensions?: { code?: string } }[]).map(({ extensions }) => extensions?.code)];
}

Deno.test("queries and mutations are answered and completed", async () => {
  await using server = await startServer();
  const client = createClient({ url: address(server), webSocketImpl: WebSocket });
  const run = async (query: string, variables: Record<string, unknown> = {}) => {
    const results = [];
    for await (const result of client.iterate({ query, variables })) results.push(result);
    return results;
  };
  assert.partialDeepStrictEqual(await run("{ runtime { provider } }"), [{ data: { runtime: { provider: "wasm" } } }]);
  const mutation = `mutation Paint($input: GenerateInput!) { generate(input: $input) { __typename } }`;
  assert.partialDeepStrictEqual(await run(mutation, { input: SMALL }), [{
    data: { generate: { __typename: "Generation" } },
  }]);
  assert.equal(await countOf(server.parterre.services.generations), 1);
  await client.dispose();
});

Deno.test("what cannot be run is an error of that operation, and the socket lives", async () => {
  await using server = await startServer();
  using socket = await RawSocket.open(address(server));
  await socket.begin();
  const braces = "{".repeat(50_000);
  assert.deepEqual(await answer(socket, { query: "{ a" }), ["error", "GRAPHQL_PARSE_FAILED"]);
  assert.deepEqual(await answer(socket, { query: "" }), ["error", "GRAPHQL_PARSE_FAILED"]);
  assert.deepEqual(await answer(socket, { query: braces }), ["error", "TOO_DEEP"]);
  assert.deepEqual(await answer(socket, { query: "{a".repeat(5000) }), ["error", "TOO_DEEP"]);
  assert.deepEqual(await answer(socket, { query: `{ ${"a ".repeat(20_000)} }` }), ["error", "TOO_MANY_TOKENS"]);
  assert.deepEqual(await answer(socket, { query: "{ nope }" }), ["error", "GRAPHQL_VALIDATION_FAILED"]);
  const two = "query A { __typename } query B { __typename }";
  assert.deepEqual(await answer(socket, { query: two }), ["error", "OPERATION_RESOLUTION_FAILURE"]);
  assert.deepEqual(await answer(socket, { query: two, operationName: "C" }), [
    "error",
    "OPERATION_RESOLUTION_FAILURE",
  ]);
  assert.deepEqual(await answer(socket, { query: two, operationName: "A" }), ["next"]);
  let deep: unknown = 1;
  for (let i = 0; i < 5000; i++) deep = [deep];
  const query = "query ($a: JSON) { __typename }";
  assert.deepEqual(await answer(socket, { query, variables: { a: deep } }), ["error", "TOO_DEEP"]);
  assert.deepEqual(await answer(socket, { query: "{ runtime { provider } }" }), ["next"]);
});

Deno.test("errors over WebSocket say nothing of HTTP, and hide what nobody should see", async () => {
  await using server = await startServer();
  using socket = await RawSocket.open(address(server));
  await socket.begin();
  socket.send({ id: "1", type: "subscribe", payload: { query: "{ a" } });
  const { payload } = await socket.next(({ id }) => id === "1");
  assert.doesNotMatch(JSON.stringify(payload), /http|stack/);
  server.parterre.services.generations.get = () => Promise.reject(new Error("secret of /srv/parterre"));
  socket.send({ id: "2", type: "subscribe", payload: { query: 'query { generation(id: "Generation:x") { id } }' } });
  const masked = await socket.next(({ id }) => id === "2");
  assert.match(JSON.stringify(masked), /Unexpected error/);
  assert.doesNotMatch(JSON.stringify(masked), /secret/);
});

Deno.test("a fault that nobody foresaw ends that socket with 1011, and no other", async () => {
  await using server = await startServer();
  using broken = await RawSocket.open(address(server));
  using other = await RawSocket.open(address(server));
  await broken.begin();
  await other.begin();
  // The protocol's own server rejects what has a type that only servers send.
  broken.send({ id: "1", type: "next", payload: { data: {} } });
  assert.equal((await broken.closed).code, 1011);
  assert.deepEqual(await answer(other, { query: "{ __typename }" }), ["next"]);
});

Deno.test("a socket has as many operations at once as it may, and gets their places back", async () => {
  await using server = await startServer({ environment: { PARTERRE_MAX_SOCKET_OPERATIONS: "3" } });
  const { generate: { id } } = await generate(server.client, { ...SMALL, width: 512, height: 512, steps: 100 });
  using socket = await RawSocket.open(address(server));
  await socket.begin();
  const payload = { query: `subscription { generationEvents(id: "${id}", after: 0) { sequence } }` };
  for (const one of ["a", "b", "c"]) {
    socket.send({ id: one, type: "subscribe", payload });
    await socket.next((message) => message.id === one && message.type === "next");
  }
  assert.deepEqual(await answer(socket, payload), ["error", "TOO_MANY_OPERATIONS"]);
  assert.equal(server.parterre.load.subscriptions, 3);
  socket.send({ id: "a", type: "complete" });
  while (server.parterre.load.subscriptions > 2) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(await answer(socket, payload), ["next"]);
});

Deno.test("sockets are limited by caller, and counted until they are closed", async () => {
  await using server = await startServer({ environment: { PARTERRE_MAX_SOCKETS_PER_CALLER: "2" } });
  const sockets = await Promise.all([RawSocket.open(address(server)), RawSocket.open(address(server))]);
  await assert.rejects(RawSocket.open(address(server)));
  assert.equal(server.parterre.load.sockets, 2);
  for (const socket of sockets) socket[Symbol.dispose]();
  while (server.parterre.load.sockets > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  (await RawSocket.open(address(server)))[Symbol.dispose]();
});

Deno.test("a message is at most 1 MiB", async () => {
  await using server = await startServer();
  using socket = await RawSocket.open(address(server));
  socket.sendText("x".repeat(2 ** 20 + 1));
  assert.equal((await socket.closed).code, 1009);
});

Deno.test("the server's end is announced to sockets", async () => {
  const server = await startServer();
  using socket = await RawSocket.open(address(server));
  await socket.begin();
  const began = performance.now();
  await server[Symbol.asyncDispose]();
  assert.equal((await socket.closed).code, 1001);
  assert.ok(performance.now() - began < 6000);
});
