/** A layout that is to be kept: sent as input or as JSON, and checked as far as it can be without a model. */

import { coerceInputValue, type GraphQLSchema, isInputType } from "graphql";
import { type FieldPath, InvalidInputError, InvalidInputErrors } from "../../errors.ts";
import { checkPromptLengths } from "../../requests/check_prompt_lengths.ts";
import type { RequestLimits } from "../../requests/limits.ts";
import type { Layout, LayoutSpec } from "../../layout/layout.ts";
import { promptProblems } from "../../layout/prompt_problems.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";

/** A layout in one of two forms. */
export interface LayoutDocument {
  readonly layout?: LayoutSpec | null | undefined;
  /** An exported layout: any JSON, until it is read. */
  readonly json?: unknown;
}

/** Which of the two forms an input has. */
export function hasLayout({ layout, json }: LayoutDocument): boolean {
  return given(layout) || given(json);
}

/**
 * Reads the one form that is set.
 * @param schema Holds `LayoutInput`, by which JSON is read: unknown fields are refused, as they are in `layout`.
 * @throws {InvalidInputErrors} with everything that is wrong with it, or if none or both forms are set.
 */
export function readLayout(input: LayoutDocument, limits: RequestLimits, schema: GraphQLSchema): Layout {
  const { layout, json } = input;
  if (given(layout) === given(json)) {
    const rule = "must be set if json is not, and must not be set if it is";
    const value = given(layout) ? "both" : null;
    throw new InvalidInputErrors([new InvalidInputError("INVALID_VALUE", ["input", "layout"], value, rule)]);
  }
  const path = ["input", given(json) ? "json" : "layout"];
  const spec = given(layout) ? layout : coerceJson(json, path, schema);
  const resolution = resolveLayout(spec, { maxRegions: limits.maxRegions, path });
  if ("problems" in resolution) throw new InvalidInputErrors(resolution.problems);
  const problems: InvalidInputError[] = [];
  const readable = checkPromptLengths(resolution.layout, limits, (code, _field, value, rule) => {
    problems.push(new InvalidInputError(code, path, value, rule));
  });
  if (readable) problems.push(...promptProblems(resolution.layout, null, path));
  if (problems.length > 0) throw new InvalidInputErrors(problems);
  return resolution.layout;
}

function given<T>(value: T): value is T & NonNullable<unknown> {
  return value !== null && value !== undefined;
}

/** JSON as `LayoutInput` understands it. `$schema`, by which editors find the JSON Schema, says nothing about it. */
function coerceJson(json: unknown, path: FieldPath, schema: GraphQLSchema): LayoutSpec {
  const type = schema.getType("LayoutInput");
  if (!isInputType(type)) throw new Error("The schema has no LayoutInput");
  const problems: InvalidInputError[] = [];
  const spec: unknown = coerceInputValue(withoutSchema(json), type, (at, value, { message }) => {
    const rule = `must match LayoutInput (${message.replace(/\.$/, "")})`;
    problems.push(new InvalidInputError("INVALID_VALUE", [...path, ...at], value, rule));
  });
  if (problems.length > 0) throw new InvalidInputErrors(problems);
  return spec as LayoutSpec;
}

function withoutSchema(json: unknown): unknown {
  if (typeof json !== "object" || json === null || !("$schema" in json) || typeof json.$schema !== "string") {
    return json;
  }
  const { $schema: _, ...layout } = json;
  return layout;
}
