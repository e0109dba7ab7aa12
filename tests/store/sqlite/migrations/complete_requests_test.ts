/** Generations that an earlier version accepted: they stay what they were, and their keys stand for them. */

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { GenerationRequest } from "../../../../jobs/request.ts";
import { MIGRATIONS } from "../../../../store/sqlite/migrations/migrations.ts";
import { openDatabase } from "../../../../store/sqlite/database.ts";
import { openStore } from "../../../../store/open.ts";
import { under } from "../../../jobs/requests.ts";
import { resolveOrThrow } from "../../../layout/random_layout.ts";

/** A request as version 0.1 of the schema stored it. */
const OLD = {
  format: "PNG",
  guidanceEnd: 1,
  guidanceScale: 7.5,
  guidanceStart: 0,
  height: 64,
  layout: {
    basePrompt: "a meadow (in spring:1.2)",
    commonPrompt: "photo",
    grid: { direction: "COLUMNS", ratios: "1,1" },
    holes: "BASE",
    negativePrompt: "",
    overlap: "NORMALIZE",
    regions: [
      {
        baseRatio: 0.2,
        end: 1,
        feather: 0,
        geometry: { cell: 0, kind: "CELL" },
        guidanceScale: null,
        name: "fox",
        negativePrompt: null,
        prompt: "a [red] fox",
        start: 0,
        weight: 1,
        z: 0,
      },
      {
        baseRatio: 0,
        end: 0.5,
        feather: 0.1,
        geometry: { kind: "POLYGON", points: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 0, y: 1 }] },
        guidanceScale: 5,
        name: "owl",
        negativePrompt: "blurry",
        prompt: "an owl",
        start: 0.25,
        weight: 2,
        z: 1,
      },
      {
        baseRatio: 0,
        end: 1,
        feather: 0,
        geometry: { height: 0.5, kind: "RECTANGLE", width: 0.5, x: 0.5, y: 0.5 },
        guidanceScale: null,
        name: "sea",
        negativePrompt: null,
        prompt: "sea",
        start: 0,
        weight: 1,
        z: 0,
      },
    ],
  },
  mode: "attention",
  model: "beds-256",
  previews: "linear",
  sampler: "euler",
  schedule: "model",
  seed: 5,
  steps: 4,
  width: 64,
} as const;

/** What it means today: the same fields in the language of today, its prompts read as they stand. */
const TODAY: GenerationRequest = {
  ...OLD,
  savedLayout: null,
  layout: resolveOrThrow({
    promptSyntax: "PLAIN",
    basePrompt: "a meadow (in spring:1.2)",
    commonPrompt: "photo",
    grid: { direction: "COLUMNS", ratios: "1,1" },
    regions: [
      { name: "fox", prompt: "a [red] fox", baseRatio: 0.2, geometry: { cell: 0 } },
      {
        name: "owl",
        prompt: "an owl",
        negativePrompt: "blurry",
        weight: 2,
        feather: 0.1,
        z: 1,
        start: 0.25,
        end: 0.5,
        guidanceScale: 5,
        geometry: { polygon: { points: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 0, y: 1 }] } },
      },
      { name: "sea", prompt: "sea", geometry: { rectangle: { x: 0.5, y: 0.5, width: 0.5, height: 0.5 } } },
    ],
  }),
};

/** Makes the database as it was before layouts were saved, with so many generations, each under the key of its number. */
async function oldDatabase(folder: string, count: number): Promise<void> {
  const path = join(folder, "parterre.sqlite");
  await (await openDatabase(path, MIGRATIONS.slice(0, 1))).destroy();
  const db = new DatabaseSync(path);
  const insert = db.prepare(`
    INSERT INTO generations (id, request, idempotency_key, status, attempts, created_at, step)
    VALUES (?, ?, ?, 'QUEUED', 0, 1, 0)`);
  db.exec("BEGIN");
  for (let i = 0; i < count; i++) insert.run(`id ${i}`, JSON.stringify({ ...OLD, seed: i }), `${i}`);
  // A request without regions and grid, the simplest there was.
  const plain = { ...OLD, layout: { ...OLD.layout, grid: null, regions: [] } };
  insert.run("plain", JSON.stringify(plain), "plain");
  db.exec("COMMIT");
  db.close();
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "parterre-old-"));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

Deno.test("every request of an earlier version reads as what it painted", () =>
  inFolder(async (folder) => {
    const count = 1234;
    await oldDatabase(folder, count);
    for (let opening = 0; opening < 2; opening++) {
      const { generations, close } = await openStore(folder);
      for (let i = 0; i < count; i++) {
        assert.deepEqual((await generations.get(`id ${i}`))?.request, { ...TODAY, seed: i }, `${i}`);
      }
      assert.deepEqual((await generations.get("plain"))?.request.layout, { ...TODAY.layout, grid: null, regions: [] });
      await close();
    }
  }));

Deno.test("an earlier key still stands for its generation; what came with it is not known any more", () =>
  inFolder(async (folder) => {
    await oldDatabase(folder, 3);
    const { queue, close } = await openStore(folder);
    for (const input of ["the input of the time", "another"]) {
      const again = await queue.enqueue({ ...TODAY, seed: 2 }, under("2", input));
      assert.deepEqual([again.created, again.generation.id], [false, "id 2"]);
    }
    await close();
  }));
