/** From when to when, as shares of the steps: a range with two thumbs. */

import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { endGroup } from "../draft/store.ts";
import { problemsAt, sentence } from "./problems_at.ts";

interface Props {
  readonly label: string;
  /** Of both ends, as problems name them. */
  readonly paths: { readonly start: readonly string[]; readonly end: readonly string[] };
  /** 0 to 1; undefined is the beginning, and the end. */
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** How many steps there are, if that is known. */
  readonly steps: number | undefined;
  readonly onStart: (value: number | undefined) => void;
  readonly onEnd: (value: number | undefined) => void;
}

export function WindowField({ label, paths, start, end, steps, onStart, onEnd }: Props): JSX.Element {
  const id = useId();
  const found = [...paths.start, ...paths.end].flatMap(problemsAt).map(sentence);
  const thumb = (name: string, value: number, path: string | undefined, onValue: (value: number) => void) => (
    <div data-path={path}>
      <input
        type="range"
        min={0}
        max={1}
        step={0.01}
        value={value}
        aria-label={`${label}: ${name}`}
        aria-valuetext={percent(value)}
        aria-describedby={found.length > 0 ? `${id}-problem` : undefined}
        aria-invalid={found.length > 0}
        onInput={({ currentTarget }) =>
          onValue(Number(currentTarget.value))}
        onChange={endGroup}
      />
    </div>
  );
  return (
    <div class="field" role="group" aria-labelledby={`${id}-label`}>
      <div class="field-label">
        <span id={`${id}-label`}>{label}</span>
        <output>{inWords(start ?? 0, end ?? 1, steps)}</output>
      </div>
      <div class="thumbs">
        {thumb("from", start ?? 0, paths.start[0], (value) => onStart(value === 0 ? undefined : value))}
        {thumb("until", end ?? 1, paths.end[0], (value) => onEnd(value === 1 ? undefined : value))}
      </div>
      {found.length > 0 && <p class="problem" id={`${id}-problem`}>{found.join(". ")}</p>}
    </div>
  );
}

function inWords(start: number, end: number, steps: number | undefined): string {
  if (start === 0 && end === 1) return "all steps";
  const share = `${percent(start)} to ${percent(end)}`;
  return steps === undefined ? share : `${share} of ${steps} steps`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
