/** What changed between two schemas, and which of it breaks the programs of those who use the older one. */

import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";
import type { AllowedChange } from "./allowed_changes.ts";

/** One change. */
export interface SchemaChange {
  /** Its kind and its place, for instance `FIELD_REMOVED Generation.seed`. */
  readonly change: string;
  readonly level: CriticalityLevel;
  /** In words. */
  readonly message: string;
  /** Why it is allowed although it breaks programs; undefined unless it is both. */
  readonly allowed: string | undefined;
}

/** What a comparison found. */
export interface SchemaChanges {
  /** Every change, breaking ones first; descriptions are left out, since no program reads them. */
  readonly changes: readonly SchemaChange[];
  /** Those that break programs and are not allowed. */
  readonly forbidden: readonly SchemaChange[];
  /** Allowed changes that are none: the schema does not have them. */
  readonly stale: readonly AllowedChange[];
}

const LEVELS = [CriticalityLevel.Breaking, CriticalityLevel.Dangerous, CriticalityLevel.NonBreaking];

/** Compares two schemas in the schema definition language. */
export async function schemaChanges(
  before: string,
  after: string,
  allowed: readonly AllowedChange[],
): Promise<SchemaChanges> {
  const found = await diff(buildSchema(before), buildSchema(after));
  const changes = found
    .filter(({ type }) => !type.includes("DESCRIPTION"))
    .map(({ type, path, message, criticality: { level } }): SchemaChange => {
      const change = `${type} ${path ?? ""}`.trim();
      const reason = allowed.find((entry) => entry.change === change)?.reason;
      return { change, level, message, allowed: level === CriticalityLevel.Breaking ? reason : undefined };
    })
    .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  const breaking = changes.filter(({ level }) => level === CriticalityLevel.Breaking);
  return {
    changes,
    forbidden: breaking.filter((change) => change.allowed === undefined),
    stale: allowed.filter((entry) => !breaking.some(({ change }) => change === entry.change)),
  };
}
