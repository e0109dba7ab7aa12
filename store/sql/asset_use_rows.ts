/** Which stored files generations and saved layouts use, as rows inside somebody's transaction. */

import type { Kysely, Transaction } from "kysely";
import type { Layout } from "../../layout/layout.ts";
import { maskUses } from "../../layout/masks/mask_uses.ts";
import type { AssetUseTable, StoreTables } from "./tables.ts";

/** Notes that a file is used; again is harmless. */
export async function noteUse(
  db: Transaction<StoreTables>,
  asset: string,
  use: AssetUseTable["use"],
  user: string,
): Promise<void> {
  await db.insertInto("asset_uses").values({ asset, use, user }).onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Notes the masks of a saved layout. */
export async function noteMasks(
  db: Transaction<StoreTables>,
  layout: Pick<Layout, "regions">,
  user: string,
): Promise<void> {
  for (const { asset } of maskUses(layout)) await noteUse(db, asset, "LAYOUT", user);
}

/** Forgets all that a generation used. */
export async function forgetUses(db: Transaction<StoreTables>, generationId: string): Promise<void> {
  await db.deleteFrom("asset_uses").where("user", "=", generationId).where("use", "in", ["PICTURE", "MASK"]).execute();
}

/** Whether anything uses a file. */
export async function isUsed(db: Kysely<StoreTables>, asset: string): Promise<boolean> {
  const use = await db.selectFrom("asset_uses").select("asset").where("asset", "=", asset).limit(1).executeTakeFirst();
  return use !== undefined;
}
