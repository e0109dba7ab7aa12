/** Operations whose answers would have no end are refused before they are executed; those that clients send are not. */

import { strict as assert } from "node:assert";
import { getIntrospectionQuery } from "graphql";
import { EXAMPLE } from "../../server/example.ts";
import { startServer, type TestServer } from "./server.ts";

async function codes(server: TestServer, query: string, operationName?: string): Promise<readonly unknown[]> {
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, operationName }),
  });
  const { errors = [] }: { errors?: { extensions?: { code?: string } }[] } = await response.json();
  return errors.map(({ extensions }) => extensions?.code);
}

const REFUSED = ["TOO_MANY_FIELDS"];

Deno.test("pages of pages of pages, doubling fragments and costly aliases are refused", async () => {
  await using server = await startServer();
  const versions = (inner: string, first = "") => `versions${first} { edges { node { ${inner} } } }`;
  const deep = `{ layouts { edges { node { ${
    versions(`savedLayout { ${versions(`savedLayout { ${versions("id")} }`)} }`)
  } } } } }`;
  assert.deepEqual(await codes(server, deep), REFUSED);
  assert.deepEqual(
    await codes(
      server,
      `{ ${
        "a b".replaceAll(
          /\w/g,
          "$&: layouts(first: 100) { edges { node { " +
            versions("id createdAt layout { json basePrompt aspect }", "(first: 100)") + " } } }",
        )
      } }`,
    ),
    REFUSED,
  );

  const fragment = (i: number) =>
    `fragment F${i} on SavedLayout { a: atVersion(version: 1) { savedLayout { ...F${
      i + 1
    } } } b: atVersion(version: 1) { savedLayout { ...F${i + 1} } } }`;
  const doubling = Array.from({ length: 30 }, (_, i) => fragment(i)).join("\n");
  const query = `{ layout(id: "SavedLayout:x") { ...F0 } }\n${doubling}\nfragment F30 on SavedLayout { id }`;
  assert.deepEqual(await codes(server, query), REFUSED);

  const aliases = (count: number) => Array.from({ length: count }, (_, i) => `a${i}: runtime { provider }`).join(" ");
  assert.deepEqual(await codes(server, `{ ${aliases(60)} }`), REFUSED);
  assert.deepEqual(await codes(server, `{ ...All } fragment All on Query { ${aliases(60)} }`), REFUSED);
  assert.deepEqual(await codes(server, `{ ${aliases(20)} }`), []);
});

Deno.test("what tools and clients ask is answered", async () => {
  await using server = await startServer();
  assert.deepEqual(await codes(server, getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true })), []);
  assert.deepEqual(await codes(server, EXAMPLE, "Check"), []);
  const list =
    `{ layouts(first: 100) { edges { node { id name versions(first: 20) { edges { node { id version } } } } } } }`;
  assert.deepEqual(await codes(server, list), []);
});

Deno.test("a page has at most 100 objects", async () => {
  await using server = await startServer();
  assert.deepEqual(await codes(server, "{ generations(first: 100) { edges { cursor } } }"), []);
  assert.deepEqual(await codes(server, "{ generations(first: 101) { edges { cursor } } }"), ["BAD_USER_INPUT"]);
});

Deno.test("an error names the id as it was sent", async () => {
  await using server = await startServer();
  const missing = (field: string, id: string) =>
    server.client.request(`mutation { ${field}(id: "${id}") { ... on NotFoundError { id } } }`);
  assert.deepEqual(await missing("cancelGeneration", "Generation:0190"), {
    cancelGeneration: { id: "Generation:0190" },
  });
  assert.deepEqual(await missing("deleteLayout", "SavedLayout:0190"), { deleteLayout: { id: "SavedLayout:0190" } });
});
