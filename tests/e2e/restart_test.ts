/** A server that is killed, or told to end, in the middle of a picture, and started again. */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { finish, generate, picture, SMALL, startServer } from "./server.ts";

/** A server in a process of its own. */
async function spawnServer(dataFolder: string): Promise<{ url: string; end(signal: Deno.Signal): Promise<void> }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", fileURLToPath(new URL("../../main.ts", import.meta.url))],
    env: { PARTERRE_PORT: "0", PARTERRE_DATA: dataFolder },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let output = "";
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The server ended: ${output}`);
    output += value;
    const url = output.match(/http:\/\/\S+(?=\/graphql)/)?.[0];
    if (url === undefined) continue;
    return {
      url,
      end: async (signal) => {
        child.kill(signal);
        await child.status;
        await reader.cancel();
      },
    };
  }
}

/** Follows a generation until so many steps are done. */
async function untilStep(client: GraphqlClient, id: string, steps: number): Promise<void> {
  const watch = `subscription Watch($id: ID!) {
    generationEvents(id: $id, after: 0) { ... on GenerationProgressEvent { step } }
  }`;
  for await (
    const { generationEvents: { step } } of client.subscribe<{ generationEvents: { step?: number } }>(watch, { id })
  ) {
    if (step === steps) break;
  }
}

interface Status {
  readonly status: string;
  readonly reason: string | null;
}

/** What was told of a finished generation's statuses. */
async function statusesOf(client: GraphqlClient, id: string): Promise<readonly Status[]> {
  const log = `subscription Log($id: ID!) {
    generationEvents(id: $id, after: 0) { ... on GenerationStatusEvent { status reason } }
  }`;
  const statuses: Status[] = [];
  for await (
    const { generationEvents: { status, reason = null } } of client.subscribe<{ generationEvents: Partial<Status> }>(
      log,
      { id },
    )
  ) {
    if (status !== undefined) statuses.push({ status, reason });
  }
  return statuses;
}

Deno.test("a picture that was being painted when the process was killed is painted after the restart", async () => {
  const dataFolder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    const first = await spawnServer(dataFolder);
    const client = new GraphqlClient(first.url);
    const done = (await generate(client, SMALL)).generate.id;
    const before = await finish(client, done);
    const bytes = await client.picture(before.image?.url ?? "");
    const input = { ...SMALL, steps: 40 };
    const running = (await generate(client, input)).generate.id;
    const waiting = (await generate(client, SMALL)).generate.id;
    await untilStep(client, running, 3);
    await first.end("SIGKILL");

    await using second = await startServer({ dataFolder });
    assert.deepEqual(await finish(second.client, done), before, "what was finished is as it was");
    assert.deepEqual(await second.client.picture(before.image?.url ?? ""), bytes);
    assert.equal((await finish(second.client, running)).status, "SUCCEEDED");
    assert.equal((await finish(second.client, waiting)).status, "SUCCEEDED");
    const { generation } = await second.client.request<{ generation: { attempts: number; image: { url: string } } }>(
      `query Read($id: ID!) { generation(id: $id) { attempts image { url } } }`,
      { id: running },
    );
    assert.equal(generation.attempts, 2);
    assert.deepEqual(
      await second.client.picture(generation.image.url),
      await picture(second.client, input),
      "the second attempt is the picture that the first would have been",
    );
    const reasons = (await statusesOf(second.client, running)).filter(({ status }) => status === "QUEUED");
    assert.equal(reasons.length, 2);
    assert.match(reasons[1]?.reason ?? "", /attempt 1 of 3/);
  } finally {
    Deno.removeSync(dataFolder, { recursive: true });
  }
});

Deno.test("a picture that was being painted when the server was told to end is gone on with by the next one", async () => {
  const dataFolder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    const input = { ...SMALL, steps: 16, count: 2 };
    const first = await spawnServer(dataFolder);
    const client = new GraphqlClient(first.url);
    const { generate: { id } } = await generate(client, input);
    await untilStep(client, id, 18);
    await first.end("SIGTERM");

    await using second = await startServer({ dataFolder });
    assert.equal((await finish(second.client, id)).status, "SUCCEEDED");
    const statuses = await statusesOf(second.client, id);
    assert.deepEqual(statuses.map(({ status }) => status), [
      "QUEUED",
      "RUNNING",
      "QUEUED",
      "RUNNING",
      "RUNNING",
      "SUCCEEDED",
    ]);
    const [, after] = /^continues after step (\d+) of 32$/.exec(statuses[4]?.reason ?? "") ?? [];
    assert(Number(after) >= 18, statuses[4]?.reason ?? "no reason");
    const read = `query Read($id: ID!) { generation(id: $id) { attempts pictures { image { url } } } }`;
    const { generation } = await second.client.request<
      { generation: { attempts: number; pictures: readonly { image: { url: string } }[] } }
    >(read, { id });
    assert.equal(generation.attempts, 1);
    for (const [i, { image: { url } }] of generation.pictures.entries()) {
      const whole = await picture(second.client, { ...input, count: 1, seed: SMALL.seed + i });
      assert.deepEqual(await second.client.picture(url), whole, `picture ${i}`);
    }
  } finally {
    Deno.removeSync(dataFolder, { recursive: true });
  }
});
