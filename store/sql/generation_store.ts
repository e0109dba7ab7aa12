/** The records of generations in a database. */

import { isTerminal } from "../../jobs/generation.ts";
import type { Generation } from "../../jobs/generation.ts";
import type { DeleteOutcome, GenerationPage, GenerationStore, ListOptions } from "../../jobs/generation_store.ts";
import type { Idempotency } from "../../jobs/idempotency.ts";
import { forgetUses } from "./asset_use_rows.ts";
import type { Changes } from "./changes.ts";
import { findByKey, findGeneration, listGenerations, lockGeneration } from "./generation_queries.ts";
import { toGeneration } from "./generation_rows.ts";

/** Records in a database. */
export class SqlGenerationStore implements GenerationStore {
  readonly #changes: Changes;

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  async get(id: string): Promise<Generation | null> {
    const row = await findGeneration(this.#changes.db, id);
    return row === undefined ? null : toGeneration(row);
  }

  async findByKey(idempotency: Idempotency, owner: string | null): Promise<Generation | null> {
    const row = await findByKey(this.#changes.db, idempotency, owner);
    return row === undefined ? null : toGeneration(row);
  }

  list(options: ListOptions): Promise<GenerationPage> {
    return listGenerations(this.#changes.db, options);
  }

  async finished({ until, first }: { readonly until: number; readonly first: number }): Promise<readonly string[]> {
    const rows = await this.#changes.db.selectFrom("generations").select("id").where("completed_at", "<", until)
      .orderBy("completed_at").orderBy("ordinal").limit(first).execute();
    return rows.map(({ id }) => id);
  }

  delete(id: string): Promise<DeleteOutcome> {
    return this.#changes.make(async (change) => {
      const { db, told, dropped } = change;
      const row = await lockGeneration(change, id);
      if (row === undefined) return "NOT_FOUND";
      if (!isTerminal(row.status)) return "NOT_FINISHED";
      await forgetUses(db, id);
      await db.deleteFrom("generations").where("id", "=", id).execute();
      told.add(id);
      dropped.add(id);
      return "DELETED";
    });
  }
}
