/** The schema: every domain file adds itself to the builder. */

import type { GraphQLSchema } from "graphql";
import { builder } from "./builder.ts";
import "./scalars.ts";
import "./errors.ts";
import "./model/runtime.ts";
import "./model/model.ts";
import "./model/loras.ts";
import "./workers.ts";
import "./layout/saved_layout.ts";
import "./layout/saved_layout_changes.ts";
import "./layout/layout_diff.ts";
import "./layout/upload_mask.ts";
import "./layout/validate_layout.ts";
import "./layout/parse_prompt.ts";
import "./layout/import_layout.ts";
import "./layout/export_layout.ts";
import "./generation/generation.ts";
import "./generation/generate.ts";
import "./generation/regenerate.ts";
import "./generation/reroll.ts";
import "./generation/upload_image.ts";
import "./generation/generation_changes.ts";
import "./generation/generation_events.ts";
import "./generation/events_url.ts";

/**
 * The executable schema; its resolvers need a `SchemaContext`.
 *
 * @example
 * ```ts
 * const document = parse("{ runtime { provider } }");
 * const { data, errors } = await execute({ schema, document, contextValue });
 * ```
 */
export const schema: GraphQLSchema = builder.toSchema();
