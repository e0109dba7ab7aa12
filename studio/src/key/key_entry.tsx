/** Asks for a key where the server wants one. */

import type { JSX } from "preact";

export function KeyEntry(): JSX.Element {
  return <section aria-label="Key"></section>;
}
