/** The schema: every domain file adds itself to the builder. */

import type { GraphQLSchema } from "graphql";
import { builder } from "./builder.ts";
import "./scalars.ts";
import "./errors.ts";
import "./runtime.ts";
import "./model.ts";
import "./saved_layout.ts";
import "./saved_layout_changes.ts";
import "./layout_diff.ts";
import "./upload_mask.ts";
import "./validate_layout.ts";
import "./parse_prompt.ts";
import "./import_layout.ts";
import "./export_layout.ts";
import "./generation.ts";
import "./generate.ts";
import "./generation_changes.ts";
import "./generation_events.ts";
import "./events_url.ts";

/** The executable schema; its resolvers need a `SchemaContext`. */
export const schema: GraphQLSchema = builder.toSchema();
