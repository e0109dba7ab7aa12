/** A line of text. */

import type { JSX } from "preact";
import { endGroup } from "../draft/store.ts";
import { Field, type FieldProps } from "./field.tsx";

interface Props extends FieldProps {
  readonly value: string;
  readonly placeholder?: string | undefined;
  readonly onValue: (value: string) => void;
}

export function TextField({ value, placeholder, onValue, ...field }: Props): JSX.Element {
  return (
    <Field {...field}>
      {(control) => (
        <input
          {...control}
          type="text"
          autocomplete="off"
          placeholder={placeholder}
          value={value}
          onInput={({ currentTarget }) => onValue(currentTarget.value)}
          onBlur={endGroup}
        />
      )}
    </Field>
  );
}
