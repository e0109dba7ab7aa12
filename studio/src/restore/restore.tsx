/** Reading a picture, a workflow or a text of another tool into the editor. */

import type { JSX } from "preact";

export function Restore(): JSX.Element {
  return <section aria-label="Open"></section>;
}
