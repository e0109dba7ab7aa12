/** Who uploaded which file, in the database. */

import type { Kysely } from "kysely";
import type { UploadStore } from "../../assets/uploads.ts";
import type { StoreTables } from "./tables.ts";

/** Uploads in a database. */
export class SqlUploadStore implements UploadStore {
  readonly #db: Kysely<StoreTables>;
  readonly #now: () => number;

  /** @param now The clock, in milliseconds since the epoch. */
  constructor(db: Kysely<StoreTables>, { now }: { readonly now: () => number }) {
    this.#db = db;
    this.#now = now;
  }

  async note(asset: string, bytes: number, owner: string | null): Promise<{ readonly known: boolean }> {
    const row = { asset, owner: owner ?? "", bytes, at: this.#now() };
    for (;;) {
      const { numInsertedOrUpdatedRows = 0n } = await this.#db.insertInto("uploads").values(row)
        .onConflict((conflict) => conflict.doNothing()).executeTakeFirst();
      if (numInsertedOrUpdatedRows > 0n) return { known: false };
      const { numUpdatedRows } = await this.#db.updateTable("uploads").set({ at: row.at })
        .where("asset", "=", asset).where("owner", "=", row.owner).executeTakeFirst();
      if (numUpdatedRows > 0n) return { known: true };
      // It was forgotten in between.
    }
  }

  async forget(asset: string, owner: string | null): Promise<void> {
    await this.#db.deleteFrom("uploads").where("asset", "=", asset).where("owner", "=", owner ?? "").execute();
  }

  async isOf(asset: string, owner: string): Promise<boolean> {
    const upload = await this.#db.selectFrom("uploads").select("asset")
      .where("asset", "=", asset).where("owner", "=", owner).executeTakeFirst();
    if (upload !== undefined) return true;
    const picture = await this.#db.selectFrom("asset_uses")
      .innerJoin("generations", "generations.id", "asset_uses.user").select("asset")
      .where("asset", "=", asset).where("use", "in", ["PICTURE", "MASK"]).where("generations.owner", "=", owner)
      .limit(1).executeTakeFirst();
    return picture !== undefined;
  }
}
