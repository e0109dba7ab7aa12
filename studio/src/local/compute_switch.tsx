/** Where pictures are computed: on the server, or in this browser. */

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { keep, kept } from "../shell/keep.ts";
import { whyNotHere } from "./local_paint.ts";

const PLACE = "parterre.compute";

const asked = new URLSearchParams(location.search).get("compute") ?? kept(PLACE);

/** Whether this browser computes: by `?compute=local`, or by the switch. */
export const computesHere = signal(asked === "local" && whyNotHere() === undefined);

/** Moves computing here, or back to the server. */
function compute(here: boolean): void {
  computesHere.value = here;
  keep(PLACE, here ? "local" : "server");
}

export function ComputeSwitch(): JSX.Element {
  const obstacle = whyNotHere();
  return (
    <label class="compute-switch" title={obstacle}>
      <input
        type="checkbox"
        role="switch"
        checked={computesHere.value}
        disabled={obstacle !== undefined}
        onChange={({ currentTarget }) => compute(currentTarget.checked)}
      />
      Compute in this browser
    </label>
  );
}
