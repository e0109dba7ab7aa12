/** Paints the selected region of the finished picture anew, while the rest is held. */

import type { JSX } from "preact";
import { anew } from "./anew.ts";
import { reroll } from "./paint.ts";

export function AnewButton(): JSX.Element | null {
  if (anew.value === null) return null;
  const { name, ready } = anew.value;
  return (
    <button
      type="button"
      aria-disabled={!ready}
      title={ready ? "The rest of the picture is held" : "Once the picture is finished"}
      onClick={() => ready && void reroll(name)}
    >
      Paint {name} anew
    </button>
  );
}
