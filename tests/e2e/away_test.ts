/** A server whose database, and then its object store, goes away under load: what it says, what it keeps, and that it recovers. */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { startPostgres } from "../../tools/cluster/engines/postgres.ts";
import { startS3 } from "../../tools/cluster/engines/s3.ts";
import { until } from "../../tools/cluster/engines/service.ts";
import { finish, generate, SMALL, startServer } from "./server.ts";

const [postgres, s3] = await Promise.all([startPostgres(), startS3()]);

const MODELS = fileURLToPath(new URL("../fixtures/models", import.meta.url));

interface Report {
  readonly status: number;
  readonly checks: Record<string, { readonly ok: boolean; readonly reason?: string }>;
}

async function ready(url: string): Promise<Report> {
  const response = await fetch(`${url}/ready`);
  return { ...await response.json(), status: response.status };
}

/** What is in the way, by the reason, once `/ready` answers with this status. */
async function faults(url: string, status: number): Promise<Record<string, string>> {
  let report: Report | undefined;
  await until(async () => {
    report = await ready(url);
    assert.equal(report.status, status);
  }, 10_000);
  const bad = Object.entries(report?.checks ?? {}).filter(([, { ok }]) => !ok);
  return Object.fromEntries(bad.map(([name, { reason = "" }]) => [name, reason]));
}

Deno.test("a database and an object store that go away under load are named by /ready; every picture is painted once", async () => {
  const { endpoint, bucket, accessKeyId, secretAccessKey } = s3.createPlace();
  await using server = await startServer({
    environment: {
      PARTERRE_DATABASE: await postgres.createDatabase(),
      PARTERRE_ASSETS: `s3://${bucket}`,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      PARTERRE_MODELS: MODELS,
    },
  });
  const { client, url, parterre: { services } } = server;
  const ask = async (seed: number) => await generate(client, { ...SMALL, model: "tiny-sd15", steps: 4, seed });
  const ids: string[] = [];
  const enqueue = async () => ids.push((await ask(ids.length)).generate.id);
  for (let i = 0; i < 4; i++) await enqueue();
  assert.deepEqual(await faults(url, 200), {});

  await postgres.stop();
  assert.deepEqual(await faults(url, 503), { database: "it does not answer" });
  const { generate: refused } = await ask(99);
  assert.deepEqual([refused.__typename, refused.message], ["StorageError", "Cannot use the store: it does not answer"]);
  await postgres.start();
  assert.deepEqual(await faults(url, 200), {});

  for (let i = 0; i < 4; i++) await enqueue();
  const { image: first } = await finish(client, ids[0] ?? "");
  await s3.stop();
  const unreadable = await fetch(new URL(first?.url ?? "", url));
  assert.deepEqual([unreadable.status, unreadable.headers.has("retry-after")], [503, true]);
  await unreadable.body?.cancel();
  assert.deepEqual(await faults(url, 503), { assets: "it does not answer" });
  await enqueue(); // the records are there
  await s3.start();
  assert.deepEqual(await faults(url, 200), {});

  const finished = await Promise.all(ids.map((id) => finish(client, id)));
  for (const { status, image, error } of finished) {
    assert.equal(status, "SUCCEEDED", error?.message ?? "no error");
    const picture = await fetch(new URL(image?.url ?? "", url));
    assert.equal(picture.status, 200);
    await picture.body?.cancel();
  }
  for (const { id, attempts } of (await services.generations.list({ first: 99 })).items) {
    const told = (await services.events.read(id, 0)).filter(({ type }) => type === "COMPLETED");
    assert.deepEqual([told.length, attempts], [1, 1], id);
  }
});
