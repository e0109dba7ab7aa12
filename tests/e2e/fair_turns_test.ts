/** Dry runs of many callers at once: nobody waits behind all that another asked for, and one operation asks for so much only. */

import { strict as assert } from "node:assert";
import { NO_IMAGES } from "../../layout/masks/mask_image.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";
import { startServer, type TestServer } from "./server.ts";

/** Callers by address, which a proxy tells. */
const ENVIRONMENT = { PARTERRE_TRUSTED_PROXIES: "1" };

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  // deno-lint-ignore no-explicit-any
  readonly data: any;
  readonly errors: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

async function ask(
  { url }: TestServer,
  address: string,
  query: string,
  variables: Record<string, unknown>,
  signal: AbortSignal = AbortSignal.timeout(90_000),
): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-forwarded-for": address },
    body: JSON.stringify({ query, variables }),
    signal,
  });
  const { data = null, errors = [] } = await response.json();
  return { status: response.status, retryAfter: response.headers.get("retry-after"), data, errors };
}

const DRY_RUN = `query ($input: ValidateLayoutInput!) {
  validateLayout(input: $input) { __typename ... on LayoutReport { baseShare picture { width } } ... on Error { message } }
}`;

const aliases = (count: number, fields: string) =>
  `query ($input: ValidateLayoutInput!) { ${
    Array.from({ length: count }, (_, i) => `a${i}: validateLayout(input: $input) { __typename ${fields} }`).join("\n")
  } }`;

const PICTURES = "... on LayoutReport { picture { dataUrl } }";

const layout = {
  regions: [{ prompt: "fox", geometry: { ellipse: { cx: 0.5, cy: 0.5, rx: 0.4, ry: 0.4 } } }, {
    prompt: "sea",
    geometry: { rest: true },
  }],
};
const large = { layout, width: 2048, height: 2048 };
const small = { layout, width: 64, height: 64 };

Deno.test("the largest operation of one caller does not hold up another, and none goes on for a caller who left", async () => {
  await using server = await startServer({ environment: ENVIRONMENT });
  await ask(server, "10.0.0.9", DRY_RUN, { input: small }); // everything is loaded
  const left = new AbortController();
  const attack = Promise.all(
    Array.from({ length: 6 }, () => ask(server, "10.0.0.1", aliases(8, PICTURES), { input: large }, left.signal)),
  );
  const gone = assert.rejects(attack, { name: "AbortError" });
  await new Promise((resolve) => setTimeout(resolve, 2000));

  const since = performance.now();
  const other = await ask(server, "10.0.0.2", DRY_RUN, { input: small });
  assert.equal(other.data.validateLayout.__typename, "LayoutReport");
  left.abort();
  await gone;
  const same = await ask(server, "10.0.0.1", DRY_RUN, { input: small });
  assert.equal(same.data.validateLayout.__typename, "LayoutReport");
  const seconds = (performance.now() - since) / 1000;
  assert.ok(seconds < 20, `the other's and the next took ${seconds} s; all that was asked for takes a hundred`);
});

Deno.test("an operation that is answered with an error has nothing under way any more", async () => {
  await using server = await startServer({ environment: ENVIRONMENT });
  await ask(server, "10.0.0.1", DRY_RUN, { input: small });
  const { drafter } = server.parterre.services;
  const { errors } = await ask(server, "10.0.0.1", aliases(9, PICTURES), { input: large });
  assert.deepEqual(errors[0]?.extensions, { code: "BUDGET_EXCEEDED", budget: "pixels", limit: 2 ** 25 });
  await new Promise((resolve) => setTimeout(resolve, 1000)); // ends what was being drawn
  assert.equal(drafter.pending, 0, "eight pictures would take twenty seconds");
});

Deno.test("an operation that asks for more drawing than one may cost is told which budget is spent", async () => {
  await using server = await startServer({ environment: ENVIRONMENT });
  const { errors } = await ask(server, "10.0.0.1", aliases(38, PICTURES), { input: small });
  const [{ message, extensions } = assert.fail("nothing was refused")] = errors;
  assert.deepEqual(extensions, { code: "BUDGET_EXCEEDED", budget: "drafts", limit: 64 });
  assert.equal(
    message,
    "Cannot do so much in one operation: it may have 64 drafts of layouts; send several operations",
  );
  const next = await ask(server, "10.0.0.1", DRY_RUN, { input: small });
  assert.equal(next.data.validateLayout.__typename, "LayoutReport", "each operation has a budget of its own");
});

Deno.test("prompts of an operation are read up to a budget, and those of a layout up to a limit", async () => {
  await using server = await startServer({ environment: ENVIRONMENT });
  const geometry = { rectangle: { x: 0, y: 0, width: 1, height: 1 } };
  const regions = Array.from({ length: 20 }, () => ({ prompt: "(".repeat(9000), geometry }));
  const fields = "... on BudgetExceededError { budget limit } ... on InvalidInputError { problems { field rule } }";
  const input = { layout: { regions }, width: 64, height: 64 };
  const { data } = await ask(server, "10.0.0.1", aliases(8, fields), { input });
  const refused = Object.values(data).filter((answer) => (answer as { budget?: string }).budget === "characters");
  assert.equal(refused.length, 8 - Math.floor(2 ** 20 / 180_000));
  assert.deepEqual(refused[0], { __typename: "BudgetExceededError", budget: "characters", limit: 2 ** 20 });

  const more = { ...input, layout: { regions, basePrompt: "x".repeat(9000), commonPrompt: "y".repeat(900) } };
  const { data: { a0 } } = await ask(server, "10.0.0.1", aliases(1, fields), { input: more });
  assert.deepEqual(a0.problems, [
    { field: "input.layout", rule: "must have prompts of at most 200000 characters together" },
  ]);
});

Deno.test("texts of other tools are read up to the same budget", async () => {
  await using server = await startServer({ environment: ENVIRONMENT });
  const text = "a BREAK ".repeat(40_000);
  const query = `query ($text: String!) {
    ${[0, 1].map((i) => `p${i}: parsePrompt(input: { prompt: $text }) { __typename }`).join("\n")}
    ${[0, 1, 2].map((i) => `i${i}: importLayout(input: { omost: { text: $text } }) { __typename }`).join("\n")}
  }`;
  const { data } = await ask(server, "10.0.0.1", query, { text });
  const types = Object.values(data).map((answer) => (answer as { __typename: string }).__typename);
  assert.equal(types.filter((type) => type === "BudgetExceededError").length, 2);
});

Deno.test("a caller with as much waiting as it may is told when to come again, in the answer and beside it", async () => {
  await using server = await startServer({ environment: ENVIRONMENT });
  const resolution = resolveLayout(layout, { maxRegions: 2 });
  assert.ok("layout" in resolution);
  const draft = { layout: resolution.layout, size: { width: 4096, height: 4096, factor: 8 }, images: NO_IMAGES };
  const left = new AbortController();
  const { drafter } = server.parterre.services;
  const turn = { lane: "address:10.0.0.1", signal: left.signal };
  const drafts = Array.from({ length: 129 }, () => drafter.picture(draft, "PNG", turn).catch(() => {}));

  const query = `query ($input: ValidateLayoutInput!) {
    validateLayout(input: $input) { __typename ... on BusyError { message retryAfterSeconds } }
  }`;
  const { data: { validateLayout: busy }, retryAfter } = await ask(server, "10.0.0.1", query, { input: small });
  assert.equal(busy.__typename, "BusyError");
  assert.match(busy.message, /^Cannot take more work: 128 pieces of this caller are waiting; retry in \d+ ms$/);
  assert.ok(busy.retryAfterSeconds > 0);
  assert.equal(retryAfter, String(Math.ceil(busy.retryAfterSeconds)));
  const other = await ask(server, "10.0.0.2", query, { input: small });
  assert.equal(other.data.validateLayout.__typename, "LayoutReport");
  left.abort();
  await Promise.all(drafts);
});

Deno.test("objects are fetched by at most 100 ids, however the ids are given", async () => {
  await using server = await startServer({ environment: ENVIRONMENT });
  const ids = (count: number) => Array.from({ length: count }, (_, i) => `Generation:${i}`);
  const query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
  assert.deepEqual((await ask(server, "10.0.0.1", query, { ids: ids(100) })).data.nodes.length, 100);
  const { errors: [error] } = await ask(server, "10.0.0.1", query, { ids: ids(101) });
  assert.equal(error?.extensions?.["code"], "BAD_USER_INPUT");
  const fields = Array.from(
    { length: 12 },
    (_, i) => `n${i}: nodes(ids: $ids) { ${Array.from({ length: 100 }, (_, j) => `i${j}: id`).join(" ")} }`,
  );
  const wide = await ask(server, "10.0.0.1", `query ($ids: [ID!]!) { ${fields.join(" ")} }`, { ids: ids(100) });
  assert.equal(wide.errors[0]?.extensions?.["code"], "TOO_MANY_FIELDS");
});
