/** When a stored file may go, by the uses and uploads that the database knows. */

import { type Kysely, sql } from "kysely";
import type { AssetStore } from "../../assets/asset_store.ts";
import type { KeptFiles } from "../../assets/kept_files.ts";
import { Mutex } from "../../workers/mutex.ts";
import { isUsed } from "./asset_use_rows.ts";
import type { StoreTables } from "./tables.ts";

/** Files whose uses are rows in SQLite. */
export class SqliteKeptFiles implements KeptFiles {
  readonly #db: Kysely<StoreTables>;
  readonly #assets: AssetStore;
  readonly #turns = new Mutex();

  constructor(db: Kysely<StoreTables>, assets: AssetStore) {
    this.#db = db;
    this.#assets = assets;
  }

  holding<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(work);
  }

  has(asset: string): Promise<boolean> {
    return this.#assets.has(asset);
  }

  removeUnused(asset: string): Promise<void> {
    return this.#turns.run(async () => {
      const upload = await this.#db.selectFrom("uploads").select("asset").where("asset", "=", asset).limit(1)
        .executeTakeFirst();
      if (upload === undefined && !await isUsed(this.#db, asset)) await this.#assets.remove(asset);
    });
  }

  async forgetUploads(until: number): Promise<number> {
    const unused = await this.#db.selectFrom("uploads").select(["asset", "owner"]).where("at", "<", until)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom("asset_uses").select("use").whereRef("asset_uses.asset", "=", "uploads.asset")))
      ).execute();
    for (const { asset, owner } of unused) {
      await this.holding(async () => {
        // Looked at again: it may have come into use since, and then stays.
        if (await isUsed(this.#db, asset)) return;
        await this.#db.deleteFrom("uploads").where("asset", "=", asset).where("owner", "=", owner)
          .where("at", "<", until).execute();
      });
      await this.removeUnused(asset);
    }
    return unused.length;
  }

  async bytes(): Promise<number> {
    const { rows: [sum] } = await sql<{ readonly total: number | null }>`
      SELECT sum(bytes) AS total FROM (
        SELECT image ->> '$.assetKey' AS asset, image ->> '$.bytes' AS bytes FROM generations WHERE image IS NOT NULL
        UNION SELECT value ->> '$.assetKey', value ->> '$.bytes' FROM generations, json_each(more_images)
        UNION SELECT asset, bytes FROM uploads)`.execute(this.#db);
    return sum?.total ?? 0;
  }
}
