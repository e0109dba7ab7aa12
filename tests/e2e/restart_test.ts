/** A server that is killed in the middle of a picture, and started again. */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { finish, generate, picture, SMALL, startServer } from "./server.ts";

/** A server in a process of its own. */
async function spawnServer(dataFolder: string): Promise<{ url: string; kill(): Promise<void> }> {
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
      kill: async () => {
        child.kill("SIGKILL");
        await child.status;
        await reader.cancel();
      },
    };
  }
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
    const watch = `subscription Watch($id: ID!) {
      generationEvents(id: $id, after: 0) { ... on GenerationProgressEvent { step } }
    }`;
    for await (
      const { generationEvents: { step } } of client.subscribe<{ generationEvents: { step?: number } }>(watch, {
        id: running,
      })
    ) {
      if (step === 3) break;
    }
    await first.kill();

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
    const reasons: (string | undefined)[] = [];
    const log = `subscription Log($id: ID!) {
      generationEvents(id: $id, after: 0) { ... on GenerationStatusEvent { status reason } }
    }`;
    for await (
      const { generationEvents: { status, reason } } of second.client.subscribe<
        { generationEvents: { status?: string; reason?: string } }
      >(log, { id: running })
    ) {
      if (status === "QUEUED") reasons.push(reason ?? undefined);
    }
    assert.equal(reasons.length, 2);
    assert.match(reasons[1] ?? "", /attempt 1 of 3/);
  } finally {
    Deno.removeSync(dataFolder, { recursive: true });
  }
});
