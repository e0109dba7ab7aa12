/** Saved layouts: named, with a version for every change. */

import { quote } from "../errors.ts";
import type { Layout } from "../layout/layout.ts";

/** A saved layout. Times are milliseconds since the Unix epoch. */
export interface SavedLayout {
  /** UUID version 7. */
  readonly id: string;
  /** Need not be unique. */
  readonly name: string;
  /** The latest version; versions count from 1. */
  readonly version: number;
  readonly createdAt: number;
  /** When it last got a version or another name, or was deleted. */
  readonly updatedAt: number;
  /** Null unless it was deleted. */
  readonly deletedAt: number | null;
}

/** What a saved layout said at one time; it never changes. */
export interface LayoutVersion {
  readonly layoutId: string;
  /** 1, 2, 3, ... */
  readonly version: number;
  readonly createdAt: number;
  readonly layout: Layout;
}

/** A change of a saved layout; what is absent stays. */
export interface LayoutUpdate {
  readonly name?: string;
  readonly layout?: Layout;
  /** The version that the change was made to. */
  readonly expectedVersion?: number;
}

/** Which saved layouts a page shows. */
export interface LayoutListOptions {
  /** At most so many, at least 1. */
  readonly first: number;
  /** The cursor of the last one of the page before. */
  readonly after?: string;
  /** Only those whose names contain this, whatever the case. */
  readonly name?: string;
}

/** Some saved layouts, each with the cursor that stands for its position. */
export interface LayoutPage {
  readonly items: readonly { readonly cursor: string; readonly saved: SavedLayout }[];
  readonly hasNextPage: boolean;
}

/** Some versions of a layout. */
export interface VersionPage {
  readonly items: readonly LayoutVersion[];
  readonly hasNextPage: boolean;
}

/** Whose layouts a store shows. */
export interface LayoutView {
  /** The key that new layouts belong to; null for none. */
  readonly owner: string | null;
  /** The owner whose layouts alone are there; undefined for everybody's. */
  readonly only: string | undefined;
}

/** Nothing is saved under this id. */
export class UnknownLayoutError extends Error {
  override readonly name = "UnknownLayoutError";
  readonly code = "UNKNOWN_LAYOUT";

  constructor(readonly layoutId: string) {
    super(`No saved layout has the id ${quote(layoutId)}`);
  }
}

/** A layout was to be changed that another change had reached first. */
export class VersionConflictError extends Error {
  override readonly name = "VersionConflictError";
  readonly code = "VERSION_CONFLICT";

  /**
   * @param expectedVersion What the caller took for the latest version.
   * @param currentVersion The latest version.
   */
  constructor(readonly layoutId: string, readonly expectedVersion: number, readonly currentVersion: number) {
    super(`Cannot change version ${expectedVersion} of layout ${quote(layoutId)}: it is at version ${currentVersion}`);
  }
}

/** A deleted layout was to be changed or used. */
export class LayoutDeletedError extends Error {
  override readonly name = "LayoutDeletedError";
  readonly code = "LAYOUT_DELETED";

  constructor(readonly layoutId: string) {
    super(`Cannot change layout ${quote(layoutId)}: it was deleted; a duplicate of it can be changed`);
  }
}

/**
 * Keeps layouts. Versions are never changed nor removed: what a generation was made from stays readable after its
 * layout is deleted. Every change is durable once its promise resolves, and happens completely or not at all.
 */
export interface LayoutStore {
  /** The same layouts as somebody may see them: those of others are not there. */
  for(view: LayoutView): LayoutStore;

  /** Keeps a layout as version 1 under a new id. */
  save(name: string, layout: Layout): Promise<SavedLayout>;

  /**
   * Changes the name, the layout, or both. Another layout becomes the next version; an equal one makes none, and
   * neither does a name.
   * @throws {UnknownLayoutError}
   * @throws {LayoutDeletedError}
   * @throws {VersionConflictError} if `expectedVersion` is given and is not the latest.
   */
  update(id: string, update: LayoutUpdate): Promise<{ readonly saved: SavedLayout; readonly versionMade: boolean }>;

  /** Takes a layout off the lists and closes it to changes; again is harmless. @throws {UnknownLayoutError} */
  delete(id: string): Promise<SavedLayout>;

  /** Also a deleted one; null if there is none. */
  get(id: string): Promise<SavedLayout | null>;

  /** A version, also of a deleted layout; default: the latest. Null if there is none. */
  version(id: string, version?: number): Promise<LayoutVersion | null>;

  /**
   * The versions of a layout, the latest first; none for an unknown one.
   * @param options.before Only those before this version.
   * @throws {InvalidInputError} if `first` is not a positive integer.
   */
  versions(id: string, options: { readonly first: number; readonly before?: number }): Promise<VersionPage>;

  /**
   * Layouts that are not deleted, the latest changed first.
   * @throws {InvalidInputError} if `first` is not a positive integer or `after` is no cursor.
   */
  list(options: LayoutListOptions): Promise<LayoutPage>;
}
