/** The schema: every domain file adds itself to the builder. */

import type { GraphQLSchema } from "graphql";
import { builder } from "./builder.ts";
import "./scalars.ts";
import "./errors.ts";
import "./runtime.ts";
import "./model.ts";
import "./validate_layout.ts";
import "./generation.ts";
import "./generation_events.ts";

/** The executable schema; its resolvers need a `SchemaContext`. */
export const schema: GraphQLSchema = builder.toSchema();
