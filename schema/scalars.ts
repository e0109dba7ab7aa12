/** Scalars beyond GraphQL's own. */

import { GraphQLError } from "graphql";
import { DateTimeResolver, JSONResolver } from "graphql-scalars";
import { rangeOf, SEED } from "../layout/limits.ts";
import { builder } from "./builder.ts";

builder.addScalarType("DateTime", DateTimeResolver);
builder.addScalarType("JSON", JSONResolver);

builder.scalarType("Seed", {
  description: `A whole number from ${
    rangeOf(SEED)
  } (GraphQL's Int ends at 2147483647). The same seed, input and model give the same picture.`,
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === "number" && Number.isInteger(value) && value >= SEED.min && value <= SEED.max) return value;
    throw new GraphQLError(`Seed must be a whole number from ${rangeOf(SEED)}, got ${JSON.stringify(value)}`);
  },
});

builder.scalarType("File", {
  description:
    "A file, sent as the GraphQL multipart request specification says: https://github.com/jaydenseric/graphql-multipart-request-spec",
  serialize: () => {
    throw new GraphQLError("File is for input only");
  },
  parseValue: (value) => {
    if (value instanceof File) return value;
    throw new GraphQLError("File must be sent by the GraphQL multipart request specification");
  },
  parseLiteral: () => {
    throw new GraphQLError("File must be a variable, sent by the GraphQL multipart request specification");
  },
});
