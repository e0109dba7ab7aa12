/** Checkpoints as rows, where workers on many machines have no folder in common. */

import type { Kysely } from "kysely";
import type { Checkpoints } from "../../jobs/checkpoints.ts";
import type { StoreTables } from "./tables.ts";

/** Checkpoints in a database. */
export class SqlCheckpoints implements Checkpoints {
  readonly #db: Kysely<StoreTables>;

  constructor(db: Kysely<StoreTables>) {
    this.#db = db;
  }

  async save(id: string, token: number, name: string, bytes: Uint8Array): Promise<void> {
    await this.#db.insertInto("checkpoints").values({ generation_id: id, name, token, bytes })
      .onConflict((conflict) =>
        conflict.columns(["generation_id", "name"])
          .doUpdateSet(({ ref }) => ({ token: ref("excluded.token"), bytes: ref("excluded.bytes") }))
          .where("checkpoints.token", "<=", token)
      ).execute();
  }

  async latest(id: string): Promise<ReadonlyMap<string, Uint8Array>> {
    const rows = await this.#db.selectFrom("checkpoints").select(["name", "bytes"])
      .where("generation_id", "=", id).execute();
    return new Map(rows.map(({ name, bytes }) => [name, new Uint8Array(bytes)]));
  }

  async forget(id: string): Promise<void> {
    await this.#db.deleteFrom("checkpoints").where("generation_id", "=", id).execute();
  }

  async ids(): Promise<readonly string[]> {
    const rows = await this.#db.selectFrom("checkpoints").select("generation_id").distinct().execute();
    return rows.map((row) => row.generation_id);
  }
}
