/** One of several. */

import type { JSX } from "preact";
import { Field, type FieldProps } from "./field.tsx";

/** A choice: what is sent, and what is read. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

interface Props<Value extends string> extends FieldProps {
  readonly value: Value | undefined;
  /** What holds without a choice; it can be chosen. Without it, there always is one. */
  readonly standing?: string;
  readonly choices: readonly Choice<Value>[];
  readonly onValue: (value: Value | undefined) => void;
}

export function SelectField<Value extends string>(
  { value, standing, choices, onValue, ...field }: Props<Value>,
): JSX.Element {
  const known = value === undefined || choices.some((choice) => choice.value === value);
  return (
    <Field {...field}>
      {(control) => (
        <select
          {...control}
          value={value ?? ""}
          onChange={({ currentTarget }) =>
            onValue(choices.find((choice) => choice.value === currentTarget.value)?.value)}
        >
          {standing !== undefined && <option value="">{standing}</option>}
          {!known && <option value={value}>{value}</option>}
          {choices.map(({ value, label }) => <option key={value} value={value}>{label}</option>)}
        </select>
      )}
    </Field>
  );
}
