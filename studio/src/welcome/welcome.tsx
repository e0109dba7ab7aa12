/** Three steps of explanation on a first visit. */

import type { JSX } from "preact";

export function Welcome(): JSX.Element {
  return <section aria-label="Welcome"></section>;
}
