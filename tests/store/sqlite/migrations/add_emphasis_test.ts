/** Layouts of an earlier version read as what they painted: their weights multiplied, and nothing was restored. */

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { canonicalJson } from "../../../../jobs/canonical_json.ts";
import { addEmphasis } from "../../../../store/sqlite/migrations/add_emphasis.ts";
import { MIGRATIONS } from "../../../../store/sqlite/migrations/migrations.ts";
import { openDatabase } from "../../../../store/sqlite/database.ts";
import { openStore } from "../../../../store/open.ts";
import { resolveOrThrow } from "../../../layout/random_layout.ts";

Deno.test("saved layouts and requests without an emphasis have NO_NORM, and stay canonical", async () => {
  const folder = await mkdtemp(join(tmpdir(), "parterre-emphasis-"));
  const layout = resolveOrThrow({ basePrompt: "a (red:1.2) fox" });
  const { emphasis, ...older } = layout;
  assert.equal(emphasis, "NO_NORM");
  const request = { model: "m", seed: 1 };
  const path = join(folder, "parterre.sqlite");
  await (await openDatabase(path, MIGRATIONS.slice(0, MIGRATIONS.indexOf(addEmphasis)))).destroy();
  const db = new DatabaseSync(path);
  for (let i = 0; i < 3; i++) {
    db.prepare(
      "INSERT INTO layouts (id, name, folded_name, version, created_at, updated_at) VALUES (?, 'n', 'n', 1, 1, 1)",
    )
      .run(`l${i}`);
    db.prepare("INSERT INTO layout_versions VALUES (?, 1, 1, ?)").run(`l${i}`, canonicalJson(older));
    db.prepare(
      "INSERT INTO generations (id, lane, priority, request, status, attempts, created_at, step) VALUES (?, '', 0, ?, 'QUEUED', 0, 1, 0)",
    ).run(`g${i}`, canonicalJson({ ...request, layout: older }));
  }
  db.close();

  const { generations, layouts, close } = await openStore(folder);
  for (let i = 0; i < 3; i++) {
    assert.deepEqual((await layouts.version(`l${i}`))?.layout, layout);
    assert.deepEqual((await generations.get(`g${i}`))?.request, { ...request, layout });
  }
  await close();
  const after = new DatabaseSync(path);
  const stored = after.prepare("SELECT layout FROM layout_versions").all().map((row) => row["layout"]);
  assert.deepEqual(stored, new Array(3).fill(canonicalJson(layout)));
  after.close();
  await rm(folder, { recursive: true });
});
