/** Saved layouts in the database. */

import { type Kysely, type Selectable, sql, type Transaction } from "kysely";
import { InvalidInputError } from "../../errors.ts";
import { canonicalJson } from "../../jobs/canonical_json.ts";
import type { Layout } from "../../layout/layout.ts";
import {
  LayoutDeletedError,
  type LayoutListOptions,
  type LayoutPage,
  type LayoutStore,
  type LayoutUpdate,
  type LayoutVersion,
  type LayoutView,
  type SavedLayout,
  UnknownLayoutError,
  VersionConflictError,
  type VersionPage,
} from "../layouts.ts";
import { uuidV7Source } from "../uuid_v7.ts";
import { noteMasks } from "./asset_use_rows.ts";
import type { SqlEngine } from "./engine.ts";
import type { LayoutTable, LayoutVersionTable, StoreTables } from "./tables.ts";

/** Layouts in a database. */
export class SqlLayoutStore implements LayoutStore {
  readonly #db: Kysely<StoreTables>;
  readonly #engine: SqlEngine;
  readonly #now: () => number;
  readonly #newId: () => string;

  readonly #view: LayoutView;

  /**
   * @param now The clock, in milliseconds since the epoch.
   * @param newId Makes ids that sort by time.
   * @param view Whose layouts these are; default everybody's, and new ones belong to no key.
   */
  constructor(
    db: Kysely<StoreTables>,
    engine: SqlEngine,
    { now, newId = uuidV7Source(now) }: { readonly now: () => number; readonly newId?: () => string },
    view: LayoutView = { owner: null, only: undefined },
  ) {
    this.#db = db;
    this.#engine = engine;
    this.#now = now;
    this.#newId = newId;
    this.#view = view;
  }

  for(view: LayoutView): SqlLayoutStore {
    return new SqlLayoutStore(this.#db, this.#engine, { now: this.#now, newId: this.#newId }, view);
  }

  save(name: string, layout: Layout): Promise<SavedLayout> {
    const id = this.#newId();
    return this.#engine.transaction(this.#db, async (db) => {
      const now = this.#now();
      const row = await db.insertInto("layouts")
        .values({
          id,
          owner: this.#view.owner,
          name,
          folded_name: fold(name),
          version: 1,
          created_at: now,
          updated_at: now,
          deleted_at: null,
        })
        .returningAll().executeTakeFirstOrThrow();
      await noteMasks(db, layout, id);
      await insertVersion(db, id, 1, canonicalJson(layout), now);
      return toSavedLayout(row);
    });
  }

  update(id: string, update: LayoutUpdate): Promise<{ readonly saved: SavedLayout; readonly versionMade: boolean }> {
    const json = update.layout === undefined ? undefined : canonicalJson(update.layout);
    return this.#engine.transaction(this.#db, async (db) => {
      const row = await this.#require(db, id);
      if (row.deleted_at !== null) throw new LayoutDeletedError(id);
      const { expectedVersion = row.version, name = row.name } = update;
      if (expectedVersion !== row.version) throw new VersionConflictError(id, expectedVersion, row.version);

      const versionMade = json !== undefined && json !== (await findVersion(db, id, row.version))?.layout;
      if (!versionMade && name === row.name) return { saved: toSavedLayout(row), versionMade };
      const now = this.#now();
      const version = row.version + (versionMade ? 1 : 0);
      if (versionMade) {
        await insertVersion(db, id, version, json, now);
        if (update.layout !== undefined) await noteMasks(db, update.layout, id);
      }
      return { saved: await change(db, id, { name, folded_name: fold(name), version, updated_at: now }), versionMade };
    });
  }

  delete(id: string): Promise<SavedLayout> {
    return this.#engine.transaction(this.#db, async (db) => {
      const row = await this.#require(db, id);
      if (row.deleted_at !== null) return toSavedLayout(row);
      const now = this.#now();
      return change(db, id, { deleted_at: now, updated_at: now });
    });
  }

  async get(id: string): Promise<SavedLayout | null> {
    const row = await this.#find(this.#db, id);
    return row === undefined ? null : toSavedLayout(row);
  }

  async version(id: string, version?: number): Promise<LayoutVersion | null> {
    if (await this.#find(this.#db, id) === undefined) return null;
    const row = await findVersion(this.#db, id, version);
    return row === undefined ? null : toLayoutVersion(row);
  }

  async versions(id: string, { first, before }: { first: number; before?: number }): Promise<VersionPage> {
    checkFirst(first);
    if (await this.#find(this.#db, id) === undefined) return { items: [], hasNextPage: false };
    let query = this.#db.selectFrom("layout_versions").selectAll().where("layout_id", "=", id)
      .orderBy("version", "desc").limit(first + 1);
    if (before !== undefined) query = query.where("version", "<", before);
    const rows = await query.execute();
    return { items: rows.slice(0, first).map(toLayoutVersion), hasNextPage: rows.length > first };
  }

  async list({ first, after, name }: LayoutListOptions): Promise<LayoutPage> {
    checkFirst(first);
    // One more than asked for tells whether there is a next page.
    let query = this.#db.selectFrom("layouts").selectAll().where("deleted_at", "is", null)
      .orderBy("updated_at", "desc").orderBy("id", "desc").limit(first + 1);
    if (this.#view.only !== undefined) query = query.where("owner", "=", this.#view.only);
    if (name !== undefined) query = query.where(sql<boolean>`folded_name LIKE ${containing(fold(name))} ESCAPE '\\'`);
    if (after !== undefined) {
      const { updatedAt, id } = readCursor(after);
      query = query.where((e) =>
        e.or([e("updated_at", "<", updatedAt), e.and([e("updated_at", "=", updatedAt), e("id", "<", id)])])
      );
    }
    const rows = await query.execute();
    const items = rows.slice(0, first).map((row) => ({ cursor: cursorOf(row), saved: toSavedLayout(row) }));
    return { items, hasNextPage: rows.length > first };
  }

  /** A layout's row; undefined if there is none, or none in this view. */
  #find(db: Kysely<StoreTables>, id: string, { lock = false } = {}): Promise<LayoutRow | undefined> {
    const query = db.selectFrom("layouts").selectAll().where("id", "=", id).$if(lock, (all) => all.forUpdate());
    return (this.#view.only === undefined ? query : query.where("owner", "=", this.#view.only)).executeTakeFirst();
  }

  /** A layout's row, which nobody else changes until the transaction ends. */
  async #require(db: Transaction<StoreTables>, id: string): Promise<LayoutRow> {
    const row = await this.#find(db, id, { lock: this.#engine.rowLocks });
    if (row === undefined) throw new UnknownLayoutError(id);
    return row;
  }
}

type LayoutRow = Selectable<LayoutTable>;
type VersionRow = Selectable<LayoutVersionTable>;

async function change(db: Transaction<StoreTables>, id: string, columns: Partial<LayoutRow>): Promise<SavedLayout> {
  const row = await db.updateTable("layouts").set(columns).where("id", "=", id).returningAll()
    .executeTakeFirstOrThrow();
  return toSavedLayout(row);
}

async function insertVersion(
  db: Transaction<StoreTables>,
  id: string,
  version: number,
  layout: string,
  now: number,
): Promise<void> {
  await db.insertInto("layout_versions").values({ layout_id: id, version, layout, created_at: now }).execute();
}

function findVersion(db: Kysely<StoreTables>, id: string, version?: number): Promise<VersionRow | undefined> {
  let query = db.selectFrom("layout_versions").selectAll().where("layout_id", "=", id).orderBy("version", "desc");
  if (version !== undefined) query = query.where("version", "=", version);
  return query.limit(1).executeTakeFirst();
}

function toSavedLayout(row: LayoutRow): SavedLayout {
  const { id, name, version, created_at, updated_at, deleted_at } = row;
  return { id, name, version, createdAt: created_at, updatedAt: updated_at, deletedAt: deleted_at };
}

function toLayoutVersion({ layout_id, version, created_at, layout }: VersionRow): LayoutVersion {
  return { layoutId: layout_id, version, createdAt: created_at, layout: JSON.parse(layout) };
}

/** One spelling for names that people take for equal. Not left to the database: each folds other letters. */
function fold(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}

/** A pattern for LIKE: any text that contains this one. */
function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

function checkFirst(first: number): void {
  if (Number.isInteger(first) && first >= 1) return;
  throw new InvalidInputError("OUT_OF_RANGE", ["first"], first, "must be an integer of at least 1");
}

/** The position of a layout in the list, which a later change of it does not move. */
function cursorOf({ updated_at, id }: LayoutRow): string {
  return `${updated_at}:${id}`;
}

function readCursor(cursor: string): { readonly updatedAt: number; readonly id: string } {
  const [, updatedAt, id] = /^(\d{1,15}):([0-9a-f-]{36})$/.exec(cursor) ?? [];
  if (updatedAt !== undefined && id !== undefined) return { updatedAt: Number(updatedAt), id };
  throw new InvalidInputError("INVALID_VALUE", ["after"], cursor, "must be the cursor of a layout");
}
