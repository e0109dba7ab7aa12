/** Layouts are pasted into variables as files have them: with `$schema`, by which editors find the JSON Schema. */

import type { Plugin } from "graphql-yoga";
import type { SchemaContext } from "../schema/builder.ts";

/** Leaves `$schema` out of variables: no field of GraphQL can have this name, and it says nothing about the layout. */
export function useLayoutFiles(): Plugin<SchemaContext> {
  const onBegin = ({ args }: { args: { variableValues?: unknown } }): void => {
    args.variableValues = withoutSchema(args.variableValues);
  };
  return { onExecute: onBegin, onSubscribe: onBegin };
}

/** The same value where there is none in it. Files stay what they are. */
function withoutSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSchema);
  if (typeof value !== "object" || value === null || value instanceof Blob) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([name, field]) => name !== "$schema" || typeof field !== "string")
      .map(([name, field]) => [name, withoutSchema(field)]),
  );
}
