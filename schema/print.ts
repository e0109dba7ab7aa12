/** `deno task schema`: writes the printed schema to `schema.graphql`. */

import { lexicographicSortSchema, printSchema } from "graphql";
import { schema } from "./index.ts";

/** The schema in the schema definition language, sorted. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}

if (import.meta.main) Deno.writeTextFileSync(new URL("schema.graphql", import.meta.url), printedSchema());
