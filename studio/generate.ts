/** Writes src/api/generated.ts: the types of every operation in src/, by the printed schema. */

import { codegen } from "@graphql-codegen/core";
import * as typedDocumentNode from "@graphql-codegen/typed-document-node";
import * as typescriptOperations from "@graphql-codegen/typescript-operations";
import { buildSchema, parse, printSchema } from "graphql";

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
