/** A real disk that is full or read-only under a running server: what it says, what it keeps, and that it recovers. */

import { strict as assert } from "node:assert";
import { type ListeningServer, startChild, until } from "./child_server.ts";
import { finish, generate, SMALL } from "./server.ts";
import { cannotMount, smallDisk } from "../../tools/cluster/engines/small_disk.ts";

const refused = cannotMount();
if (refused !== undefined) {
  console.warn(`Left out: tests on a disk of their own, since none can be mounted here: ${refused}`);
  console.warn("What remains are tests/store/storage_error_test.ts and tests/jobs/runner_test.ts, on faults made up.");
}

async function ready({ url }: ListeningServer): Promise<{ status: number; checks: Record<string, { ok: boolean }> }> {
  const response = await fetch(`${url}/ready`);
  return { ...await response.json() as { checks: Record<string, { ok: boolean }> }, status: response.status };
}

/** Waits until `/ready` answers so. */
function readyIs(server: ListeningServer, status: number): Promise<Record<string, { ok: boolean }>> {
  return until(async () => {
    const { status: found, checks } = await ready(server);
    return found === status ? checks : undefined;
  }, server);
}

const SAVE = `mutation { saveLayout(input: { name: "x", layout: { basePrompt: "sea" } }) {
  __typename ... on StorageError { code message retryAfterSeconds }
} }`;

interface Answer {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
  readonly retryAfterSeconds?: number;
}

function upload({ url }: ListeningServer): Promise<Answer> {
  const form = new FormData();
  const query = `mutation ($file: File!) { uploadMask(file: $file) {
    __typename ... on StorageError { code message retryAfterSeconds }
  } }`;
  form.append("operations", JSON.stringify({ query, variables: { file: null } }));
  form.append("map", JSON.stringify({ 0: ["variables.file"] }));
  const png = Deno.readFileSync(new URL("../../docs/images/demo.png", import.meta.url));
  form.append("0", new Blob([png]), "mask.png");
  return fetch(`${url}/graphql`, { method: "POST", body: form, headers: { "graphql-preflight": "1" } })
    .then((response) => response.json()).then(({ data }) => data.uploadMask);
}

Deno.test({
  name: "a full disk is told as what it is, by typed errors, the log and /ready; the picture in work is not lost",
  ignore: refused !== undefined,
  fn: async () => {
    using disk = smallDisk(64);
    await using server = await startChild({ environment: { PARTERRE_DATA: disk.folder } });
    const { client } = server;
    await readyIs(server, 200);

    const { generate: { id } } = await generate(client, { ...SMALL, steps: 60 });
    const step = async () => {
      const { generation } = await client.request<{ generation: { step: number } }>(
        `query ($id: ID!) { generation(id: $id) { step } }`,
        { id },
      );
      return generation.step >= 2 ? true : undefined;
    };
    await until(step, server);
    disk.fill();

    const checks = await readyIs(server, 503);
    assert.deepEqual(checks.disk, { ok: false, reason: "the disk is full" });
    assert.equal(checks.models?.ok, true);
    const { generate: typed } = await client.request<{ generate: Answer }>(
      `mutation ($input: GenerateInput!) { generate(input: $input) {
        __typename ... on StorageError { code message retryAfterSeconds }
      } }`,
      { input: SMALL },
    );
    const full = {
      __typename: "StorageError",
      code: "STORAGE_FULL",
      message: "Cannot use the store: the disk is full",
      retryAfterSeconds: 30,
    };
    assert.deepEqual(typed, full);
    assert.deepEqual((await client.request<{ saveLayout: Answer }>(SAVE)).saveLayout, full);
    assert.deepEqual(await upload(server), full);
    const cancel = `mutation ($id: ID!) { cancelGeneration(id: $id) { __typename } }`;
    assert.deepEqual(await client.request(cancel, { id }), { cancelGeneration: { __typename: "StorageError" } });
    const list = await client.request<{ generations: { edges: unknown[] } }>("{ generations { edges { cursor } } }");
    assert.equal(list.generations.edges.length, 1, "reading goes on");

    await until(() => /Tries again to keep the picture/.test(server.output().stderr) || undefined, server);
    const { stderr } = server.output();
    assert.match(stderr, /database or disk is full/);
    assert.match(stderr, /ENOSPC/);
    assert.match(stderr, /Not ready: disk: the disk is full/);
    assert.doesNotMatch(stderr, /cannot rollback/);

    disk.clear();
    const finished = await finish(client, id);
    assert.equal(finished.status, "SUCCEEDED");
    const { generation } = await client.request<{ generation: { attempts: number } }>(
      `query ($id: ID!) { generation(id: $id) { attempts } }`,
      { id },
    );
    assert.equal(generation.attempts, 1, "it was painted once");
    assert.ok((await client.picture(finished.image?.url ?? "")).length > 0);
    await readyIs(server, 200);
    assert.equal((await generate(client, SMALL)).generate.__typename, "Generation");
  },
});

Deno.test({
  name: "a disk that becomes read-only is told as that, and what was accepted is painted afterwards",
  ignore: refused !== undefined,
  fn: async () => {
    using disk = smallDisk(64);
    await using server = await startChild({ environment: { PARTERRE_DATA: disk.folder, PARTERRE_PRELOAD: "none" } });
    const { client } = server;
    // Open files keep a disk from becoming read-only, so the folder of pictures takes its place.
    const assets = `${disk.folder}/assets`;
    const bind = (...args: string[]) => {
      const { success, stderr } = new Deno.Command("mount", { args, stderr: "piped" }).outputSync();
      assert.ok(success, new TextDecoder().decode(stderr));
    };
    bind("--bind", assets, assets);
    try {
      bind("-o", "remount,ro,bind", assets);
      const { code } = await upload(server);
      assert.equal(code, "STORAGE_READ_ONLY");
      const { generate: { id } } = await generate(client, SMALL);
      await until(() => /Tries again to keep the picture/.test(server.output().stderr) || undefined, server);
      assert.match(server.output().stderr, /EROFS/);
      bind("-o", "remount,rw,bind", assets);
      assert.equal((await finish(client, id)).status, "SUCCEEDED");
    } finally {
      new Deno.Command("umount", { args: ["-l", assets] }).outputSync();
    }
  },
});
