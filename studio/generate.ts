/**
 * Writes src/api/generated.ts, the types of every operation in src/ by the printed schema, and src/api/input_shapes.ts, what
 * `generate` takes, for what comes from anywhere else than this page.
 */

import { codegen } from "@graphql-codegen/core";
import * as typedDocumentNode from "@graphql-codegen/typed-document-node";
import * as typescriptOperations from "@graphql-codegen/typescript-operations";
import { buildSchema, getNamedType, isInputObjectType, isRequiredInputField, parse, printSchema } from "graphql";

const schema = buildSchema(Deno.readTextFileSync(new URL("../schema/schema.graphql", import.meta.url)));
const folder = new URL("src/api/", import.meta.url);
const documents = [...Deno.readDirSync(folder)]
  .map(({ name }) => name)
  .filter((name) => name.endsWith(".graphql"))
  .sort()
  .map((name) => ({
    location: name,
    document: parse(Deno.readTextFileSync(new URL(name, folder)), { noLocation: true }),
  }));

const code = await codegen({
  filename: "generated.ts",
  schema: parse(printSchema(schema)),
  schemaAst: schema,
  documents,
  config: {
    enumType: "string-literal",
    enumsAsTypes: true,
    immutableTypes: true,
    inputMaybeValue: "T | null | undefined",
    onlyOperationTypes: true,
    optimizeDocumentNode: true,
    scalars: { DateTime: "string", File: "Blob", ID: "string", JSON: "unknown", Seed: "number" },
    skipTypename: false,
    strictScalars: true,
    useTypeImports: true,
  },
  plugins: [{ operations: {} }, { documents: {} }],
  pluginMap: { operations: typescriptOperations, documents: typedDocumentNode },
});
Deno.writeTextFileSync(
  new URL("generated.ts", folder),
  `/** The types of the operations in this folder. Written by \`deno task generate\`. */\n\n// deno-lint-ignore-file\n\n${code}`,
);

/** By type and field: its type as the schema writes it. */
const shapes: Record<string, Record<string, string>> = {};
function addShape(name: string): void {
  const type = schema.getType(name);
  if (!isInputObjectType(type) || name in shapes) return;
  const fields = Object.values(type.getFields());
  shapes[name] = Object.fromEntries(fields.map((field) => [
    field.name,
    isRequiredInputField(field) ? String(field.type) : String(field.type).replace(/!$/, ""),
  ]));
  for (const field of fields) addShape(getNamedType(field.type).name);
}
addShape("GenerateInput");
Deno.writeTextFileSync(
  new URL("input_shapes.ts", folder),
  "/** What `generate` takes, by type and field. Written by `deno task generate`. */\n\n" +
    `export const INPUT_SHAPES: Readonly<Record<string, Readonly<Record<string, string>>>> = ${
      JSON.stringify(shapes, null, 2)
    };\n`,
);
