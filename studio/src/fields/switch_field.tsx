/** Yes or no. */

import type { JSX } from "preact";
import { Field, type FieldProps } from "./field.tsx";

interface Props extends FieldProps {
  readonly value: boolean;
  readonly onValue: (value: boolean) => void;
}

export function SwitchField({ value, onValue, ...field }: Props): JSX.Element {
  return (
    <Field {...field} class="switch">
      {(control) => (
        <input
          {...control}
          type="checkbox"
          checked={value}
          onChange={({ currentTarget }) => onValue(currentTarget.checked)}
        />
      )}
    </Field>
  );
}
