/** Results as clients see them: what their errors say to HTTP is left out. */

import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from "graphql";

/** A result in the form in which it is sent. */
export function shownResult({ errors, ...result }: ExecutionResult): FormattedExecutionResult {
  return errors === undefined ? result : { ...result, errors: errors.map(shownError) };
}

/** An error in the form in which it is sent. */
export function shownError(error: GraphQLError): GraphQLFormattedError {
  const { extensions: { http: _http, unexpected: _unexpected, ...extensions } = {}, ...formatted } = error.toJSON();
  return { ...formatted, ...(Object.keys(extensions).length === 0 ? {} : { extensions }) };
}
