/** A number as text, with a slider beside it where its range is short. Empty means the server's default. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { endGroup } from "../draft/store.ts";
import { Field, type FieldProps } from "./field.tsx";
import { readNumber } from "./read_number.ts";
import { useUnreadable } from "./unreadable.ts";

interface Props extends FieldProps {
  /** Undefined where there is none. */
  readonly value: number | undefined;
  /** What holds while it is empty, or that several regions differ. */
  readonly placeholder?: string | undefined;
  readonly onValue: (value: number | undefined) => void;
  /** What the arrows add; 1 by default. */
  readonly step?: number;
  /** Where a slider goes from and to, and where it stands while the field is empty. */
  readonly slider?: { readonly min: number; readonly max: number; readonly standing: number };
  readonly aside?: JSX.Element;
}

export function NumberField({ value, placeholder, onValue, step = 1, slider, aside, ...field }: Props): JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const read = typed === null ? undefined : readNumber(typed);
  // What is typed stays as typed for as long as it means the value; undo and others may change that.
  const text = typed !== null && (read === "none" || read === value) ? typed : value === undefined ? "" : String(value);
  const problem = text === typed && read === "none" ? `Must be a number, is "${typed}"` : undefined;
  const control = useUnreadable<HTMLInputElement>(problem && `${field.label}: ${problem}`);
  const type = (next: string) => {
    setTyped(next);
    const number = readNumber(next);
    if (number !== "none") onValue(number);
  };
  return (
    <Field
      {...field}
      class={slider === undefined ? "number" : "number with-slider"}
      aside={aside}
      problem={problem}
    >
      {(told) => (
        <div class="number-box">
          {slider !== undefined && (
            <input
              type="range"
              aria-label={`${field.label}, slider`}
              min={slider.min}
              max={slider.max}
              step={step}
              value={value ?? slider.standing}
              onInput={({ currentTarget }) => type(currentTarget.value)}
              onChange={endGroup}
            />
          )}
          <input
            {...told}
            ref={control}
            type="text"
            inputMode="decimal"
            autocomplete="off"
            placeholder={placeholder}
            value={text}
            onInput={({ currentTarget }) => type(currentTarget.value)}
            onKeyDown={(event) => {
              const sign = { ArrowUp: 1, ArrowDown: -1 }[event.key];
              if (sign === undefined) return;
              event.preventDefault();
              const from = value ?? Number.parseFloat(placeholder ?? "");
              const to = (Number.isFinite(from) ? from : 0) + sign * step * (event.shiftKey ? 10 : 1);
              type(String(Number(to.toFixed(6))));
            }}
            onBlur={() => {
              if (read !== "none") setTyped(null);
              endGroup();
            }}
          />
        </div>
      )}
    </Field>
  );
}
