/** Saved layouts over HTTP: keeping, changing, comparing, exporting, painting. */

import { createClient } from "graphql-ws";
import { strict as assert } from "node:assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { readText } from "../../image/png_text.ts";
import { finish, generate, SMALL, startServer, type TestServer } from "./server.ts";

const FAILURE = `
  fragment Failure on Error {
    message
    ... on InvalidInputError { problems { code field value rule } }
    ... on VersionConflictError { expectedVersion currentVersion }
  }`;
const FRAGMENTS = `fragment Saved on SavedLayout { id name version deletedAt layout { json } } ${FAILURE}`;

const SAVE = `mutation ($input: SaveLayoutInput!) {
  answer: saveLayout(input: $input) { __typename ...Saved ...Failure }
} ${FRAGMENTS}`;

const UPDATE = `mutation ($input: UpdateLayoutInput!) {
  answer: updateLayout(input: $input) {
    __typename
    ... on UpdateLayoutPayload { savedLayout { ...Saved } versionCreated }
    ...Failure
  }
} ${FRAGMENTS}`;

const DUPLICATE = `mutation ($input: DuplicateLayoutInput!) {
  answer: duplicateLayout(input: $input) { __typename ...Saved ...Failure }
} ${FRAGMENTS}`;

const DELETE = `mutation ($id: ID!) { answer: deleteLayout(id: $id) { __typename ...Saved ...Failure } } ${FRAGMENTS}`;

const DIFF = `query ($from: SavedLayoutInput!, $to: SavedLayoutInput!) {
  answer: layoutDiff(from: $from, to: $to) {
    __typename
    ... on LayoutDiff { from { version } to { version } changes { kind path region before after } }
    ...Failure
  }
} ${FAILURE}`;

interface Saved {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly deletedAt: string | null;
  readonly layout: { readonly json: unknown };
}

interface Answer extends Saved {
  readonly __typename: string;
  readonly message: string;
  readonly savedLayout: Saved;
  readonly versionCreated: boolean;
  readonly expectedVersion: number;
  readonly currentVersion: number;
  readonly changes: readonly unknown[];
  readonly problems: readonly { code: string; field: string; value: string; rule: string }[];
}

async function ask({ client }: TestServer, query: string, variables: Record<string, unknown>): Promise<Answer> {
  return (await client.request<{ answer: Answer }>(query, variables)).answer;
}

/** The names of the saved layouts, the latest changed first. */
async function names({ client }: TestServer, name: string | null = null): Promise<string[]> {
  const query = "query ($name: String) { layouts(name: $name) { edges { node { name } } } }";
  const { layouts } = await client.request<{ layouts: { edges: { node: { name: string } }[] } }>(query, { name });
  return layouts.edges.map(({ node }) => node.name);
}

const { layout: BEDS, ...SIZE } = SMALL;

/** BEDS as it is exported: with the cells that its regions took. */
const EXPORTED = {
  grid: { direction: "COLUMNS", ratios: "1,1" },
  regions: [
    { name: "sea", geometry: { cell: 0 }, prompt: "ocean" },
    { name: "wood", geometry: { cell: 1 }, prompt: "forest" },
  ],
};

/** BEDS with another prompt in the sea. */
const changed = (prompt: string) => ({ ...BEDS, regions: [{ name: "sea", prompt }, BEDS.regions[1]] });

Deno.test("layouts are saved, changed in versions, compared, duplicated and deleted", async (t) => {
  await using server = await startServer();
  const saved = await ask(server, SAVE, { input: { name: "Beds", layout: BEDS } });
  const { id } = saved;

  await t.step("saved as version 1, with its defaults left out on export", () => {
    assert.deepEqual(saved, {
      __typename: "SavedLayout",
      id,
      name: "Beds",
      version: 1,
      deletedAt: null,
      layout: { json: EXPORTED },
    });
    assert.match(id, /^SavedLayout:[0-9a-f-]{36}$/);
  });

  await t.step("the latest version that was expected is changed, another one is not", async () => {
    const input = { id, layout: changed("desert"), expectedVersion: 1 };
    const { savedLayout, versionCreated } = await ask(server, UPDATE, { input });
    assert.deepEqual([savedLayout.version, versionCreated], [2, true]);
    const late = await ask(server, UPDATE, { input: { ...input, layout: changed("lake") } });
    assert.deepEqual([late.__typename, late.expectedVersion, late.currentVersion], ["VersionConflictError", 1, 2]);
  });

  await t.step("an equal layout makes no version, in whatever form it comes", async () => {
    for (const form of [{ layout: changed("desert") }, { json: { ...EXPORTED, ...changed("desert") } }]) {
      const { savedLayout, versionCreated } = await ask(server, UPDATE, { input: { id, ...form } });
      assert.deepEqual([savedLayout.version, versionCreated], [2, false]);
    }
  });

  await t.step("the difference between two versions", async () => {
    const diff = await ask(server, DIFF, { from: { id, version: 1 }, to: { id } });
    assert.deepEqual(diff, {
      __typename: "LayoutDiff",
      from: { version: 1 },
      to: { version: 2 },
      changes: [
        { kind: "CHANGED", path: ["regions", "sea", "prompt"], region: "sea", before: "ocean", after: "desert" },
      ],
    });
    assert.deepEqual((await ask(server, DIFF, { from: { id }, to: { id } })).changes, []);
    const { problems } = await ask(server, DIFF, { from: { id }, to: { id, version: 3 } });
    assert.deepEqual(problems, [
      { code: "OUT_OF_RANGE", field: "to.version", value: "3", rule: "must be from 1 to 2" },
    ]);
  });

  await t.step("all versions can be read, by page, by number and by id", async () => {
    const query = `query ($id: ID!) {
      layout(id: $id) {
        first: versions(first: 1) { edges { node { id version } } pageInfo { hasNextPage endCursor } }
        rest: versions(after: "2") { edges { node { version savedLayout { name } } } pageInfo { hasNextPage } }
        old: atVersion(version: 1) { layout { regions { name prompt geometry { ... on CellGeometry { cell } } } } }
        none: atVersion(version: 3) { id }
      }
    }`;
    const { layout } = await server.client.request<{ layout: Record<string, unknown> }>(query, { id });
    const versionId = `SavedLayoutVersion:${id.split(":")[1]}:2`;
    assert.deepEqual(layout, {
      first: { edges: [{ node: { id: versionId, version: 2 } }], pageInfo: { hasNextPage: true, endCursor: "2" } },
      rest: { edges: [{ node: { version: 1, savedLayout: { name: "Beds" } } }], pageInfo: { hasNextPage: false } },
      old: {
        layout: {
          regions: [
            { name: "sea", prompt: "ocean", geometry: { cell: 0 } },
            { name: "wood", prompt: "forest", geometry: { cell: 1 } },
          ],
        },
      },
      none: null,
    });
    const node = "query ($id: ID!) { node(id: $id) { __typename ... on SavedLayoutVersion { version } } }";
    const byId = await server.client.request(node, { id: versionId });
    assert.deepEqual(byId, { node: { __typename: "SavedLayoutVersion", version: 2 } });
  });

  await t.step("a duplicate is a layout of its own", async () => {
    const copy = await ask(server, DUPLICATE, { input: { id, version: 1 } });
    assert.deepEqual([copy.name, copy.version, copy.layout.json], ["Beds (copy)", 1, EXPORTED]);
    assert.notEqual(copy.id, id);
    await ask(server, UPDATE, { input: { id: copy.id, name: "Other beds", layout: changed("ice") } });
    assert.deepEqual(await names(server), ["Other beds", "Beds"]);
    assert.deepEqual(await names(server, "OTHER"), ["Other beds"]);
    assert.deepEqual(
      (await ask(server, DIFF, { from: { id: copy.id, version: 1 }, to: { id, version: 1 } })).changes,
      [],
    );
    const { problems } = await ask(server, DUPLICATE, { input: { id, version: 9 } });
    assert.equal(problems[0]?.field, "input.version");
  });

  await t.step("a long name is shortened for its copy", async () => {
    const long = await ask(server, SAVE, { input: { name: "é".repeat(200), layout: BEDS } });
    const copy = await ask(server, DUPLICATE, { input: { id: long.id } });
    assert.equal(copy.name, `${"é".repeat(192)}… (copy)`);
    for (const saved of [long, copy]) await ask(server, DELETE, { id: saved.id });
  });

  await t.step("a deleted layout is off the list and closed, but can be read and duplicated", async () => {
    const deleted = await ask(server, DELETE, { id });
    assert.ok(deleted.deletedAt !== null);
    assert.deepEqual((await ask(server, DELETE, { id })).deletedAt, deleted.deletedAt);
    assert.deepEqual(await names(server), ["Other beds"]);
    assert.equal((await ask(server, UPDATE, { input: { id, name: "Back" } })).__typename, "LayoutDeletedError");
    const copy = await ask(server, DUPLICATE, { input: { id, name: "Beds again" } });
    assert.deepEqual([copy.name, copy.layout.json], ["Beds again", deleted.layout.json]);
  });

  await t.step("a layout that is not there is not found", async () => {
    const unknown = "SavedLayout:00000000-0000-7000-8000-000000000000";
    const query = "query ($id: ID!) { layout(id: $id) { id } }";
    assert.deepEqual(await server.client.request(query, { id: unknown }), { layout: null });
    for (
      const answer of [
        await ask(server, UPDATE, { input: { id: unknown, name: "x" } }),
        await ask(server, DUPLICATE, { input: { id: unknown } }),
        await ask(server, DELETE, { id: unknown }),
        await ask(server, DIFF, { from: { id }, to: { id: unknown } }),
      ]
    ) {
      assert.equal(answer.__typename, "NotFoundError");
      assert.equal(answer.message, 'No saved layout has the id "00000000-0000-7000-8000-000000000000"');
    }
  });
});

Deno.test("what cannot be saved is refused with its field, value and rule", async (t) => {
  await using server = await startServer();
  const refuses = (name: string, input: Record<string, unknown>, field: string, rule: RegExp) =>
    t.step(name, async () => {
      const { __typename, problems } = await ask(server, SAVE, { input });
      assert.equal(__typename, "InvalidInputError");
      assert.deepEqual(problems.map((problem) => problem.field), [field]);
      assert.match(problems[0]?.rule ?? "", rule);
      assert.deepEqual(await names(server), []);
    });

  await refuses("an empty name", { name: "  ", layout: BEDS }, "input.name", /^must not be empty$/);
  await refuses("a name with U+0000", { name: "a\0b", layout: BEDS }, "input.name", /^must not contain .* U\+0000$/);
  await refuses(
    "a long name",
    { name: "x".repeat(201), layout: BEDS },
    "input.name",
    /^must be at most 200 characters/,
  );
  await refuses("no layout", { name: "a" }, "input.layout", /^must be set if json is not/);
  await refuses("two layouts", { name: "a", layout: BEDS, json: BEDS }, "input.layout", /must not be set if it is$/);
  await refuses(
    "a broken layout",
    { name: "a", layout: { ...BEDS, aspect: -1 } },
    "input.layout.aspect",
    /^must be from 0.03125 to 32$|at least/,
  );
  await refuses("JSON that is no layout", { name: "a", json: [1] }, "input.json", /LayoutInput/);
  await refuses(
    "JSON with a field that nobody knows",
    { name: "a", json: { ...BEDS, overlaps: "NORMALIZE" } },
    "input.json",
    /"overlaps" is not defined/,
  );
  await refuses(
    "JSON with a value of another type",
    { name: "a", json: { regions: [{ prompt: 7, geometry: { rest: true } }] } },
    "input.json.regions[0].prompt",
    /String cannot represent a non string value/,
  );
  await refuses(
    "JSON with a value out of range",
    { name: "a", json: { regions: [{ prompt: "a", weight: -2, geometry: { rest: true } }] } },
    "input.json.regions[0].weight",
    /greater than 0/,
  );
});

Deno.test("what is exported is valid by the schema that the server offers, and can be imported", async () => {
  await using server = await startServer();
  const response = await fetch(`${server.url}/layout.schema.json`);
  assert.equal(response.headers.get("content-type"), "application/schema+json");
  const schema: { $id: string } = await response.json();
  assert.equal(new URL(schema.$id, response.url).href, response.url);
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

  const { layout: { json }, id } = await ask(server, SAVE, { input: { name: "a", layout: changed("ice") } });
  assert.ok(validate(json), JSON.stringify(validate.errors));
  const file = { $schema: response.url, ...json as object };
  assert.ok(validate(file), JSON.stringify(validate.errors));
  const imported = await ask(server, SAVE, { input: { name: "b", json: file } });
  assert.deepEqual(imported.layout.json, json);
  assert.deepEqual((await ask(server, DIFF, { from: { id }, to: { id: imported.id } })).changes, []);
  const pasted = await generate(server.client, { ...SIZE, layout: file });
  assert.ok(pasted.generate.id, pasted.generate.message);
  const ws = createClient({ url: `${server.url.replace("http", "ws")}/graphql`, webSocketImpl: WebSocket });
  const query = "query ($layout: LayoutInput!) { validateLayout(input: { layout: $layout }) { __typename } }";
  const { value } = await ws.iterate({ query, variables: { layout: file } }).next();
  assert.deepEqual(value, { data: { validateLayout: { __typename: "LayoutReport" } } });
  await ws.dispose();
  assert.equal((await fetch(`${server.url}/layout.schema.json`, { method: "POST" })).status, 405);
});

Deno.test("a generation keeps the version that it used, whatever becomes of the layout", async () => {
  await using server = await startServer();
  const { id } = await ask(server, SAVE, { input: { name: "Beds", layout: BEDS } });
  const paint = async (input: Record<string, unknown>) => {
    const { generate: { id, message } } = await generate(server.client, { ...SIZE, ...input });
    assert.ok(id, message);
    return id;
  };
  const retried = { savedLayout: { id }, idempotencyKey: "retried" };
  const first = await paint(retried);
  const sent = await paint({ layout: BEDS });
  await ask(server, UPDATE, { input: { id, layout: changed("desert") } });
  const second = await paint({ savedLayout: { id } });
  const old = await paint({ savedLayout: { id, version: 1 } });
  assert.equal(await paint(retried), first);
  await ask(server, DELETE, { id });
  assert.equal(await paint(retried), first);

  const pictures: Uint8Array[] = [];
  for (const generation of [first, sent, second, old]) {
    const { image, error } = await finish(server.client, generation);
    assert.equal(error, null);
    pictures.push(await server.client.picture(image?.url ?? ""));
  }
  const query = `query ($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Generation {
        layout { json }
        savedLayout { version layout { json } savedLayout { id name deletedAt } }
      }
    }
  }`;
  interface Node {
    readonly layout: { readonly json: unknown };
    readonly savedLayout:
      | { readonly version: number; readonly layout: unknown; readonly savedLayout: Saved }
      | null;
  }
  const { nodes } = await server.client.request<{ nodes: Node[] }>(query, { ids: [first, sent, second, old] });
  assert.deepEqual(nodes.map((node) => node.savedLayout?.version ?? null), [1, null, 2, 1]);
  for (const node of nodes) {
    if (node.savedLayout === null) continue;
    assert.deepEqual(node.savedLayout.layout, node.layout);
    assert.equal(node.savedLayout.savedLayout.id, id);
    assert.ok(node.savedLayout.savedLayout.deletedAt !== null);
  }
  assert.deepEqual(nodes[0]?.layout, nodes[1]?.layout);

  // A picture's file says where its layout came from.
  const requests = pictures.map((picture) => JSON.parse(readText(picture)["parterre"] ?? ""));
  const version = id.split(":")[1];
  assert.deepEqual(requests.map(({ savedLayout }) => savedLayout), [
    { id: version, version: 1 },
    null,
    { id: version, version: 2 },
    { id: version, version: 1 },
  ]);
});

Deno.test("a saved layout that cannot be painted is refused with its field, value and rule", async (t) => {
  await using server = await startServer();
  const { id } = await ask(server, SAVE, { input: { name: "Beds", layout: BEDS } });
  const unknown = "SavedLayout:00000000-0000-7000-8000-000000000000";
  const deleted = await ask(server, SAVE, { input: { name: "Gone", layout: BEDS } });
  await ask(server, DELETE, { id: deleted.id });
  const refuses = (name: string, input: Record<string, unknown>, field: string, rule: RegExp) =>
    t.step(name, async () => {
      const { generate: { __typename, problems } } = await generate(server.client, { ...SIZE, ...input });
      assert.equal(__typename, "InvalidInputError");
      assert.deepEqual(problems.map((problem) => problem.field), [field]);
      assert.match(problems[0]?.rule ?? "", rule);
    });

  await refuses("none", {}, "input.layout", /^must be set if savedLayout is not$/);
  await refuses("both", { layout: BEDS, savedLayout: { id } }, "input.savedLayout", /^must not be set if layout is$/);
  await refuses(
    "unknown",
    { savedLayout: { id: unknown } },
    "input.savedLayout.id",
    /must be the id of a saved layout/,
  );
  await refuses("deleted", { savedLayout: { id: deleted.id } }, "input.savedLayout.id", /must not be deleted/);
  for (const version of [0, 2, -1]) {
    const input = { savedLayout: { id, version } };
    await refuses(`version ${version}`, input, "input.savedLayout.version", /^must be from 1 to 1$/);
  }
  await t.step("a dry run takes saved layouts too", async () => {
    const query = `query ($input: ValidateLayoutInput!) {
      validateLayout(input: $input) { ... on LayoutReport { regions { name } } ... on Error { message } }
    }`;
    const dryRun = async (savedLayout: unknown) =>
      (await server.client.request<{ validateLayout: unknown }>(query, { input: { savedLayout } })).validateLayout;
    assert.deepEqual(await dryRun({ id }), { regions: [{ name: "sea" }, { name: "wood" }] });
    assert.match(JSON.stringify(await dryRun({ id: unknown })), /input.savedLayout.id: must be the id of a saved/);
  });
});

Deno.test("limits that were lowered since a layout was saved are told of where it is used", async () => {
  const dataFolder = await Deno.makeTempDir({ prefix: "parterre-test-" });
  try {
    let id: string;
    {
      await using server = await startServer({ dataFolder });
      ({ id } = await ask(server, SAVE, { input: { name: "Beds", layout: BEDS } }));
    }
    await using server = await startServer({ dataFolder, environment: { PARTERRE_MAX_REGIONS: "1" } });
    const { generate: { problems } } = await generate(server.client, { ...SIZE, savedLayout: { id } });
    assert.deepEqual(problems.map(({ field, value }) => [field, value]), [["input.savedLayout.regions", "2"]]);
  } finally {
    await Deno.remove(dataFolder, { recursive: true });
  }
});
