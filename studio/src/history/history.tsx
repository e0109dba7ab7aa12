/** Earlier generations, the latest first. */

import type { JSX } from "preact";

export function History(): JSX.Element {
  return <section aria-label="Earlier pictures"></section>;
}
