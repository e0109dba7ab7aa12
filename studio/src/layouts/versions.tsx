/** The versions of a saved layout, and what changed between two of them. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { client } from "../api/client.ts";
import { LayoutDiffDocument, type SavedFieldsFragment, SavedLayoutVersionsDocument } from "../api/generated.ts";
import { ChangeList } from "./change_list.tsx";
import type { LayoutChange } from "./changes.ts";
import { failure, open } from "./saved.ts";

interface Version {
  readonly version: number;
  readonly createdAt: string;
}

export function Versions({ layout: { id, name, version } }: { layout: SavedFieldsFragment }): JSX.Element {
  const versions = useSignal<readonly Version[]>([]);
  const compared = useSignal<
    { readonly from: number; readonly to: number; readonly changes: readonly LayoutChange[] } | null
  >(null);
  useEffect(() => {
    void client.query(SavedLayoutVersionsDocument, { id }).toPromise().then(({ data, error }) => {
      versions.value = data?.layout?.versions.edges.map(({ node }) => node) ?? [];
      if (error !== undefined) failure.value = error.message;
    });
  }, [id, version]);
  const compare = async (from: number, to: number) => {
    const changes = await changesBetween(id, from, to);
    if (changes !== null) compared.value = { from, to, changes };
  };
  return (
    <>
      <ol class="versions" aria-label={`Versions of ${name}`}>
        {versions.value.map(({ version, createdAt }) => (
          <li key={version}>
            <span>
              {version} <span class="quiet">{new Date(createdAt).toLocaleString()}</span>
            </span>
            <button type="button" aria-label={`Open version ${version}`} onClick={() => void open(id, version)}>
              Open
            </button>
            {version > 1 && (
              <button
                type="button"
                aria-label={`What version ${version} changed`}
                onClick={() => void compare(version - 1, version)}
              >
                What changed
              </button>
            )}
          </li>
        ))}
      </ol>
      {compared.value && (
        <div role="status">
          <p>From version {compared.value.from} to {compared.value.to}:</p>
          <ChangeList changes={compared.value.changes} />
        </div>
      )}
    </>
  );
}

/** What changed between two versions; null, and told, if that cannot be read. */
export async function changesBetween(id: string, from: number, to: number): Promise<readonly LayoutChange[] | null> {
  const { data, error } = await client.query(LayoutDiffDocument, {
    from: { id, version: from },
    to: { id, version: to },
  }).toPromise();
  if (data?.layoutDiff.__typename === "LayoutDiff") return data.layoutDiff.changes;
  failure.value = data?.layoutDiff.message ?? error?.message ?? null;
  return null;
}
