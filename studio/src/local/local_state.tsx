/** What painting in this browser waits for, or failed at, before its first step. */

import type { JSX } from "preact";
import { fetched, localTrouble } from "./local_job.ts";

export function LocalState(): JSX.Element | null {
  if (localTrouble.value !== null) return <p class="problem" role="alert">{localTrouble.value}</p>;
  if (fetched.value === null) return null;
  const percent = Math.floor(100 * fetched.value);
  return (
    <p class="quiet" role="status">
      <progress aria-label="Model fetched" max={1} value={fetched.value} /> Fetching the model, {percent} %
    </p>
  );
}
