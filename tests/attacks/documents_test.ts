/** Small requests for large work: deep and wide documents, aliases, batches, and texts that multiply. */

import { strict as assert } from "node:assert";
import { Victim } from "./victim.ts";

const CODES = "TOO_MANY_TOKENS TOO_DEEP TOO_MANY_FIELDS ANSWER_TOO_LARGE".split(" ");

const times = (count: number, part: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join(" ");

/** What must be refused, by what. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  "2 million tokens": `{ ${"a ".repeat(500_000)} }`,
  "a million comments": `{ __typename } ${"#\n".repeat(500_000)}`,
  "50,000 braces": "{".repeat(50_000),
  "braces that end": "{a".repeat(50_000) + "}".repeat(50_000),
  "lists in lists": `{ node(id: ${"[".repeat(50_000)}${"]".repeat(50_000)}) { id } }`,
  "objects in objects": `{ validateLayout(input: ${"{a:".repeat(20_000)}1${"}".repeat(20_000)}) { __typename } }`,
  "types in types": `query ($a: ${"[".repeat(50_000)}Int${"]".repeat(50_000)}) { __typename }`,
  "inline fragments in each other": `{ ${"... {".repeat(5000)} __typename ${"}".repeat(5000)} }`,
  "aliases of the root": `{ ${times(2000, (i) => `a${i}: runtime { provider }`)} }`,
  "aliases of pages": `{ ${times(40, (i) => `a${i}: generations(first: 100) { edges { node { id status seed } } }`)} }`,
  "fragments that double": `{ ...F0 } ${
    times(60, (i) => `fragment F${i} on Query { a: node(id: "x") { id } ...F${i + 1} ...F${i + 1} }`)
  } fragment F60 on Query { __typename }`,
  "fields that might conflict": `{ ${times(3000, () => "runtime { provider }")} }`,
};

Deno.test("deep and wide documents are refused with 400, quickly", async () => {
  await using victim = await Victim.start();
  const post = (body: string) =>
    fetch(`${victim.url}/graphql`, { method: "POST", headers: { "content-type": "application/json" }, body });
  for (const [name, query] of Object.entries(DOCUMENTS)) {
    const began = performance.now();
    const answer = await post(JSON.stringify({ query }));
    const { errors }: { errors: { extensions?: { code?: string } }[] } = await answer.json();
    const code = errors[0]?.extensions?.code ?? "";
    const allowed = JSON.stringify(query).length > 2 ** 20
      ? ["REQUEST_TOO_LARGE"]
      : [...CODES, "GRAPHQL_VALIDATION_FAILED"];
    assert.ok(allowed.includes(code), `${name}: ${code}`);
    assert.ok([200, 400, 413].includes(answer.status), `${name}: ${answer.status}`);
    assert.ok(performance.now() - began < 5000, `${name} took ${performance.now() - began} ms`);
  }
  // Many at once.
  const flood = Object.values(DOCUMENTS).flatMap((query) => Array.from({ length: 4 }, () => JSON.stringify({ query })));
  await Promise.all(flood.map(async (body) => await (await post(body)).body?.cancel()));
  await victim.survived();
});

Deno.test("batches are refused as a whole, however long", async () => {
  await using victim = await Victim.start();
  const headers = { "content-type": "application/json" };
  for (const length of [1, 10, 20_000]) {
    const body = JSON.stringify(Array.from({ length }, () => ({ query: "{ __typename }" })));
    const answer = await fetch(`${victim.url}/graphql`, { method: "POST", headers, body });
    await answer.body?.cancel();
    assert.equal(answer.status, 400, String(length));
  }
  await victim.survived();
});

Deno.test("a long text under thousands of names is not written thousands of times", async () => {
  await using victim = await Victim.start();
  const layout = {
    grid: { direction: "COLUMNS", ratios: "1,1,1,1,1,1" },
    regions: Array.from({ length: 6 }, () => ({ prompt: "x ".repeat(4900) })),
  };
  const { saveLayout: { id } } = await victim.ask<{ saveLayout: { id: string } }>(
    "mutation ($input: SaveLayoutInput!) { saveLayout(input: $input) { ... on SavedLayout { id } ... on Error { message } } }",
    { input: { name: "long", layout } },
  );
  const query = `{ layout(id: "${id}") { ${
    times(100, (i) => `a${i}: layout { regions { ${times(3, (j) => `b${j}: prompt`)} } }`)
  } } }`;
  const headers = { "content-type": "application/json" };
  const answers = await Promise.all(Array.from({ length: 10 }, async () => {
    const answer = await fetch(`${victim.url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query }) });
    return [answer.status, (await answer.json()).errors[0].extensions.code];
  }));
  for (const answer of answers) assert.deepEqual(answer, [400, "ANSWER_TOO_LARGE"]);
  await victim.survived();
});

Deno.test("an event is limited as an answer is", async () => {
  await using victim = await Victim.start();
  const { generate: { id } } = await victim.ask<{ generate: { id: string } }>(
    "mutation ($input: GenerateInput!) { generate(input: $input) { ... on Generation { id } ... on Error { message } } }",
    { input: { layout: { basePrompt: "x ".repeat(4900) }, steps: 1 } },
  );
  const status = "query ($id: ID!) { generation(id: $id) { status } }";
  while ((await victim.ask<{ generation: { status: string } }>(status, { id })).generation.status !== "SUCCEEDED") {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  victim.begin(); // the model that it loaded and the picture that it painted are not the attack's
  const selection = `generation { ${times(100, (i) => `a${i}: layout { ${times(20, (j) => `b${j}: basePrompt`)} }`)} }`;
  const query = `subscription { generationEvents(id: "${id}") { ... on GenerationSnapshotEvent { ${selection} } } }`;
  const answer = await fetch(`${victim.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query }),
  });
  const events = await answer.text();
  assert.match(events, /"code":"ANSWER_TOO_LARGE"/);
  assert.ok(events.length < 100_000, String(events.length));
  await victim.survived();
});
