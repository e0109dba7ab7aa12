/** What is said of the whole picture: prompts, model, size, sampler, seed. */

import type { JSX } from "preact";

export function PicturePanel(): JSX.Element {
  return <section aria-label="Picture"></section>;
}
