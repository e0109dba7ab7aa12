/** Keeps the schema to itself: no introspection, and no errors that guess at the names that were meant. */

import { NoSchemaIntrospectionCustomRule } from "graphql";
import type { Plugin } from "graphql-yoga";

/** Refuses introspection, as validation does. */
export function useNoIntrospection(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
      return ({ result }) => {
        for (const error of result) error.message = error.message.replace(/ Did you mean [^]*\?$/, "");
      };
    },
  };
}
