/** Copies of a data folder that is worked on, and what is made of them. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { backUp, BackupError, restore, verify } from "../../store/backup.ts";
import { openStore } from "../../store/open.ts";
import { PICTURE, requestFor } from "../jobs/requests.ts";

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-backup-" });
  try {
    await body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Paints a picture of one byte. */
async function paint({ queue, work, assets }: Awaited<ReturnType<typeof openStore>>, byte: number): Promise<string> {
  const { generation: { id } } = await queue.enqueue(requestFor(`${byte}`));
  const claim = await work.claim("worker", 60_000);
  const { key } = await assets.put(new Uint8Array([byte]), { contentType: "image/png" });
  await work.complete(id, claim?.token ?? 0, {
    image: { ...PICTURE, assetKey: key, sha256: key, bytes: 1 },
    metrics: null,
  });
  return id;
}

Deno.test("a copy that is made while pictures are painted is sound, and goes on as a data folder", () =>
  inFolder(async (folder) => {
    const [data, copy, restored] = ["data", "copy", "restored"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const store = await openStore(data);
    const before = [];
    for (let i = 0; i < 5; i++) before.push(await paint(store, i));
    let going = true;
    const painting = (async () => {
      for (let i = 5; going; i++) await paint(store, i % 256);
    })();
    const verdict = await backUp(data, copy);
    going = false;
    await painting;
    await store.close();
    assert.deepEqual(verdict.problems, []);
    assert.ok(verdict.generations >= 5 && verdict.assets >= 5);

    assert.deepEqual((await restore(copy, restored)).problems, []);
    const again = await openStore(restored);
    for (const id of before) {
      const image = (await again.generations.get(id))?.image;
      assert.notEqual(await again.assets.get(image?.assetKey ?? ""), null);
    }
    await again.close();
  }));

Deno.test("damage is found: files that are missing or changed, and a broken database", () =>
  inFolder(async (folder) => {
    const data = join(folder, "data");
    const store = await openStore(data);
    for (let i = 0; i < 3; i++) await paint(store, i);
    await store.close();
    assert.deepEqual(await verify(data), { problems: [], generations: 3, assets: 3 });
    const [first, second] = [...Deno.readDirSync(join(data, "assets"))].filter(({ name }) =>
      /^[0-9a-f]{64}$/.test(name)
    );
    Deno.removeSync(join(data, "assets", first?.name ?? ""));
    Deno.writeFileSync(join(data, "assets", second?.name ?? ""), new Uint8Array([99]));
    const { problems } = await verify(data);
    assert.deepEqual(
      [...problems].sort(),
      [`the file ${first?.name} is missing`, `the file ${second?.name} was changed`].sort(),
    );
    await assert.rejects(restore(data, join(folder, "new")), BackupError);
  }));

Deno.test("nothing is overwritten", () =>
  inFolder(async (folder) => {
    const [data, copy] = [join(folder, "data"), join(folder, "copy")];
    await assert.rejects(backUp(data, copy), /holds no parterre.sqlite/);
    await (await openStore(data)).close();
    await backUp(data, copy);
    await assert.rejects(backUp(data, copy), /must be empty/);
    await assert.rejects(restore(copy, data), /must be empty/);
  }));

Deno.test("copies of a database are left to its own tools, in words", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", "cli/backup.ts", "verify"],
    cwd: new URL("../../", import.meta.url),
    env: {
      PARTERRE_DATABASE: "postgres://u:p@127.0.0.1:1/x",
      PARTERRE_ASSETS: "s3://x",
      AWS_ACCESS_KEY_ID: "me",
      AWS_SECRET_ACCESS_KEY: "me",
    },
  }).output();
  assert.equal(code, 1);
  assert.match(new TextDecoder().decode(stderr), /PARTERRE_DATABASE is set: copy that with pg_dump/);
});
