/** Checkpoints as files. */

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CheckpointFiles } from "../../store/checkpoint_files.ts";
import { checkpointsConformance } from "../jobs/checkpoints_conformance.ts";

async function inFolder() {
  const folder = await mkdtemp(join(tmpdir(), "parterre-checkpoints-"));
  return {
    folder,
    checkpoints: new CheckpointFiles(join(folder, "checkpoints")),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

checkpointsConformance("files", inFolder);

Deno.test("only the latest file of each name is left, and nothing that was not finished", async () => {
  await using backend = await inFolder();
  const { folder, checkpoints } = backend;
  for (const token of [1, 1, 2, 12]) await checkpoints.save("one", token, "state", new Uint8Array(100));
  await checkpoints.save("one", 3, "state", new Uint8Array(100));
  assert.deepEqual(await readdir(join(folder, "checkpoints", "one")), ["state.12"]);
});

Deno.test("ids and names that are no file's name are refused", async () => {
  await using backend = await inFolder();
  const { checkpoints } = backend;
  for (const name of ["..", "a/b", "", ".state", "a.1"]) {
    await assert.rejects(checkpoints.save("one", 1, name, new Uint8Array()), RangeError, name);
    await assert.rejects(checkpoints.latest(name), RangeError, name);
    await assert.rejects(checkpoints.forget(name), RangeError, name);
  }
});

Deno.test("folders, links and files that are no checkpoints are none of its ids, so that nobody removes them", async () => {
  await using backend = await inFolder();
  const { folder, checkpoints } = backend;
  const own = join(folder, "checkpoints");
  await checkpoints.save("one", 1, "state", new Uint8Array(3));
  await Deno.writeFile(join(own, "one", `.${crypto.randomUUID()}`), new Uint8Array(3));
  await Deno.mkdir(join(own, "notes"));
  await Deno.writeTextFile(join(own, "notes", "read me.txt"), "mine");
  await checkpoints.save("mixed", 1, "state", new Uint8Array(3));
  await Deno.writeTextFile(join(own, "mixed", ".profile"), "mine");
  await Deno.writeTextFile(join(own, "README"), "mine");
  await Deno.symlink(join(own, "one"), join(own, "link"));
  assert.deepEqual(await checkpoints.ids(), ["one"]);
});

Deno.test(
  "pipes, links, folders and files without end are not read",
  { ignore: Deno.build.os === "windows" },
  async () => {
    await using backend = await inFolder();
    const { folder, checkpoints } = backend;
    await checkpoints.save("one", 3, "state", new Uint8Array(3));
    const own = join(folder, "checkpoints", "one");
    assert.ok((await new Deno.Command("mkfifo", { args: [join(own, "state.9")] }).output()).success);
    await Deno.symlink("/dev/zero", join(own, "picture-0.9"));
    await Deno.mkdir(join(own, "picture-1.9"));
    assert.deepEqual(await checkpoints.latest("one"), new Map([["state", new Uint8Array(3)]]));
    await Deno.truncate(join(own, "state.3"), 2 ** 32); // no disk holds it
    await assert.rejects(checkpoints.latest("one"), /more than/);
    await checkpoints.forget("one");
    assert.deepEqual(await checkpoints.ids(), []);
  },
);
