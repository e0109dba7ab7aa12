/** Types of the documents in the clients, by GraphQL Code Generator's client preset. Relay has a compiler of its own. */

import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "../../../schema/schema.graphql",
  documents: ["apollo.ts", "graphql_request.ts", "graphql_ws.ts", "urql.ts"],
  generates: {
    "gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: { DateTime: "string", File: "File", JSON: "unknown", Seed: "number" },
      },
    },
  },
};

export default config;
