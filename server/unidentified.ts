/** Who asks for a file without saying who it is. */

import type { AuthenticationError } from "../access/authenticator.ts";

/** The answer to a request of nobody who is known. */
export function unidentified({ message }: AuthenticationError): Response {
  return new Response(message, { status: 401, headers: { "www-authenticate": "Bearer" } });
}
