/** A labelled control with its help and its problems, tied together for those who cannot see that they belong together. */

import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { problemsAt, sentence } from "./problems_at.ts";

/** What every field is told. */
export interface FieldProps {
  readonly label: string;
  /** Where the value stands, as problems name it: `layout.regions.1.weight`. Several where several regions are edited. */
  readonly paths: readonly string[];
  /** Unit, range or default, in a few words. */
  readonly help?: ComponentChildren;
}

/** What a control takes over from its field. */
export interface ControlProps {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean;
}

interface Props extends FieldProps {
  /** A problem that is found here, before anything is sent. */
  readonly problem?: string | undefined;
  readonly class?: string;
  /** Behind the label, at the end of its line. */
  readonly aside?: ComponentChildren;
  readonly children: (control: ControlProps) => ComponentChildren;
}

export function Field({ label, paths, help, problem, aside, children, ...props }: Props): JSX.Element {
  const id = useId();
  const found = [...problem === undefined ? [] : [problem], ...new Set(paths.flatMap(problemsAt).map(sentence))];
  const described = [...found.length > 0 ? [`${id}-problem`] : [], ...help === undefined ? [] : [`${id}-help`]];
  return (
    <div class={`field ${props.class ?? ""}`} data-path={paths[0]}>
      <div class="field-label">
        <label for={id}>{label}</label>
        {aside}
      </div>
      {children({
        id,
        "aria-describedby": described.length > 0 ? described.join(" ") : undefined,
        "aria-invalid": found.length > 0,
      })}
      {found.length > 0 && <p class="problem" id={`${id}-problem`}>{found.join(". ")}</p>}
      {help !== undefined && <p class="hint" id={`${id}-help`}>{help}</p>}
    </div>
  );
}
