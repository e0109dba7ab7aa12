/**
 * Typed errors are answers like others to whoever executes a query, and clients need not ask for their type. So the
 * fields of the root are looked at where they resolve.
 */

import { errorTypeMap } from "@pothos/plugin-errors";
import { type GraphQLFieldConfig, GraphQLObjectType, GraphQLSchema } from "graphql";

/** A stable code for an error: its own, or its name as codes are written. */
export function codeOf(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.name.replace(/Errors?$/, "").replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}

/**
 * The same schema; of every error that a query or a mutation answers with, `refused` is told.
 * @param refused Is called with the error before the answer is written.
 */
export function watchRefusals(schema: GraphQLSchema, refused: (error: Error) => void): GraphQLSchema {
  const { query, mutation, types, ...config } = schema.toConfig();
  const watchedQuery = query && watched(query, refused);
  const watchedMutation = mutation && watched(mutation, refused);
  const kept = types.filter((type) => type !== query && type !== mutation);
  return new GraphQLSchema({ ...config, query: watchedQuery, mutation: watchedMutation, types: kept });
}

function watched(type: GraphQLObjectType, refused: (error: Error) => void): GraphQLObjectType {
  const config = type.toConfig();
  const fields = Object.entries(config.fields).map(([name, field]) => [name, watchedField(field, refused)]);
  return new GraphQLObjectType({ ...config, fields: Object.fromEntries(fields) });
}

function watchedField(
  field: GraphQLFieldConfig<unknown, unknown>,
  refused: (error: Error) => void,
): GraphQLFieldConfig<unknown, unknown> {
  const { resolve } = field;
  if (resolve === undefined) return field;
  const look = <T>(answer: T): T => {
    // The schema's builder hides that an answer is an error, so that it resolves like any other object.
    if (typeof answer === "object" && answer !== null && errorTypeMap.has(answer)) refused(answer as unknown as Error);
    return answer;
  };
  return {
    ...field,
    resolve: (...args) => {
      const answer = resolve(...args);
      return answer instanceof Promise ? answer.then(look) : look(answer);
    },
  };
}
