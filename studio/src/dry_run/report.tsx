/** What the dry run says of the layout: coverage, holes, warnings, time and memory. */

import type { JSX } from "preact";
import { reachable } from "../api/connection.ts";
import { draft } from "../draft/store.ts";
import { sentence } from "../fields/problems_at.ts";
import { showProblem, showRegion } from "../fields/show_problem.ts";
import { goTo, unreadable } from "../fields/unreadable.ts";
import { Coverage } from "./coverage.tsx";
import { checked, type Problem, problems, refusal, type Report, report } from "./dry_run.ts";
import { bytes, duration } from "./in_words.ts";

export function DryRunReport(): JSX.Element {
  return (
    <section aria-label="Check" class="check">
      <h2>Check</h2>
      <p role="status" class="verdict">{verdict()}</p>
      <Problems />
      {report.value !== null && (
        <div class={checked.value && problems.value.length === 0 ? "" : "stale"}>
          <Costs report={report.value} />
          <Coverage report={report.value} />
          <Warnings warnings={report.value.warnings} />
        </div>
      )}
    </section>
  );
}

/** The state in a few words. */
function verdict(): string {
  const length = problems.value.length + unreadable.value.length;
  if (!reachable.value) return "The server cannot be reached. Trying again.";
  if (refusal.value !== null) return refusal.value;
  if (length > 0) return length === 1 ? "One value has to change:" : `${length} values have to change:`;
  if (report.value === null || !checked.value) return "Checking…";
  const { length: warned } = report.value.warnings;
  if (warned > 0) return warned === 1 ? "Ready, with a warning." : `Ready, with ${warned} warnings.`;
  return "Ready.";
}

function Problems(): JSX.Element | null {
  if (problems.value.length + unreadable.value.length === 0) return null;
  return (
    <ul class="findings">
      {unreadable.value.map(({ message, control }) => (
        <li key={message}>
          <button type="button" class="finding problem" onClick={() => goTo(control)}>{message}</button>
        </li>
      ))}
      {problems.value.map((problem) => (
        <li key={problem.path.join(".")}>
          <button type="button" class="finding problem" onClick={() => showProblem(problem)}>
            {place(problem)}: {sentence(problem)}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Where a problem is, in words: `ocean, weight`. */
function place({ path }: Problem): string {
  const [layout, list, index, ...field] = path;
  if (layout === "layout" && list === "regions" && index !== undefined) {
    return [draft.value.layout.regions[Number(index)]?.name ?? `region ${index}`, ...field.map(spaced)].join(", ");
  }
  return (layout === "layout" ? path.slice(1) : path).map(spaced).join(", ");
}

/** `guidanceScale` as `guidance scale`. */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
}

function Costs(
  { report: { etaSeconds, memoryBytes, width, height, model } }: { readonly report: Report },
): JSX.Element {
  return (
    <dl class="costs">
      <dt>Picture</dt>
      <dd>{width} × {height}, {model}</dd>
      <dt>Time</dt>
      <dd>{etaSeconds === null ? "known once the model has been loaded" : duration(etaSeconds)}</dd>
      {memoryBytes !== null && (
        <>
          <dt>Memory</dt>
          <dd>about {bytes(memoryBytes)}</dd>
        </>
      )}
    </dl>
  );
}

/** Those of regions lead to them. */
function Warnings({ warnings }: Pick<Report, "warnings">): JSX.Element | null {
  if (warnings.length === 0) return null;
  return (
    <>
      <h3>Warnings</h3>
      <ul class="findings">
        {warnings.map(({ code, region, message }) => (
          <li key={`${region} ${code}`}>
            <button
              type="button"
              class="finding warning"
              onClick={() =>
                region === null ? showProblem({ path: [SETTING_OF[code] ?? "layout"] }) : showRegion(region)}
            >
              {region === null ? message : `${region}: ${message}`}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Where something can be done about warnings of the whole picture. */
const SETTING_OF: Partial<Record<Report["warnings"][number]["code"], string>> = { LARGE: "windows", ASPECT: "width" };
