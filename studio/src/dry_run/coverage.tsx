/** Who gets how much of the canvas. */

import type { JSX } from "preact";
import { showRegion } from "../fields/show_problem.ts";
import type { Report } from "./dry_run.ts";
import { share } from "./in_words.ts";
import { overlapping } from "./overlapping.ts";

export function Coverage(
  { report: { regions, baseShare, holes, overlaps } }: { readonly report: Report },
): JSX.Element {
  const pairs = overlapping(regions.map(({ name }) => name), overlaps);
  return (
    <>
      <h3>Coverage</h3>
      <ul class="coverage">
        {regions.map(({ name, colour, enabled, share }) => (
          <li key={name}>
            <button type="button" class="bar-name" onClick={() => showRegion(name)}>{name}</button>
            <Bar colour={colour} fraction={enabled ? share : 0} />
            <span class="bar-share">{inWords(enabled, share)}</span>
          </li>
        ))}
        {baseShare > 0 && (
          <li>
            <span class="bar-name">base prompt</span>
            <Bar colour="var(--quiet)" fraction={baseShare} />
            <span class="bar-share">{share(baseShare)}</span>
          </li>
        )}
      </ul>
      {holes.share > 0 && <p class="hint">{share(holes.share)} of the canvas is in no region.</p>}
      {pairs.length > 0 && (
        <details class="overlaps">
          <summary>{pairs.length === 1 ? "One overlap" : `${pairs.length} overlaps`}</summary>
          <ul>
            {pairs.map(({ names, share: both }) => (
              <li key={names.join()}>{names.join(" and ")}: {share(both)} of the canvas</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Bar({ colour, fraction }: { readonly colour: string; readonly fraction: number | null }): JSX.Element {
  return (
    <span class="bar" aria-hidden="true">
      <span style={{ inlineSize: `${100 * (fraction ?? 0)}%`, background: colour }}></span>
    </span>
  );
}

function inWords(enabled: boolean, fraction: number | null): string {
  if (!enabled) return "off";
  return fraction === null ? "found later" : share(fraction);
}
