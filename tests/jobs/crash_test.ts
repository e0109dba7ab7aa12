/** What a process that is killed leaves behind. */

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataFolderInUseError } from "../../store/folder_lock.ts";
import { openStore } from "../../store/open.ts";
import { rejection } from "./backend.ts";

interface Said {
  readonly accepted?: string;
  readonly claimed?: string;
  readonly attempts?: number;
}

/** Runs the worker, kills it with SIGKILL after so many lines, and returns all complete lines. */
async function killAfter(folder: string, lines: number, before?: () => Promise<void>): Promise<Said[]> {
  const worker = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("./crashing_worker.ts", import.meta.url).pathname, folder],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let text = "", killed = false;
  for await (const chunk of worker.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (killed || text.split("\n").length <= lines) continue;
    await before?.();
    worker.kill("SIGKILL");
    killed = true;
  }
  assert.equal((await worker.status).signal, "SIGKILL");
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "parterre-crash-"));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

Deno.test("kill -9 in the middle of a generation: all that was accepted is there, nothing is running", () =>
  inFolder(async (folder) => {
    const said = await killAfter(folder, 40);
    const accepted = said.flatMap((line) => line.accepted ?? []);
    const claimed = said.find((line) => line.claimed !== undefined)?.claimed ?? "";
    assert.ok(accepted.length >= 39);

    const { queue, generations, events, close } = await openStore(folder);
    for (const id of accepted) assert.equal((await generations.get(id))?.status, "QUEUED", id);
    assert.deepEqual(await queue.position(claimed), 0);
    assert.equal((await generations.get(claimed))?.attempts, 1);
    const log = await events.read(claimed, 0);
    assert.deepEqual(log.map((e) => e.sequence), log.map((_, i) => i + 1));
    const last = log.at(-1);
    assert.ok(last?.type === "STATUS" && last.status === "QUEUED" && last.reason?.includes("attempt 1 of 3"));
    await close();
  }));

Deno.test("kill -9 in every attempt: the generation fails and the next one is claimed", () =>
  inFolder(async (folder) => {
    const claims: Said[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      claims.push(...(await killAfter(folder, 4)).filter((line) => line.claimed !== undefined));
    }
    const id = claims[0]?.claimed ?? "";
    assert.deepEqual(claims.map((c) => [c.claimed, c.attempts]), [[id, 1], [id, 2], [id, 3]]);

    const { queue, work, generations, events, close } = await openStore(folder);
    assert.equal((await generations.get(id))?.status, "FAILED");
    assert.equal((await generations.get(id))?.error?.code, "WORKER_LOST");
    assert.equal((await events.read(id, 0)).at(-1)?.type, "COMPLETED");
    assert.deepEqual((await queue.stats()).running, 0);
    assert.notEqual((await work.claim("worker", 1000))?.generation.id, id);
    await close();
  }));

Deno.test("a second process cannot open the folder of a living one, and can once that is killed", () =>
  inFolder(async (folder) => {
    await killAfter(folder, 3, async () => {
      const error = await rejection(openStore(folder));
      assert.ok(error instanceof DataFolderInUseError);
      assert.equal(error.code, "DATA_FOLDER_IN_USE");
    });
    await (await openStore(folder)).close();
  }));
