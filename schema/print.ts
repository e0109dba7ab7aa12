/** `deno task schema`: writes the printed schema to `schema.graphql`, and what it says of layouts to `layout.schema.json`. */

import { lexicographicSortSchema, printSchema } from "graphql";
import { schema } from "./index.ts";
import { layoutJsonSchema } from "./layout/layout_json_schema.ts";

/** The schema in the schema definition language, sorted. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}

/** The JSON Schema of layouts. */
export function printedLayoutSchema(): string {
  return `${JSON.stringify(layoutJsonSchema(schema), null, 2)}\n`;
}

if (import.meta.main) {
  Deno.writeTextFileSync(new URL("schema.graphql", import.meta.url), printedSchema());
  Deno.writeTextFileSync(new URL("layout.schema.json", import.meta.url), printedLayoutSchema());
}
