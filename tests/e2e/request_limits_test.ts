/** Requests that are larger, longer or deeper than any operation needs are refused before anything is made of them. */

import { strict as assert } from "node:assert";
import { startServer, type TestServer } from "./server.ts";
import { countOf } from "../jobs/backend.ts";

const UPLOAD = "mutation ($file: File!) { uploadMask(file: $file) { __typename } }";

/** Status and the codes of the errors. */
type Refusal = readonly [number, ...unknown[]];

async function refusal(response: Response): Promise<Refusal> {
  const text = await response.text();
  const json = text.match(/^data: (\{.*\})$/m)?.[1] ?? text;
  const { errors = [] }: { errors?: { extensions?: { code?: string } }[] } = JSON.parse(json);
  return [response.status, ...errors.map(({ extensions }) => extensions?.code)];
}

/** The ways in which an operation may be sent. */
const TRANSPORTS: Record<string, (server: TestServer, params: Record<string, unknown>) => Promise<Refusal>> = {
  async POST({ url }, params) {
    const headers = { "content-type": "application/json" };
    return await refusal(await fetch(`${url}/graphql`, { method: "POST", headers, body: JSON.stringify(params) }));
  },
  async "server-sent events"({ url }, params) {
    const headers = { "content-type": "application/json", accept: "text/event-stream" };
    const [, ...codes] = await refusal(
      await fetch(`${url}/graphql`, { method: "POST", headers, body: JSON.stringify(params) }),
    );
    return [400, ...codes];
  },
  async multipart({ url }, params) {
    const body = new FormData();
    body.set("operations", JSON.stringify(params));
    body.set("map", "{}");
    return await refusal(
      await fetch(`${url}/graphql`, { method: "POST", headers: { "graphql-preflight": "1" }, body }),
    );
  },
  async GET({ url }, params) {
    const address = new URL(`${url}/graphql`);
    for (const [name, value] of Object.entries(params)) {
      address.searchParams.set(name, typeof value === "string" ? value : JSON.stringify(value));
    }
    return await refusal(await fetch(address));
  },
};

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

Deno.test("documents of too many tokens or levels, and variables of too many, are refused by every transport", async (t) => {
  await using server = await startServer();
  const query = "query ($a: JSON) { __typename }";
  for (const [name, send] of Object.entries(TRANSPORTS)) {
    await t.step(name, async () => {
      // A GET's address has less room than a body.
      const [tokens, levels, depth] = name === "GET" ? [0, 5000, 5000] : [20_000, 50_000, 200_000];
      if (tokens > 0) {
        assert.deepEqual(await send(server, { query: `{ ${"a ".repeat(tokens)} }` }), [400, "TOO_MANY_TOKENS"]);
        assert.deepEqual(await send(server, { query: `{ a } ${"#\n".repeat(tokens)}` }), [400, "TOO_MANY_TOKENS"]);
      }
      assert.deepEqual(await send(server, { query: "{".repeat(levels) }), [400, "TOO_DEEP"]);
      assert.deepEqual(await send(server, { query: `{ a(b: ${"[".repeat(levels)}` }), [400, "TOO_DEEP"]);
      const json = `${"[".repeat(depth)}1${"]".repeat(depth)}`;
      assert.deepEqual(await send(server, { query, variables: { a: nested(110) } }), [400, "TOO_DEEP"]);
      if (name !== "POST") return;
      const headers = { "content-type": "application/json" };
      const body = `{ "query": "${query}", "variables": { "a": ${json} } }`;
      const answer = await fetch(`${server.url}/graphql`, { method: "POST", headers, body });
      assert.deepEqual(await refusal(answer), [400, "TOO_DEEP"]);
    });
  }
  assert.deepEqual(await server.client.request("{ __typename }"), { __typename: "Query" });
});

Deno.test("an operation has at most 1 MiB, with files or without; uploads have a limit of their own", async () => {
  await using server = await startServer({ environment: { PARTERRE_MAX_UPLOAD_BYTES: String(4 * 2 ** 20) } });
  const large = { query: "{ __typename }", variables: { a: "x".repeat(2 ** 20) } };
  assert.deepEqual(await TRANSPORTS["POST"]?.(server, large), [413, "REQUEST_TOO_LARGE"]);
  assert.deepEqual(await TRANSPORTS["multipart"]?.(server, large), [413, "REQUEST_TOO_LARGE"]);
  // One that does not say how long it is.
  const body = new Blob([JSON.stringify(large)]).stream();
  const headers = { "content-type": "application/json" };
  const unsaid = await fetch(`${server.url}/graphql`, { method: "POST", headers, body });
  assert.deepEqual(await refusal(unsaid), [413, "REQUEST_TOO_LARGE"]);
  const form = new FormData();
  form.set("operations", JSON.stringify({ query: UPLOAD, variables: { file: null } }));
  form.set("map", `{ "0": ["variables.file"] }`);
  form.set("0", new File([new Uint8Array(3 * 2 ** 20)], "a.png"));
  const upload = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "graphql-preflight": "1" },
    body: form,
  });
  assert.deepEqual(await refusal(upload), [200]);
});

Deno.test("an address has at most 16 KiB", async () => {
  await using server = await startServer();
  const answer = await fetch(`${server.url}/graphql?query=${"x".repeat(17_000)}`);
  await answer.body?.cancel();
  assert.equal(answer.status, 414);
  const more = await fetch(`${server.url}/graphql`, { headers: { "x-more": "x".repeat(40_000) } });
  await more.body?.cancel();
  assert.equal(more.status, 431);
});

Deno.test("idempotency keys are 1 to 255 printable characters", async () => {
  await using server = await startServer();
  const mutation = `mutation Generate($input: GenerateInput!) {
    generate(input: $input) { __typename ... on InvalidInputError { problems { code field rule } } }
  }`;
  const input = {
    layout: { grid: { direction: "COLUMNS", ratios: "1" }, regions: [{ prompt: "sea" }] },
    width: 64,
    height: 64,
  };
  const ask = (idempotencyKey: string) =>
    server.client.request<{ generate: { __typename: string; problems?: unknown } }>(mutation, {
      input: { ...input, idempotencyKey },
    });
  for (const key of ["", "x".repeat(256), "x".repeat(200_000), "a\nb", "a\u0000", "a\u2028", "\ud800"]) {
    assert.deepEqual(await ask(key), {
      generate: {
        __typename: "InvalidInputError",
        problems: [{
          code: "INVALID_VALUE",
          field: "input.idempotencyKey",
          rule: "must be 1 to 255 printable characters",
        }],
      },
    });
  }
  assert.equal(await countOf(server.parterre.services.generations), 0);
  for (const key of ["x", "🌼 é ".repeat(50), "x".repeat(255)]) {
    assert.equal((await ask(key)).generate.__typename, "Generation");
  }
});

Deno.test("ids that no object can have are found to be nobody's", async () => {
  await using server = await startServer();
  const ids = ["x", "", ":", "Query:1", "Nonsense:1", "__Schema:1", "constructor:1", "Generation:x"];
  const query = `query ($ids: [ID!]!, $id: ID!) { nodes(ids: $ids) { id } node(id: $id) { id } }`;
  for (const id of ids) {
    assert.deepEqual(await server.client.request(query, { ids, id }), { nodes: ids.map(() => null), node: null }, id);
  }
});

Deno.test("production keeps its schema to itself unless it is told otherwise", async () => {
  const introspection = '{ __schema { types { name } } __type(name: "Query") { name } }';
  const errors = async (environment: Record<string, string>, query: string): Promise<string> => {
    await using server = await startServer({ environment });
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ query });
    const answer = await fetch(`${server.url}/graphql`, { method: "POST", headers, body });
    return JSON.stringify((await answer.json()).errors ?? []);
  };
  const production = { PARTERRE_ENV: "production" };
  assert.match(await errors(production, introspection), /introspection/);
  assert.equal(await errors(production, "{ __typename }"), "[]");
  const guess = "{ runtim { provider } }";
  assert.doesNotMatch(await errors(production, guess), /Did you mean/);
  assert.match(await errors({}, guess), /Did you mean/);
  assert.equal(await errors({ ...production, PARTERRE_INTROSPECTION: "true" }, introspection), "[]");
  assert.match(await errors({ PARTERRE_INTROSPECTION: "false" }, introspection), /introspection/);
  assert.equal(await errors({}, introspection), "[]");
});
