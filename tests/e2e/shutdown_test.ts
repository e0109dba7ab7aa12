/** A server that is told to end, at any moment: it ends within 8 s, with exit code 0, and loses nothing. */

import { strict as assert } from "node:assert";
import { openStore } from "../../store/open.ts";
import { type ChildServer, type ListeningServer, spawnChild, startChild, until } from "./child_server.ts";
import { generate, SMALL } from "./server.ts";

/** The longest end, in milliseconds: containers' engines wait 10 s. */
const LONGEST_MS = 8000;

async function withFolder(body: (dataFolder: string) => Promise<void>): Promise<void> {
  const dataFolder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    await body(dataFolder);
  } finally {
    Deno.removeSync(dataFolder, { recursive: true });
  }
}

/** Sends a signal, and tells the exit code and the milliseconds until then. */
async function end(
  { process, ended, output }: ChildServer,
  signal: Deno.Signal = "SIGTERM",
): Promise<{ code: number; ms: number }> {
  const since = performance.now();
  process.kill(signal);
  const code = await ended;
  const ms = performance.now() - since;
  assert.ok(ms < LONGEST_MS, `it took ${ms} ms: ${output().stderr}`);
  return { code, ms };
}

/** A picture whose steps take long, in the middle of its first one. */
async function largePicture(server: ListeningServer): Promise<string> {
  const { generate: { id, message } } = await generate(server.client, { ...SMALL, width: 1024, height: 1024 });
  assert.ok(id, message);
  const query = `query ($id: ID!) { generation(id: $id) { status step error { message } } }`;
  const look = () => server.client.request<{ generation: { status: string } }>(query, { id });
  await until(async () => (await look()).generation.status === "RUNNING" ? true : undefined, server);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.deepEqual(await look(), { generation: { status: "RUNNING", step: 0, error: null } });
  return id.slice("Generation:".length);
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`on ${signal} a step that takes long is ended, and its generation waits again with no attempt counted`, () =>
    withFolder(async (dataFolder) => {
      await using server = await startChild({ environment: { PARTERRE_DATA: dataFolder, PARTERRE_PRELOAD: "none" } });
      const id = await largePicture(server);
      const { code } = await end(server, signal);
      assert.equal(code, 0);

      const store = await openStore(dataFolder);
      const { status, attempts } = await store.generations.get(id) ?? {};
      const events = await store.events.read(id, 0);
      await store.close();
      assert.deepEqual({ status, attempts }, { status: "QUEUED", attempts: 0 });
      const reasons = events.flatMap((event) => event.type === "STATUS" ? [event.reason] : []);
      assert.deepEqual(reasons, [null, null, "the worker shut down"]);
    }));
}

Deno.test("an idle server ends at once", () =>
  withFolder(async (dataFolder) => {
    await using server = await startChild({ environment: { PARTERRE_DATA: dataFolder, PARTERRE_PRELOAD: "none" } });
    const { code, ms } = await end(server);
    assert.equal(code, 0);
    assert.ok(ms < 2500, `it took ${ms} ms`);
  }));

Deno.test("a server ends while it loads a model, and while a client never finishes its request", () =>
  withFolder(async (dataFolder) => {
    await using server = await startChild({ environment: { PARTERRE_DATA: dataFolder } });
    const { hostname, port } = new URL(server.url);
    using client = await Deno.connect({ hostname, port: Number(port) });
    await client.write(new TextEncoder().encode("POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"));
    const { code } = await end(server);
    assert.equal(code, 0);
  }));

Deno.test("a server that does not listen yet ends at once", () =>
  withFolder(async (dataFolder) => {
    await using server = spawnChild({ environment: { PARTERRE_DATA: dataFolder } });
    // The lock is one of the first things that the program makes.
    await until(() => {
      try {
        return Deno.statSync(`${dataFolder}/lock`);
      } catch {
        return undefined;
      }
    }, server);
    const { code } = await end(server);
    assert.equal(code, 0);
  }));

/** Waits until a process catches SIGTERM: before its program runs, any signal ends it, and nothing is lost. */
async function hearsSignals(pid: number): Promise<void> {
  const SIGTERM = 1n << 14n;
  while (true) {
    const [, caught = "0"] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`)) ?? [];
    if ((BigInt(`0x${caught}`) & SIGTERM) !== 0n) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

Deno.test("a server ends also while its modules are loaded", () =>
  withFolder(async (dataFolder) => {
    for (const afterMs of [0, 100, 250]) {
      await using server = spawnChild({ environment: { PARTERRE_DATA: dataFolder } });
      await hearsSignals(server.process.pid);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      const { code, ms } = await end(server);
      assert.equal(code, 0, `after ${afterMs} ms`);
      assert.ok(ms < 5000, `it took ${ms} ms`);
    }
  }));

Deno.test("a second signal ends it at once", () =>
  withFolder(async (dataFolder) => {
    await using server = await startChild({ environment: { PARTERRE_DATA: dataFolder, PARTERRE_PRELOAD: "none" } });
    await largePicture(server);
    server.process.kill("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { code, ms } = await end(server, "SIGINT");
    assert.equal(code, 130, server.output().stderr);
    assert.ok(ms < 2000, `it took ${ms} ms`);
  }));
