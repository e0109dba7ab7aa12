/** Servers and workers as one service: processes come and go, and clients see one that does not. */

import assert from "node:assert/strict";
import { generate } from "../e2e/server.ts";
import { type Member, startEngines } from "./cluster.ts";

const startCluster = await startEngines();

interface Event {
  readonly __typename: string;
  readonly sequence: number;
  readonly status?: string;
  readonly reason?: string | null;
  readonly step?: number;
  readonly image?: { readonly dataUrl: string };
  readonly generation?: {
    readonly status: string;
    readonly metrics: { readonly workers: number } | null;
    readonly image: { readonly url: string } | null;
  };
}

const WATCH = `subscription ($id: ID!, $after: Int) {
  generationEvents(id: $id, after: $after) {
    __typename sequence
    ... on GenerationStatusEvent { status reason }
    ... on GenerationProgressEvent { step }
    ... on GenerationPreviewEvent { image { dataUrl } }
    ... on GenerationCompletedEvent { generation { status metrics { workers } image { url } } }
  }
}`;

/** Collects a generation's events from one server, until the end or until it is gone. */
function watch({ client }: Member, id: string, after: number) {
  const events: Event[] = [];
  const waits: { readonly found: (event: Event) => boolean; readonly resolve: (event: Event) => void }[] = [];
  const collect = async () => {
    const results = client.subscribe<{ generationEvents: Event }>(WATCH, { id, after });
    for await (const { generationEvents: event } of results) {
      if (event.__typename === "GenerationSnapshotEvent") continue;
      events.push(event);
      for (const { found, resolve } of waits) if (found(event)) resolve(event);
    }
  };
  const over = collect().then(() => null, (error: unknown) => error);
  return {
    events,
    /** What ended it; null for the end of the generation. */
    over,
    until: (found: (event: Event) => boolean): Promise<Event> =>
      new Promise((resolve) => {
        const known = events.find(found);
        if (known === undefined) waits.push({ found, resolve });
        else resolve(known);
      }),
  };
}

interface Workers {
  readonly workers: readonly {
    readonly id: string;
    readonly models: readonly { readonly name: string; readonly loaded: boolean }[];
    readonly painting: { readonly generationId: string } | null;
    readonly aiding: string | null;
  }[];
}

async function workersOf({ client }: Member): Promise<Workers["workers"]> {
  return (await client.request<Workers>("{ workers { id models { name loaded } painting { generationId } aiding } }"))
    .workers;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** All events are there, once and in order, but for previews that a busy server came too late for. */
function assertWhole(events: readonly Event[]): void {
  let last: Event | undefined;
  for (const event of events) {
    const expected = (last?.sequence ?? 0) + 1;
    const preview = last?.__typename === "GenerationProgressEvent" ? 1 : 0;
    assert.ok(event.sequence === expected || event.sequence === expected + preview, `${event.sequence} at ${expected}`);
    last = event;
  }
  assert.equal(last?.__typename, "GenerationCompletedEvent");
}

/** The same picture in many steps, so that there is time to break something. */
const LONG = {
  model: "tiny-sd15",
  width: 64,
  height: 64,
  steps: 250,
  seed: 7,
  layout: { regions: [], basePrompt: "a" },
};

/** Two predictions a step that are worth sharing. */
const SHARED = { ...LONG, width: 192, height: 192, steps: 50, guidanceScale: 5 };

Deno.test("a picture is painted, watched and canceled across servers and workers, whoever dies", async (t) => {
  /** What comes after a failure would only wait for what never comes. */
  const step = async (name: string, body: () => Promise<void>) => assert.ok(await t.step(name, body), name);
  await using cluster = await startCluster();
  const [a, b] = await Promise.all([cluster.start("server"), cluster.start("server")]);
  const isOf = ({ process: { pid } }: Member, { id }: Workers["workers"][number]) =>
    id.split("-").includes(String(pid));
  const workers: Member[] = [];
  /** One more, which has said that it has the model in memory. */
  const addWorker = async () => {
    const worker = await cluster.start("worker", { PARTERRE_PRELOAD: LONG.model });
    workers.push(worker);
    const isReady = (one: Workers["workers"][number]) =>
      isOf(worker, one) && one.models.some(({ name, loaded }) => loaded && name === LONG.model);
    while (!(await workersOf(b)).some(isReady)) await pause(100);
  };
  await addWorker();
  /** The one that does what is looked for, once there is one; undefined if that never comes about. */
  const workerThat = async (does: (worker: Workers["workers"][number]) => boolean, over: Promise<unknown>) => {
    let found: Workers["workers"][number] | undefined;
    let isOver = false;
    over.then(() => isOver = true);
    while (found === undefined && !isOver) found = (await workersOf(b)).find(does);
    return workers.find((worker) => found !== undefined && isOf(worker, found));
  };
  const bytesOf = ({ events }: ReturnType<typeof watch>) =>
    b.client.picture(events.at(-1)?.generation?.image?.url ?? "");
  let alone: Uint8Array;

  await step("one worker paints a picture alone", async () => {
    const { generate: { id, message } } = await generate(a.client, SHARED);
    assert.ok(id, message);
    const watched = watch(b, id, 0);
    assert.equal(await watched.over, null);
    assert.equal(watched.events.at(-1)?.generation?.metrics?.workers, 1);
    alone = await bytesOf(watched);
  });

  await step("the workers announce themselves", async () => {
    await addWorker();
    assert.equal((await workersOf(b)).length, 2);
    const provider = async () =>
      (await a.client.request<{ runtime: { provider: string } }>("{ runtime { provider } }")).runtime.provider;
    while (await provider() === "none") await pause(100); // it looks every other second
    assert.equal(await provider(), "wasm");
  });

  await step("two workers paint one picture to the same bytes, also where one is killed", async () => {
    for (let [tries, helped] = [0, false]; !helped; tries++) {
      assert.ok(tries < 5, "nobody came in time");
      const { generate: { id, message } } = await generate(a.client, SHARED);
      assert.ok(id, message);
      const watched = watch(b, id, 0);
      const aide = await workerThat(({ aiding }) => aiding === id, watched.over);
      await watched.until(({ step = 0 }) => step >= 20);
      await aide?.kill();
      assert.equal(await watched.over, null);
      assert.deepEqual(await bytesOf(watched), alone);
      helped = watched.events.at(-1)?.generation?.metrics?.workers === 2;
      if (aide !== undefined) await addWorker();
    }
  });

  await step("a cancellation by one server stops what another accepted within a step or two", async () => {
    // Steps that take longer than what is recorded of them.
    const { generate: { id, message } } = await generate(a.client, { ...LONG, width: 256, height: 256 });
    assert.ok(id, message);
    const watched = watch(a, id, 0);
    await watched.until(({ step = 0 }) => step >= 3);
    const canceled = await b.client.request<{ cancelGeneration: { outcome: string } }>(
      "mutation ($id: ID!) { cancelGeneration(id: $id) { ... on CancelGenerationPayload { outcome } } }",
      { id },
    );
    assert.equal(canceled.cancelGeneration.outcome, "CANCELING");
    assert.equal(await watched.over, null);
    const at = watched.events.findIndex(({ status }) => status === "CANCELING");
    assert.ok(watched.events.slice(at).filter(({ step }) => step !== undefined).length <= 2, "steps after it");
    assert.equal(watched.events.at(-1)?.generation?.status, "CANCELED");
  });

  await step("a server and a worker die in the middle; the picture comes, and nobody misses an event", async () => {
    const { generate: { id, message } } = await generate(a.client, SHARED);
    assert.ok(id, message);
    const [here, there] = [watch(a, id, 0), watch(b, id, 0)];
    await there.until(({ image }) => image !== undefined);
    await here.until(({ step = 0 }) => step >= 3);
    await a.kill();
    assert.ok(await here.over, "its connection is lost");
    const resumed = watch(b, id, here.events.at(-1)?.sequence ?? 0);

    await (await workerThat(({ painting }) => painting?.generationId === id, there.over))?.kill();
    const lost = await there.until(({ reason }) => reason?.includes("lost") ?? false);
    assert.equal(lost.status, "QUEUED");
    assert.equal(await there.over, null);
    assert.equal(await resumed.over, null);

    for (const events of [there.events, [...here.events, ...resumed.events]]) {
      assertWhole(events);
    }
    assert.equal(there.events.at(-1)?.generation?.status, "SUCCEEDED");
    assert.deepEqual(await bytesOf(there), alone, "what was begun together is gone on with alone");
    while ((await workersOf(b)).length > 1) await pause(200); // the dead are forgotten
  });

  await t.step(
    "while Redis is away the server says so; what it accepts is painted; then all is as before",
    async () => {
      const ready = async () => {
        const response = await fetch(`${b.url}/ready`);
        return { status: response.status, redis: (await response.json()).checks.redis };
      };
      assert.deepEqual(await ready(), { status: 200, redis: { ok: true } });
      await cluster.redis.stop();
      await pause(1100); // an answer is good for a second
      assert.deepEqual(await ready(), { status: 503, redis: { ok: false, reason: "Redis does not answer" } });
      const { generate: { id, message } } = await generate(b.client, { ...LONG, steps: 4 });
      assert.ok(id, message);
      const watched = watch(b, id, 0);
      assert.equal(await watched.over, null);
      assert.equal(watched.events.at(-1)?.generation?.status, "SUCCEEDED");
      await cluster.redis.start();
      while ((await ready()).status !== 200) await pause(200);
      const again = await generate(b.client, { ...LONG, steps: 4 });
      const last = watch(b, again.generate.id, 0);
      assert.equal(await last.over, null);
      assert.equal(last.events.at(-1)?.generation?.status, "SUCCEEDED");
      assert.ok(last.events.some(({ image }) => image?.dataUrl.startsWith("data:image/webp")), "previews again");
    },
  );
});
