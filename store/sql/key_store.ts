/** Keys, and the server's own secrets, in the database. */

import type { Kysely, Selectable } from "kysely";
import { hashSecret, type Key, type KeySpec, type KeyStore, newSecret } from "../../access/keys.ts";
import { uuidV7Source } from "../uuid_v7.ts";
import type { KeyTable, StoreTables } from "./tables.ts";

/** Keys in a database; other processes may create and revoke them meanwhile. */
export class SqlKeyStore implements KeyStore {
  readonly #db: Kysely<StoreTables>;
  readonly #now: () => number;
  readonly #newId: () => string;

  /** @param now The clock, in milliseconds since the epoch. */
  constructor(db: Kysely<StoreTables>, { now }: { readonly now: () => number }) {
    this.#db = db;
    this.#now = now;
    this.#newId = uuidV7Source(now);
  }

  async create({ name, scopes, limits, expiresAt }: KeySpec): Promise<{ readonly key: Key; readonly secret: string }> {
    const secret = newSecret();
    const row = await this.#db.insertInto("keys").values({
      id: this.#newId(),
      name,
      hash: hashSecret(secret),
      scopes: JSON.stringify(scopes),
      limits: JSON.stringify(limits),
      created_at: this.#now(),
      expires_at: expiresAt,
      revoked_at: null,
    }).returningAll().executeTakeFirstOrThrow();
    return { key: toKey(row), secret };
  }

  findBySecret(secret: string): Promise<Key | null> {
    return this.#find("hash", hashSecret(secret));
  }

  get(id: string): Promise<Key | null> {
    return this.#find("id", id);
  }

  async list(): Promise<readonly Key[]> {
    const rows = await this.#db.selectFrom("keys").selectAll().orderBy("created_at").orderBy("id").execute();
    return rows.map(toKey);
  }

  async revoke(id: string): Promise<Key | null> {
    await this.#db.updateTable("keys").set({ revoked_at: this.#now() })
      .where("id", "=", id).where("revoked_at", "is", null).execute();
    return await this.get(id);
  }

  async #find(column: "hash" | "id", value: string): Promise<Key | null> {
    const row = await this.#db.selectFrom("keys").selectAll().where(column, "=", value).executeTakeFirst();
    return row === undefined ? null : toKey(row);
  }
}

/** 32 random bytes that this database has under a name, made at the first question. */
export async function secretOf(db: Kysely<StoreTables>, name: string): Promise<Uint8Array> {
  await db.insertInto("secrets").values({ name, value: crypto.getRandomValues(new Uint8Array(32)) })
    .onConflict((conflict) => conflict.doNothing()).execute();
  return (await db.selectFrom("secrets").select("value").where("name", "=", name).executeTakeFirstOrThrow()).value;
}

function toKey(row: Selectable<KeyTable>): Key {
  const { id, name, created_at, expires_at, revoked_at } = row;
  return {
    id,
    name,
    scopes: JSON.parse(row.scopes),
    limits: JSON.parse(row.limits),
    createdAt: created_at,
    expiresAt: expires_at,
    revokedAt: revoked_at,
  };
}
