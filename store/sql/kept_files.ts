/** When a stored file may go, by the uses and uploads that the database knows. */

import type { Kysely } from "kysely";
import type { AssetStore } from "../../assets/asset_store.ts";
import type { KeptFiles } from "../../assets/kept_files.ts";
import { isUsed } from "./asset_use_rows.ts";
import type { SqlEngine } from "./engine.ts";
import type { StoreTables } from "./tables.ts";

/** Files whose uses are rows in a database. */
export class SqlKeptFiles implements KeptFiles {
  readonly #db: Kysely<StoreTables>;
  readonly #assets: AssetStore;
  readonly #engine: SqlEngine;

  constructor(db: Kysely<StoreTables>, engine: SqlEngine, assets: AssetStore) {
    this.#db = db;
    this.#engine = engine;
    this.#assets = assets;
  }

  holding<T>(work: () => Promise<T>): Promise<T> {
    return this.#engine.holdingFiles(work);
  }

  has(asset: string): Promise<boolean> {
    return this.#assets.has(asset);
  }

  removeUnused(asset: string): Promise<void> {
    return this.#alone(async () => {
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
      await this.#alone(async () => {
        // Looked at again: it may have come into use since, and then stays.
        if (await isUsed(this.#db, asset)) return;
        await this.#db.deleteFrom("uploads").where("asset", "=", asset).where("owner", "=", owner)
          .where("at", "<", until).execute();
      });
      await this.removeUnused(asset);
    }
    return unused.length;
  }

  bytes(): Promise<number> {
    return this.#engine.bytesOfFiles(this.#db);
  }

  /** Does something while nobody is about to use a file. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#engine.holdingFiles(work, { alone: true });
  }
}
