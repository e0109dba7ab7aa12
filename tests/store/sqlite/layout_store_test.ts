/** Saved layouts in a file, when their process is killed. */

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../../store/open.ts";

Deno.test("kill -9 in the middle of saving: all that was answered is there, and no version is missing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "parterre-layouts-"));
  try {
    const saver = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL("./layout_saver.ts", import.meta.url).pathname, folder],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    let text = "", killed = false;
    for await (const chunk of saver.stdout.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (killed || text.split("\n").length <= 30) continue;
      saver.kill("SIGKILL");
      killed = true;
    }
    assert.equal((await saver.status).signal, "SIGKILL");
    const said = text.split("\n").slice(0, -1).map((line): { id: string; version: number } => JSON.parse(line));
    assert.ok(said.length >= 30);

    const { layouts, close } = await openStore(folder);
    for (const { id, version } of said) {
      assert.equal((await layouts.version(id, version))?.layout.basePrompt, `version ${version}`);
    }
    const { items } = await layouts.list({ first: 100 });
    for (const { saved: { id, version } } of items) {
      const kept = (await layouts.versions(id, { first: 1000 })).items;
      assert.deepEqual(kept.map((v) => v.version), Array.from({ length: version }, (_, i) => version - i));
    }
    await close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
