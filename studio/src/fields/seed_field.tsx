/** A seed: typed, thrown, or left to the server. */

import type { JSX } from "preact";
import type { FieldProps } from "./field.tsx";
import { NumberField } from "./number_field.tsx";

interface Props extends FieldProps {
  readonly value: number | undefined;
  readonly placeholder: string;
  readonly onValue: (value: number | undefined) => void;
}

export function SeedField(props: Props): JSX.Element {
  const { label, value, onValue } = props;
  const tool = (text: string, does: string, use: () => void, disabled = false) => (
    <button type="button" class="plain" aria-label={`${label}: ${does}`} disabled={disabled} onClick={use}>
      {text}
    </button>
  );
  return (
    <NumberField
      {...props}
      aside={
        <span class="field-tools">
          {tool("Clear", "clear", () => onValue(undefined), value === undefined)}
          {tool("Dice", "throw the dice", () => onValue(anySeed()))}
        </span>
      }
    />
  );
}

/** A random one of the 4294967296 that there are. */
function anySeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
