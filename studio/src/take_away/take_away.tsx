/** The draft as GraphQL, as programs and as files. */

import type { JSX } from "preact";

export function TakeAway(): JSX.Element {
  return <section aria-label="Take away"></section>;
}
