/** Scalars beyond GraphQL's own. */

import { GraphQLError } from "graphql";
import { DateTimeResolver } from "graphql-scalars";
import { builder } from "./builder.ts";

/** The largest seed: noise generators take 32 bits. */
const MAX_SEED = 0xffffffff;

builder.addScalarType("DateTime", DateTimeResolver);

builder.scalarType("Seed", {
  description:
    "A whole number from 0 to 4294967295 (GraphQL's Int ends at 2147483647). The same seed, input and model give the same picture.",
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_SEED) return value;
    throw new GraphQLError(`Seed must be a whole number from 0 to ${MAX_SEED}, got ${JSON.stringify(value)}`);
  },
});
