/** A prompt: text over its own marks, and how many tokens it has. */

import type { JSX } from "preact";
import { draft, endGroup } from "../draft/store.ts";
import { checked, type Report } from "../dry_run/dry_run.ts";
import { Field, type FieldProps } from "../fields/field.tsx";
import { model } from "../settings/server.ts";
import { type Mark, promptMarks, promptWarnings, roughTokens } from "./prompt_marks.ts";

interface Props extends FieldProps {
  readonly value: string;
  readonly placeholder?: string | undefined;
  readonly onValue: (value: string) => void;
  /** Where Enter goes on to; Shift with it begins a line. Without it, Enter does. */
  readonly onEnter?: () => void;
  /** What the dry run says of the whole prompt that this is a part of. */
  readonly counted?: Report["base"] | undefined;
}

/** A line break at the end has a line of its own in a text field; under it, it takes one more. */
const LAST_LINE = "\n";

export function PromptField({ value, placeholder, onValue, onEnter, counted, ...field }: Props): JSX.Element {
  const syntax = draft.value.layout.promptSyntax ?? "WEIGHTED";
  const marks = promptMarks(value, syntax);
  const warnings = [
    ...new Set([
      ...promptWarnings(value, syntax),
      ...counted?.warnings.filter(({ code }) => code === "UNKNOWN_EMBEDDING" || code === "NEVER_SWITCHES")
        .map(({ message }) => message) ?? [],
    ]),
  ];
  return (
    <Field {...field} class="prompt" aside={<TokenCount value={value} counted={counted} />}>
      {(control) => (
        <>
          <div class="prompt-box">
            <div class="marks" aria-hidden="true">
              {marks.map((mark) => <Marked key={mark.start} mark={mark} text={value} />)}
              {LAST_LINE}
            </div>
            <textarea
              {...control}
              rows={1}
              spellcheck={false}
              placeholder={placeholder}
              value={value}
              onInput={({ currentTarget }) => onValue(currentTarget.value)}
              enterkeyhint={onEnter === undefined ? "enter" : "next"}
              onKeyDown={(event) => {
                const { key, shiftKey, ctrlKey, metaKey, isComposing } = event;
                if (onEnter === undefined || key !== "Enter" || shiftKey || ctrlKey || metaKey || isComposing) return;
                event.preventDefault();
                onEnter();
              }}
              onBlur={endGroup}
            />
          </div>
          <Weights marks={marks} text={value} />
          {warnings.map((message) => <p key={message} class="warning">{message}</p>)}
        </>
      )}
    </Field>
  );
}

function Marked({ mark: { kind, start, end }, text }: { mark: Mark; text: string }): JSX.Element {
  return <span class={`mark ${kind}`}>{text.slice(start, end)}</span>;
}

/** The weights in words: colours alone tell nobody how much. */
function Weights({ marks, text }: { marks: readonly Mark[]; text: string }): JSX.Element | null {
  const weighted = marks.filter(({ kind, weight, start, end }) =>
    kind !== "signs" && weight !== 1 && text.slice(start, end).trim() !== ""
  );
  if (weighted.length === 0) return null;
  return (
    <ul class="weights" aria-label="Weights">
      {weighted.map(({ start, end, weight }) => (
        <li key={start}>{text.slice(start, end).trim()} × {Number(weight.toFixed(2))}</li>
      ))}
    </ul>
  );
}

/** The server's count of this very text, or an estimate while it is on its way; nothing of nothing. */
function TokenCount({ value, counted }: Pick<Props, "value" | "counted">): JSX.Element | null {
  if (value.trim() === "") return null;
  if (counted === undefined || !counted.text.includes(value)) {
    return <output class="uncertain">about {tokens(roughTokens(value))}</output>;
  }
  const capacity = (model.value?.promptTokens ?? 77) - 2;
  return (
    <output class={checked.value ? "" : "uncertain"}>
      {counted.chunks > 1
        ? `${tokens(counted.tokens)} in ${counted.chunks} chunks`
        : `${counted.tokens} of ${tokens(capacity)}`}
    </output>
  );
}

function tokens(count: number): string {
  return count === 1 ? "1 token" : `${count} tokens`;
}
