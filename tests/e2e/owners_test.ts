/** What belongs to one key is not there for another, wherever the schema could show it. */

import { strict as assert } from "node:assert";
import { getNamedType, isInterfaceType, isObjectType } from "graphql";
import { createClient as createWsClient } from "graphql-ws";
import { EventSource } from "eventsource";
import { encodeImage } from "../../image/encode.ts";
import { schema } from "../../schema/index.ts";
import type { Scope } from "../../access/caller.ts";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { draw } from "../image/pictures.ts";
import { finish, generate, SMALL, startServer, type TestServer } from "./server.ts";

const ADMIN = "an-operators-key-of-more-than-32-characters";
const ENVIRONMENT = { PARTERRE_AUTH: "keys", PARTERRE_ADMIN_KEY: ADMIN };

function makeKey(
  { parterre }: TestServer,
  name: string,
  scopes: readonly Scope[] = ["read", "generate", "layouts"],
) {
  return parterre.services.keys.create({ name, scopes, limits: {}, expiresAt: null });
}

interface Answer {
  // deno-lint-ignore no-explicit-any
  readonly data: any;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** @param file For `input.file`, by the GraphQL multipart request specification. */
type Ask = (query: string, variables?: Record<string, unknown>, file?: Uint8Array<ArrayBuffer>) => Promise<Answer>;

function asker(url: string, secret: string): Ask {
  return async (query, variables = {}, file) => {
    const operations = JSON.stringify({ query, variables });
    const form = new FormData();
    form.set("operations", operations);
    form.set("map", JSON.stringify({ 0: ["variables.input.file"] }));
    if (file !== undefined) form.set("0", new File([file], "file"));
    const headers: Record<string, string> = { authorization: `Bearer ${secret}`, "graphql-preflight": "1" };
    if (file === undefined) headers["content-type"] = "application/json";
    const body = file === undefined ? operations : form;
    const response = await fetch(`${url}/graphql`, { method: "POST", headers, body });
    return await response.json();
  };
}

async function upload(url: string, secret: string, file: Uint8Array<ArrayBuffer>) {
  const form = new FormData();
  const query = "mutation ($file: File!) { uploadMask(file: $file) { ... on MaskAsset { id url alreadyStored } } }";
  form.set("operations", JSON.stringify({ query, variables: { file: null } }));
  form.set("map", JSON.stringify({ 0: ["variables.file"] }));
  form.set("0", new File([file], "mask.png"));
  const headers = { authorization: `Bearer ${secret}`, "graphql-preflight": "1" };
  const response = await fetch(`${url}/graphql`, { method: "POST", headers, body: form });
  return (await response.json()).data.uploadMask as { id: string; url: string; alreadyStored: boolean };
}

/** What Ann has: the ids of a finished picture, of a saved layout and its version, and of an uploaded mask. */
interface Belongings {
  readonly generation: string;
  readonly layout: string;
  readonly version: string;
  readonly mask: string;
}

/** How a field is asked for what is Ann's; by whom it is asked, and whether the answer shows it. */
type Row = (ask: Ask, ann: Belongings) => Promise<boolean>;

/** Fields that show nothing that belongs to anybody. */
const NOTHING_OWNED = "nothing owned";

const input = (more: Record<string, unknown>) => ({ width: 64, height: 64, steps: 1, ...more });
const withMask = (asset: string) => ({ regions: [{ prompt: "a", geometry: { mask: { asset } } }] });
const resolves = async (ask: Ask, field: string, type: string, given: Record<string, unknown>) => {
  const kind = type === "GenerateInput" ? "mutation" : "query";
  const { data } = await ask(`${kind} ($input: ${type}!) { answer: ${field}(input: $input) { __typename } }`, {
    input: given,
  });
  assert.ok(data, JSON.stringify(data));
  return data.answer.__typename !== "InvalidInputError";
};
const ADAPT = (field: string, type: string) =>
  `query ($input: ${type}!) { answer: ${field}(input: $input) { ... on AdaptedLayout { warnings { code } } } }`;
/** Whether the image of a mask was looked at. */
const seesMask = ({ data }: Answer) =>
  !data.answer.warnings.some(({ code }: { code: string }) => code === "MASK_NOT_SEEN");
/** Whether a mutation of an object finds it. */
const finds = async (ask: Ask, mutation: string, variables: Record<string, unknown>) => {
  const { data, errors } = await ask(mutation, variables);
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data.answer.__typename !== "NotFoundError";
};

/** One row for every field of the root; a field without a row fails the test. */
const ROWS: Readonly<Record<string, Row | typeof NOTHING_OWNED>> = {
  "Query.generation": async (ask, { generation }) =>
    (await ask("query ($id: ID!) { generation(id: $id) { id } }", { id: generation })).data.generation !== null,
  "Query.generations": async (ask, { generation }) => {
    const { data } = await ask("{ generations { edges { node { id } } } }");
    const listed = data.generations.edges.some((edge: { node: { id: string } }) => edge.node.id === generation);
    const after = generation.slice("Generation:".length);
    const { errors } = await ask("query ($after: String) { generations(after: $after) { edges { cursor } } }", {
      after,
    });
    assert.equal(errors === undefined, listed, "a cursor shows no more than the list");
    return listed;
  },
  "Query.node": async (ask, { generation, layout, version }) => {
    const query = "query ($id: ID!) { node(id: $id) { id } }";
    const answers = await Promise.all([generation, layout, version].map((id) => ask(query, { id })));
    const shown = answers.map(({ data }) => data?.node !== null);
    assert.equal(new Set(shown).size, 1);
    return shown[0] ?? false;
  },
  "Query.nodes": async (ask, { generation, layout, version }) => {
    const { data } = await ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {
      ids: [generation, layout, version],
    });
    return data.nodes.some((node: unknown) => node !== null);
  },
  "Query.layout": async (ask, { layout }) =>
    (await ask("query ($id: ID!) { layout(id: $id) { id } }", { id: layout })).data.layout !== null,
  "Query.layouts": async (ask) => (await ask("{ layouts { edges { node { id } } } }")).data.layouts.edges.length > 0,
  "Query.layoutDiff": (ask, { layout: id }) =>
    finds(ask, "query ($of: SavedLayoutInput!) { answer: layoutDiff(from: $of, to: $of) { __typename } }", {
      of: { id },
    }),
  "Query.validateLayout": async (ask, { layout: id, mask }) => {
    const saved = await resolves(ask, "validateLayout", "ValidateLayoutInput", input({ savedLayout: { id } }));
    assert.equal(
      await resolves(ask, "validateLayout", "ValidateLayoutInput", input({ layout: withMask(mask) })),
      saved,
    );
    return saved;
  },
  "Query.maskAsset": async (ask, { mask }) =>
    (await ask("query ($id: ID!) { maskAsset(id: $id) { id } }", { id: mask })).data.maskAsset !== null,
  "Query.importLayout": async (ask, { mask }) => {
    const text = "a BREAK b\nSteps: 1, RP Active: True, RP Divide mode: Mask";
    return seesMask(
      await ask(ADAPT("importLayout", "ImportLayoutInput"), {
        input: { parameters: { text, maskAsset: mask } },
      }),
    );
  },
  "Query.parsePrompt": async (ask, { mask }) =>
    seesMask(
      await ask(ADAPT("parsePrompt", "ParsePromptInput"), {
        input: { prompt: "a BREAK b", mode: "MASK", maskAsset: mask },
      }),
    ),
  "Query.exportLayout": (ask, { layout: id }) =>
    resolves(ask, "exportLayout", "ExportLayoutInput", { savedLayout: { id }, format: "REGIONAL_PROMPTER" }),
  "Query.loras": NOTHING_OWNED,
  "Query.model": NOTHING_OWNED,
  "Query.models": NOTHING_OWNED,
  "Query.runtime": NOTHING_OWNED,
  "Query.samplers": NOTHING_OWNED,
  "Query.workers": NOTHING_OWNED,
  "Mutation.generate": async (ask, { layout: id, mask }) => {
    const saved = await resolves(ask, "generate", "GenerateInput", input({ savedLayout: { id } }));
    assert.equal(await resolves(ask, "generate", "GenerateInput", input({ layout: withMask(mask) })), saved);
    const init = { steps: 2, layout: { basePrompt: "a" }, initImage: mask };
    assert.equal(await resolves(ask, "generate", "GenerateInput", init), saved);
    return saved;
  },
  "Mutation.regenerate": async (ask, { mask }) => {
    const geometry = { kind: "MASK", asset: mask };
    const record = { model: "beds-256", layout: { regions: [{ name: "r", prompt: "a", geometry }] }, format: "PNG" };
    const text = { parterre: JSON.stringify({ ...record, width: 64, height: 64, steps: 1, savedLayout: null }) };
    const picture = await encodeImage(draw(4, 4, 3, () => [1, 2, 3]), "PNG", { text });
    const query = `mutation ($input: RegenerateInput!) { regenerate(input: $input) { ... on InvalidInputError {
      problems { field } } } }`;
    const { data } = await ask(query, { input: { file: null } }, picture);
    // It is no whole record: whoever has the mask is told of what else is missing.
    const fields: readonly string[] = data.regenerate.problems.map(({ field }: { field: string }) => field);
    return !fields.some((field) => field.startsWith("input.file.layout.regions[0].geometry"));
  },
  "Mutation.reroll": (ask, { generation }) =>
    finds(ask, "mutation ($input: RerollInput!) { answer: reroll(input: $input) { __typename } }", {
      input: { generation, regions: ["none of these"] },
    }),
  "Mutation.cancelGeneration": (ask, { generation: id }) =>
    finds(ask, "mutation ($id: ID!) { answer: cancelGeneration(id: $id) { __typename } }", { id }),
  "Mutation.updateLayout": (ask, { layout: id }) =>
    finds(ask, 'mutation ($id: ID!) { answer: updateLayout(input: { id: $id, name: "hers" }) { __typename } }', { id }),
  "Mutation.duplicateLayout": (ask, { layout: id }) =>
    finds(ask, "mutation ($id: ID!) { answer: duplicateLayout(input: { id: $id }) { __typename } }", { id }),
  "Mutation.saveLayout": NOTHING_OWNED,
  "Mutation.uploadImage": NOTHING_OWNED, // the same files as those of masks
  "Mutation.uploadMask": NOTHING_OWNED, // whether another has the same file is a test of its own
  "Subscription.generationEvents": async (ask, { generation: id }) => {
    // Over the subscription's own transports below; a query document may not hold it.
    const { errors } = await ask("subscription ($id: ID!) { generationEvents(id: $id) { sequence } }", { id })
      .catch(() => ({ errors: undefined }));
    return errors === undefined;
  },
  // The last two end what the others look at.
  "Mutation.deleteLayout": (ask, { layout: id }) =>
    finds(ask, "mutation ($id: ID!) { answer: deleteLayout(id: $id) { __typename } }", { id }),
  "Mutation.deleteGeneration": (ask, { generation: id }) =>
    finds(ask, "mutation ($id: ID!) { answer: deleteGeneration(id: $id) { __typename } }", { id }),
};

Deno.test("every field of the root has a row in the table of owners, and every mutation a scope", () => {
  const fields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}).map((field) => ({ name: `${type?.name}.${field.name}`, field }))
  );
  assert.deepEqual(fields.map(({ name }) => name).sort(), Object.keys(ROWS).sort());
  for (const { name, field } of fields) {
    const { authScopes } = (field.extensions["pothosOptions"] ?? {}) as { authScopes?: unknown };
    if (name.startsWith("Mutation.")) assert.notEqual(authScopes, undefined, `${name} must name its scope`);
  }
});

Deno.test("every type with a global id has a row: objects of others cannot be loaded by it", () => {
  const node = schema.getType("Node");
  assert.ok(isInterfaceType(node));
  const types = schema.getPossibleTypes(node).map(({ name }) => name).sort();
  assert.deepEqual(types, ["Generation", "SavedLayout", "SavedLayoutVersion"], "then add its id to Query.node above");
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    // What leads from one object to another leads to objects of the same owner: these fields were looked at.
    for (const field of Object.values(type.getFields())) {
      const target = getNamedType(field.type).name;
      if (!types.includes(target) || ["Query", "Mutation"].includes(type.name)) continue;
      assert.ok(LEADS.includes(`${type.name}.${field.name}`), `${type.name}.${field.name} leads to ${target}`);
    }
  }
});

/** Fields that lead to an object with an owner. */
const LEADS: readonly string[] = [
  "CancelGenerationPayload.generation",
  "Generation.savedLayout",
  "GenerationCompletedEvent.generation",
  "GenerationEdge.node",
  "GenerationSnapshotEvent.generation",
  "Regeneration.generation",
  "Reroll.generation",
  "LayoutDiff.from",
  "LayoutDiff.to",
  "SavedLayout.atVersion",
  "SavedLayoutEdge.node",
  "SavedLayoutVersion.savedLayout",
  "SavedLayoutVersionEdge.node",
  "UpdateLayoutPayload.savedLayout",
];

Deno.test("what belongs to a key is there for it and for administrators, and for no other key", async (t) => {
  await using server = await startServer({ environment: ENVIRONMENT });
  const { secret: annsKey } = await makeKey(server, "Ann");
  const { secret: bensKey } = await makeKey(server, "Ben");
  const [ann, ben, admin] = [annsKey, bensKey, ADMIN].map((secret) => asker(server.url, secret)) as [Ask, Ask, Ask];
  const client = new GraphqlClient(server.url, annsKey);

  const file = await encodeImage(draw(8, 8, 3, (x) => x < 4 ? [0, 0, 0] : [255, 255, 255]), "PNG");
  const mask = await upload(server.url, annsKey, file);
  const saved = await ann(
    `mutation { saveLayout(input: { name: "beds", layout: { basePrompt: "ocean" } }) {
      ... on SavedLayout { id atVersion(version: 1) { id } } } }`,
  );
  const { generate: { id } } = await generate(client, { ...SMALL, steps: 1, idempotencyKey: "mine" });
  const { image } = await finish(client, id);
  const belongings: Belongings = {
    generation: id,
    layout: saved.data.saveLayout.id,
    version: saved.data.saveLayout.atVersion.id,
    mask: mask.id,
  };

  await t.step("images and previews: by header for the owner, by signed URL for whoever has it", async () => {
    const preview = `/previews/${id.slice("Generation:".length)}/4/64.webp`;
    const signed = image?.url ?? "";
    const plain = signed.split("?")[0] ?? "";
    const status = async (path: string, secret?: string) => {
      const headers: Record<string, string> = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
      const response = await fetch(server.url + path, { headers });
      await response.body?.cancel();
      return response.status;
    };
    for (const path of [plain, mask.url.split("?")[0] ?? "", preview]) {
      assert.equal(await status(path), 401, path);
      assert.equal(await status(path, "parterre_unknown"), 401, path);
      assert.equal(await status(path, bensKey), 404, path);
      assert.notEqual(await status(path, annsKey), 404, path);
      assert.notEqual(await status(path, ADMIN), 404, path);
    }
    assert.equal(await status(signed), 200);
    assert.equal(await status(mask.url), 200);
    assert.equal(await status(signed.replace(/images\/..../, "images/0000")), 401);
  });

  await t.step(
    "the same file of another key is another upload, and the same idempotency key another picture",
    async () => {
      assert.equal(mask.alreadyStored, false);
      assert.equal((await upload(server.url, annsKey, file)).alreadyStored, true);
      const own = await encodeImage(draw(8, 8, 3, () => [9, 9, 9]), "PNG");
      assert.equal((await upload(server.url, annsKey, own)).alreadyStored, false);
      assert.equal((await upload(server.url, bensKey, own)).alreadyStored, false, "tells nothing of Ann's");
      const bens = await generate(new GraphqlClient(server.url, bensKey), {
        ...SMALL,
        seed: 6,
        idempotencyKey: "mine",
      });
      assert.equal(bens.generate.__typename, "Generation");
      assert.notEqual(bens.generate.id, id);
    },
  );

  await t.step(
    "events: over SSE and WebSocket, with a key in the connection's payload, and by signed URL",
    async () => {
      const watch = "subscription ($id: ID!) { generationEvents(id: $id) { sequence } }";
      const overWs = async (secret: string) => {
        const url = `${server.url.replace("http", "ws")}/graphql`;
        const connectionParams = { authorization: `Bearer ${secret}` };
        const ws = createWsClient({ url, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
        try {
          for await (const { data, errors } of ws.iterate({ query: watch, variables: { id } })) {
            return errors === undefined && data !== undefined;
          }
          return false;
        } catch {
          return false;
        } finally {
          await ws.dispose();
        }
      };
      assert.deepEqual([await overWs(annsKey), await overWs(bensKey), await overWs("parterre_x")], [
        true,
        false,
        false,
      ]);
      const overSse = async (secret: string) => {
        try {
          for await (const _ of new GraphqlClient(server.url, secret).subscribe(watch, { id })) return true;
          return false;
        } catch {
          return false;
        }
      };
      assert.deepEqual([await overSse(annsKey), await overSse(bensKey), await overSse("x")], [true, false, false]);

      const { data } = await ann("query ($id: ID!) { generation(id: $id) { eventsUrl(after: 0) } }", { id });
      const source = new EventSource(server.url + data.generation.eventsUrl);
      const types: string[] = [];
      await new Promise<void>((resolve, reject) => {
        source.addEventListener("next", (event) => types.push(JSON.parse(event.data).data.generationEvents.__typename));
        source.addEventListener("complete", () => resolve());
        source.addEventListener("error", reject);
      });
      source.close();
      assert.equal(types[0], "GenerationSnapshotEvent");
      assert.equal(types.at(-1), "GenerationCompletedEvent");
    },
  );

  for (const [field, row] of Object.entries(ROWS)) {
    if (row === NOTHING_OWNED || field.startsWith("Subscription.")) continue;
    await t.step(field, async () => {
      assert.equal(await row(ben, belongings), false, "not for another key");
      assert.equal(await row(field === "Mutation.deleteLayout" ? ann : admin, belongings), true);
      if (!field.startsWith("Mutation.delete")) assert.equal(await row(ann, belongings), true);
    });
  }
});

Deno.test("a key may do what its scopes say, and a missing scope is FORBIDDEN", async () => {
  await using server = await startServer({ environment: ENVIRONMENT });
  const reader = asker(server.url, (await makeKey(server, "reader", ["read"])).secret);
  const painter = asker(server.url, (await makeKey(server, "painter", ["generate"])).secret);
  const code = ({ errors }: Answer) => errors?.[0]?.extensions?.code;
  const paint = 'mutation { generate(input: { layout: { basePrompt: "ocean" }, steps: 1 }) { __typename } }';
  const save = 'mutation { saveLayout(input: { name: "x", layout: {} }) { __typename } }';
  assert.equal(code(await reader("{ models { name } }")), undefined);
  assert.equal(code(await reader("{ workers { id } }")), "FORBIDDEN");
  const { data: { workers } } = await asker(server.url, ADMIN)("{ workers { models { name } painting { step } } }");
  assert.equal(workers.length, 1);
  assert.ok(workers[0].models.some(({ name }: { name: string }) => name === "beds-256"));
  assert.equal(code(await reader(paint)), "FORBIDDEN");
  assert.equal(code(await reader(save)), "FORBIDDEN");
  assert.equal(code(await painter(paint)), undefined);
  assert.equal(code(await painter("{ models { name } }")), "FORBIDDEN");
  assert.equal(code(await painter(save)), "FORBIDDEN");
});

Deno.test("without a key every transport refuses, GraphiQL can still be loaded, and a revoked key ends at once", async () => {
  await using server = await startServer({ environment: ENVIRONMENT });
  const query = { query: "{ __typename }" };
  const post = (headers: Record<string, string> = {}) =>
    fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(query),
    });
  const refused = await post();
  assert.deepEqual([refused.status, refused.headers.get("www-authenticate")], [401, "Bearer"]);
  assert.equal((await refused.json()).errors[0].extensions.code, "UNAUTHENTICATED");
  const get = await fetch(`${server.url}/graphql?query=%7B__typename%7D`);
  assert.equal((await get.text(), get.status), 401);
  const page = await fetch(`${server.url}/graphql`, { headers: { accept: "text/html" } });
  assert.equal((await page.text(), page.status), 200);

  const { key, secret } = await makeKey(server, "app");
  const authorization = `Bearer ${secret}`;
  const accepted = await post({ authorization });
  assert.equal((await accepted.text(), accepted.status), 200);
  await server.parterre.services.keys.revoke(key.id);
  const late = await post({ authorization });
  assert.match((await late.json()).errors[0].message, /was revoked/);
});

Deno.test("a key that is revoked while its WebSocket is open begins nothing more on it", async () => {
  await using server = await startServer({ environment: ENVIRONMENT });
  const { key, secret } = await makeKey(server, "app");
  const ws = createWsClient({
    url: `${server.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${secret}` },
    lazy: false,
  });
  const ask = async () => {
    for await (const { data } of ws.iterate({ query: "{ models { name } }" })) return data;
    return undefined;
  };
  assert.ok(await ask());
  await server.parterre.services.keys.revoke(key.id);
  await assert.rejects(ask(), (errors) => {
    assert.match(JSON.stringify(errors), /was revoked.*UNAUTHENTICATED/);
    return true;
  });
  await ws.dispose();
});

Deno.test("subscriptions that are open when their key is revoked end with the reason, and others go on", async () => {
  await using server = await startServer({ environment: ENVIRONMENT });
  const { key, secret } = await makeKey(server, "app");
  const other = await makeKey(server, "other");
  const follow = async (bearer: string) => {
    const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
    const post = (query: string, accept: string) =>
      fetch(`${server.url}/graphql`, {
        method: "POST",
        headers: { ...headers, accept },
        body: JSON.stringify({ query }),
      });
    const input = '{ layout: { basePrompt: "ocean" }, steps: 100 }';
    const accepted = await post(
      `mutation { generate(input: ${input}) { ... on Generation { id } } }`,
      "application/json",
    );
    const { data: { generate: { id } } } = await accepted.json();
    const answer = await post(`subscription { generationEvents(id: "${id}") { __typename } }`, "text/event-stream");
    const { body } = answer;
    assert.ok(body);
    const chunks = body.pipeThrough(new TextDecoderStream()).values();
    let text = "";
    while (!text.includes("GenerationSnapshotEvent")) text += (await chunks.next()).value ?? assert.fail(text);
    const rest = async () => {
      for await (const chunk of chunks) text += chunk;
      return text;
    };
    return { ended: rest() };
  };
  const [revoked, going] = await Promise.all([follow(secret), follow(other.secret)]);
  await server.parterre.services.keys.revoke(key.id);
  assert.match(await revoked.ended, /was revoked.*UNAUTHENTICATED.*\n\nevent: complete/s);
  assert.equal(await Promise.race([going.ended, Promise.resolve("open")]), "open");
});

Deno.test("limits are typed, with the time to wait in the answer and in Retry-After", async () => {
  const environment = { ...ENVIRONMENT, PARTERRE_MAX_ACTIVE: "1", PARTERRE_REQUESTS_PER_MINUTE: "4" };
  await using server = await startServer({ environment });
  const { secret } = await makeKey(server, "app");
  const post = (key: string) =>
    fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify({
        query: `mutation { generate(input: { layout: { basePrompt: "ocean" }, steps: 9 }) {
          __typename ... on LimitExceededError { limit value maximum retryAfterSeconds } } }`,
      }),
    });
  const accepted = await post(secret);
  assert.equal((await accepted.json()).data.generate.__typename, "Generation");
  assert.equal(accepted.headers.get("retry-after"), null);
  const refused = await post(secret);
  const { data: { generate: { retryAfterSeconds, ...error } } } = await refused.json();
  assert.deepEqual(error, { __typename: "LimitExceededError", limit: "ACTIVE", value: 2, maximum: 1 });
  assert.equal(refused.headers.get("retry-after"), String(Math.ceil(retryAfterSeconds)));
  for (let i = 0; i < 2; i++) await (await post(secret)).body?.cancel();
  const flood = await post(secret);
  const { errors: [{ extensions }] } = await flood.json();
  assert.equal(extensions.code, "TOO_MANY_REQUESTS");
  assert.equal(flood.status, 429);
  assert.equal(flood.headers.get("retry-after"), String(extensions.retryAfterSeconds));
  const other = await post((await makeKey(server, "other")).secret);
  assert.equal((await other.text(), other.status), 200, "another key is not held up");
});

Deno.test("a generation expires when its deadline passes before its turn, and its followers are told", async () => {
  await using server = await startServer();
  const first = await generate(server.client, { ...SMALL, steps: 40 });
  const second = await generate(server.client, { ...SMALL, seed: 6, expiresAfterSeconds: 0.01 });
  assert.equal((await finish(server.client, second.generate.id)).status, "EXPIRED");
  await server.client.request("mutation ($id: ID!) { cancelGeneration(id: $id) { __typename } }", {
    id: first.generate.id,
  });
  const refused = await generate(server.client, { ...SMALL, priority: 101, expiresAfterSeconds: -1 });
  assert.deepEqual(refused.generate.problems.map(({ field }) => field), [
    "input.priority",
    "input.expiresAfterSeconds",
  ]);
});
