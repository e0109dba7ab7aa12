/** Changes of a layout, in words. */

import type { JSX } from "preact";
import type { LayoutChange } from "./changes.ts";

export function ChangeList({ changes }: { changes: readonly LayoutChange[] }): JSX.Element {
  if (changes.length === 0) return <p class="quiet">Nothing.</p>;
  return (
    <ul class="changes">
      {changes.map((change) => (
        <li key={change.path.join("/")}>
          {subject(change)}
          {change.kind === "CHANGED" && (
            <>
              : <del>{shortly(change.before)}</del> <ins>{shortly(change.after)}</ins>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function subject({ kind, path, region }: LayoutChange): string {
  if (kind === "ADDED") return `${region} came`;
  if (kind === "REMOVED") return `${region} went`;
  if (path.length === 1 && path[0] === "regions") return "Order";
  const field = (path.at(-1) ?? "").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return region === null ? field : `${region}, ${field}`;
}

function shortly(value: unknown): string {
  if (value === null || value === undefined) return "as by default";
  return typeof value === "string" ? value || "empty" : JSON.stringify(value);
}
