/** The settings under which a text of Regional Prompter means what it means. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { DivideMode, ParsePromptInput } from "../api/generated.ts";
import { reading, restorePrompt } from "./restore.ts";

const MODES: readonly (readonly [mode: DivideMode, label: string])[] = [
  ["COLUMNS", "Columns"],
  ["ROWS", "Rows"],
  ["RANDOM", "Random"],
  ["MASK", "Mask"],
  ["PROMPT", "Prompt"],
  ["PROMPT_EX", "Prompt-EX"],
];

type TextField = "ratios" | "baseRatios" | "negativePrompt" | "threshold" | "maskAsset";

const TEXTS: readonly (readonly [name: TextField, label: string, modes: readonly DivideMode[] | null])[] = [
  ["ratios", "Divide ratio, as 1,2;3,4", ["COLUMNS", "ROWS", "RANDOM"]],
  ["baseRatios", "Base ratio, as 0.2", null],
  ["threshold", "Threshold, as 0.4", ["PROMPT", "PROMPT_EX"]],
  ["maskAsset", "Mask: the id of an uploaded image", ["MASK"]],
  ["negativePrompt", "Negative prompt", null],
];

const FLAGS = [
  ["useBase", "Use base prompt"],
  ["useCommon", "Use common prompt"],
  ["useCommonNegative", "Use common negative prompt"],
  ["flip", "Flip , and ;"],
] as const;

export function PromptForm({ prompt }: { prompt: string }): JSX.Element {
  const settings = useSignal<Omit<ParsePromptInput, "prompt">>({ mode: "COLUMNS" });
  const set = (changes: Partial<ParsePromptInput>) => settings.value = { ...settings.value, ...changes };
  const mode = settings.value.mode ?? "COLUMNS";
  return (
    <form
      class="form"
      aria-label="Regional Prompter's settings"
      onSubmit={(event) => {
        event.preventDefault();
        void restorePrompt({ ...settings.value, prompt });
      }}
    >
      <label class="field">
        <span>Divide mode</span>
        <select
          value={mode}
          onChange={({ currentTarget: { value } }) =>
            set({ mode: MODES.find(([name]) => name === value)?.[0] ?? mode })}
        >
          {MODES.map(([name, label]) => <option key={name} value={name}>{label}</option>)}
        </select>
      </label>
      {TEXTS.filter(([, , modes]) => modes === null || modes.includes(mode)).map(([name, label]) => (
        <label key={name} class="field">
          <span>{label}</span>
          <input
            type="text"
            value={settings.value[name] ?? ""}
            onInput={({ currentTarget: { value } }) =>
              set({ [name]: value === "" ? null : value })}
          />
        </label>
      ))}
      {mode === "RANDOM" && (
        <label class="field">
          <span>Seed</span>
          <input
            type="number"
            min="0"
            value={settings.value.seed ?? ""}
            onInput={({ currentTarget: { value } }) => set({ seed: value === "" ? null : Number(value) })}
          />
        </label>
      )}
      {FLAGS.map(([name, label]) => (
        <label key={name} class="tick">
          <input
            type="checkbox"
            checked={settings.value[name] ?? false}
            onChange={({ currentTarget: { checked } }) => set({ [name]: checked })}
          />{" "}
          {label}
        </label>
      ))}
      <button type="submit" aria-disabled={reading.value}>Open the text</button>
    </form>
  );
}
