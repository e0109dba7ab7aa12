/** Two pictures under a slider. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { compared } from "./compare_state.ts";
import { earlier, job, jobInput, type Painted, pictureOf } from "./job.ts";
import { nameOf } from "./words.ts";

export function Compare(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const pair = compared.value;
  useEffect(() => {
    if (pair !== null && dialog.current?.open === false) dialog.current.showModal();
  }, [pair]);
  return (
    <dialog
      ref={dialog}
      class="compare"
      aria-label="Compare two pictures"
      onClose={() => compared.value = null}
    >
      {pair !== null && <Slider {...pair} />}
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}

function Slider({ before, after }: { before: Painted; after: Painted }): JSX.Element {
  const share = useSignal(50);
  const left = pictureOf(before.generation);
  const right = pictureOf(after.generation);
  const choices = [...earlier.value, ...(job.value ? [{ generation: job.value, input: jobInput.value }] : [])]
    .filter(({ generation }) => pictureOf(generation) !== null);
  return (
    <>
      <div class="compare-sides">
        <Side
          label="Left"
          painted={before}
          choices={choices}
          onChoice={(before) => compared.value = { before, after }}
        />
        <Side
          label="Right"
          painted={after}
          choices={choices}
          onChoice={(after) => compared.value = { before, after }}
        />
      </div>
      <div class="compare-pictures">
        {right && <img src={right.url} alt={`Right: ${nameOf(after.generation)}`} />}
        {left && (
          <img
            class="compare-left"
            src={left.url}
            alt={`Left: ${nameOf(before.generation)}`}
            style={{ clipPath: `inset(0 ${100 - share.value}% 0 0)` }}
          />
        )}
        <div class="compare-line" style={{ insetInlineStart: `${share.value}%` }} />
      </div>
      <label class="compare-slider">
        <span>Share of the left picture</span>
        <input
          type="range"
          min="0"
          max="100"
          value={share.value}
          aria-valuetext={`${share.value} %`}
          onInput={({ currentTarget }) => share.value = Number(currentTarget.value)}
        />
      </label>
    </>
  );
}

function Side({ label, painted, choices, onChoice }: {
  label: string;
  painted: Painted;
  choices: readonly Painted[];
  onChoice: (painted: Painted) => void;
}): JSX.Element {
  const known = choices.some(({ generation }) => generation.id === painted.generation.id);
  const all = known ? choices : [painted, ...choices];
  return (
    <label>
      {label}{" "}
      <select
        value={painted.generation.id}
        onChange={({ currentTarget: { value } }) => {
          const choice = all.find(({ generation }) => generation.id === value);
          if (choice) onChoice(choice);
        }}
      >
        {all.map(({ generation }) => <option key={generation.id} value={generation.id}>{nameOf(generation)}</option>)}
      </select>
    </label>
  );
}
