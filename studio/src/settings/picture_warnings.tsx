/** What to know of the picture as a whole before it is painted. */

import type { JSX } from "preact";
import { warningsByRegion } from "../dry_run/dry_run.ts";

export function PictureWarnings(): JSX.Element {
  const warnings = warningsByRegion.value.get(null) ?? [];
  return <>{warnings.map(({ code, message }) => <p key={code} class="warning">{message}</p>)}</>;
}
