/** Three steps of explanation on a first visit. They stand above the rooms and cover nothing. */

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { keep, kept } from "../shell/keep.ts";

const PLACE = "parterre.welcome";

const STEPS = [
  {
    title: "Every region has its own prompt",
    text: "Here are three, side by side. Press Paint and watch the picture come.",
  },
  {
    title: "Draw, move, describe",
    text: "Select a region to change its prompt and its shape; draw more of them on the canvas.",
  },
  {
    title: "The check looks ahead",
    text: "It counts, measures and warns while you work, before anything is painted.",
  },
] as const;

const seen = signal(kept(PLACE) !== null);

export function Welcome(): JSX.Element | null {
  const [at, setAt] = useState(0);
  const step = STEPS[at];
  if (seen.value || step === undefined) return null;
  const last = at === STEPS.length - 1;
  return (
    <section aria-label="Welcome" class="welcome">
      <p aria-live="polite">
        <strong>{step.title}.</strong> {step.text} <span class="quiet">{at + 1} of {STEPS.length}</span>
      </p>
      <div class="actions">
        {at > 0 && <button type="button" onClick={() => setAt(at - 1)}>Back</button>}
        <button type="button" onClick={last ? dismiss : () => setAt(at + 1)}>{last ? "Done" : "Next"}</button>
        {!last && <button type="button" class="plain" onClick={dismiss}>Do not show again</button>}
      </div>
    </section>
  );
}

function dismiss(): void {
  seen.value = true;
  keep(PLACE, "seen");
}
