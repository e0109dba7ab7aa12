/** LoRAs with their weights. */

import type { JSX } from "preact";
import type { LoraInput } from "../api/generated.ts";
import { endGroup } from "../draft/store.ts";
import { loras } from "../settings/server.ts";
import { NumberField } from "./number_field.tsx";
import { problemsAt, sentence } from "./problems_at.ts";
import { SelectField } from "./select_field.tsx";

interface Props {
  readonly label: string;
  readonly path: string;
  readonly value: readonly LoraInput[];
  readonly onValue: (value: readonly LoraInput[] | undefined) => void;
}

/** Nothing at all where the server has none and none is asked for. */
export function LorasField({ label, path, value, onValue }: Props): JSX.Element | null {
  const usable = loras.value.filter(({ refusal }) => refusal === null);
  if (usable.length === 0 && value.length === 0) return null;
  const left = usable.filter(({ name }) => !value.some((lora) => lora.name === name));
  const put = (next: readonly LoraInput[]) => onValue(next.length === 0 ? undefined : next);
  return (
    <div class="loras" role="group" aria-label={label} data-path={path}>
      {value.map((lora, i) => (
        <div key={lora.name} class="lora">
          <NumberField
            label={lora.name}
            paths={[`${path}.${i}`]}
            value={lora.weight ?? undefined}
            placeholder="1"
            step={0.05}
            slider={{ min: -1, max: 2, standing: 1 }}
            onValue={(weight) => put(value.map((other, j) => j === i ? weighted(lora.name, weight) : other))}
            aside={
              <button
                type="button"
                class="plain"
                aria-label={`Remove ${lora.name}`}
                onClick={() => {
                  put(value.filter((_, j) => j !== i));
                  endGroup();
                }}
              >
                Remove
              </button>
            }
          />
        </div>
      ))}
      {left.length > 0 && (
        <SelectField
          label={label}
          paths={[]}
          value={undefined}
          standing="Add one…"
          choices={left.map(({ name }) => ({ value: name, label: name }))}
          onValue={(name) => name !== undefined && put([...value, { name }])}
        />
      )}
      {left.length === 0 &&
        problemsAt(path).map((problem) => <p key={problem.message} class="problem">{sentence(problem)}</p>)}
    </div>
  );
}

function weighted(name: string, weight: number | undefined): LoraInput {
  return weight === undefined ? { name } : { name, weight };
}
