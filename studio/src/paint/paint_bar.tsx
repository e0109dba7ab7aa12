/** The button that paints, how far the picture is, and what can be done with it then. */

import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { duration } from "../dry_run/in_words.ts";
import { ComputeSwitch } from "../local/compute_switch.tsx";
import { LocalState } from "../local/local_state.tsx";
import { asking } from "./ask.ts";
import { AfterBar } from "./after_bar.tsx";
import { Compare } from "./compare.tsx";
import { resume } from "./follow.ts";
import { busy, connection, job, reason } from "./job.ts";
import { cancel, paint } from "./paint.ts";
import { Trouble } from "./trouble.tsx";
import { standing } from "./words.ts";

export function PaintBar(): JSX.Element {
  useEffect(resume, []);
  useEffect(() => {
    addEventListener("keydown", paintByKey);
    return () => removeEventListener("keydown", paintByKey);
  }, []);
  const unable = asking.value || busy.value;
  return (
    <section aria-label="Paint" class="paint">
      <div class="paint-row">
        <button
          type="button"
          id="paint"
          class="primary"
          aria-disabled={unable}
          aria-keyshortcuts="Control+Enter Meta+Enter"
          title="Ctrl+Enter"
          onClick={() => void paint()}
        >
          Paint
        </button>
        {busy.value && <button type="button" onClick={() => void cancel()}>Cancel</button>}
        <Progress />
        <ComputeSwitch />
      </div>
      <LocalState />
      <Trouble />
      <AfterBar />
      <Compare />
    </section>
  );
}

/** Ctrl+Enter, wherever the focus is. */
function paintByKey(event: KeyboardEvent): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
  if (document.querySelector("dialog:modal") !== null) return;
  event.preventDefault();
  void paint();
}

function Progress(): JSX.Element {
  const generation = job.value;
  if (generation === null) return <p class="standing" role="status">{asking.value ? "Asking" : ""}</p>;
  const { status, step, steps, etaSeconds } = generation;
  const running = status === "RUNNING" || status === "CANCELING";
  return (
    <div class="progress">
      {running && (
        <progress
          aria-label="Steps painted"
          max={steps}
          value={step}
          aria-valuetext={`step ${step} of ${steps}`}
        />
      )}
      <p class="standing">
        {asking.value ? "Asking" : standing(generation)}
        {running && etaSeconds !== null && `, ${duration(etaSeconds)} left`}
        {busy.value && reason.value !== null && <span class="quiet">. {reason.value}</span>}
      </p>
      <p class="visually-hidden" role="status">{spoken()}</p>
      {connection.value === "lost" && <p class="lost" role="status">Connection lost, trying again</p>}
    </div>
  );
}

/** What a screen reader says: not every step. */
function spoken(): string {
  const generation = job.value;
  if (generation === null || asking.value) return "";
  if (generation.status !== "RUNNING" || generation.steps === 0) return standing(generation);
  const quarter = Math.floor(4 * generation.step / generation.steps) * 25;
  return quarter === 0 ? "Painting" : `${quarter} % painted`;
}
