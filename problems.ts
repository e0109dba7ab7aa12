/** Reading untrusted fields: every check returns a usable value and notes what was wrong with the one it got. */

import { type FieldPath, type InvalidInputCode, InvalidInputError } from "./errors.ts";

/** What a caller may leave out. Absent, null and undefined all mean the default: GraphQL sends null for an empty field. */
export type Maybe<T> = T | null | undefined;

/** The values a number may take. */
export interface NumberRule {
  /** What null and undefined stand for; without it the field is required. */
  readonly fallback?: number;
  /** Exclusive lower bound. */
  readonly above?: number;
  /** Inclusive bounds. */
  readonly min?: number;
  readonly max?: number;
  /** The code of a breach. Default: OUT_OF_RANGE. */
  readonly code?: InvalidInputCode;
}

/** The broken rules of one input, in the order they were found. */
export class Problems {
  readonly found: InvalidInputError[] = [];

  add(code: InvalidInputCode, path: FieldPath, value: unknown, rule: string): void {
    this.found.push(new InvalidInputError(code, path, value, rule));
  }

  /** The number, or NaN where it breaks the rule. */
  number(value: unknown, path: FieldPath, rule: NumberRule): number {
    const { fallback, above, min, max, code = "OUT_OF_RANGE" } = rule;
    if ((value === null || value === undefined) && fallback !== undefined) return fallback;
    if (typeof value !== "number" || !Number.isFinite(value)) {
      this.add("NOT_A_NUMBER", path, value, "must be a finite number");
      return NaN;
    }
    const broken = above !== undefined && value <= above
      ? `must be greater than ${above}`
      : min !== undefined && value < min
      ? `must be at least ${min}`
      : max !== undefined && value > max
      ? `must be at most ${max}`
      : undefined;
    if (broken === undefined) return value;
    this.add(code, path, value, broken);
    return NaN;
  }

  /** The text; without a fallback it is required. */
  text(value: unknown, path: FieldPath, fallback?: string): string {
    if ((value === null || value === undefined) && fallback !== undefined) return fallback;
    if (typeof value === "string") return value;
    this.add("INVALID_VALUE", path, value, "must be a string");
    return fallback ?? "";
  }

  /** True or false. */
  flag(value: unknown, path: FieldPath, fallback: boolean): boolean {
    if (value === null || value === undefined) return fallback;
    if (typeof value === "boolean") return value;
    this.add("INVALID_VALUE", path, value, "must be true or false");
    return fallback;
  }

  /** One of a list of words. */
  choice<T extends string>(value: unknown, path: FieldPath, choices: readonly T[], fallback?: T): T | undefined {
    if ((value === null || value === undefined) && fallback !== undefined) return fallback;
    const known = choices.find((c) => c === value);
    if (known === undefined) this.add("INVALID_VALUE", path, value, `must be one of ${choices.join(", ")}`);
    return known ?? fallback;
  }

  /** The fields of an object; undefined for anything else. */
  fields(value: unknown, path: FieldPath): Fields | undefined {
    if (isFields(value)) return value;
    this.add("INVALID_VALUE", path, value, "must be an object");
    return undefined;
  }

  /** The items of a list; of anything else, none. Null and undefined are the empty list. */
  items(value: unknown, path: FieldPath): readonly unknown[] {
    if (value === null || value === undefined) return [];
    if (Array.isArray(value)) return value;
    this.add("INVALID_VALUE", path, value, "must be a list");
    return [];
  }
}

/** An object whose fields are yet unchecked. */
export type Fields = { readonly [field: string]: unknown };

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
