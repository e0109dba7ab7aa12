/** Layouts that the server keeps: the list, and the one that the draft comes from. */

import { computed, signal } from "@preact/signals";
import { client } from "../api/client.ts";
import {
  DeleteLayoutDocument,
  DuplicateLayoutDocument,
  type LayoutInput,
  type RefusalFragment,
  type SavedFieldsFragment,
  SavedLayoutAtDocument,
  SavedLayoutsDocument,
  SaveLayoutDocument,
  UpdateLayoutDocument,
} from "../api/generated.ts";
import { draftLayout, type DraftOrigin, layoutInput } from "../draft/draft.ts";
import { draft, edit, rebase } from "../draft/store.ts";
import { problems } from "../dry_run/dry_run.ts";
import { refusalOf, refusalOfFailure } from "../paint/refusal.ts";
import { layoutChanges } from "./changes.ts";

/** Those whose names contain what is looked for, the latest changed first. */
export const layouts = signal<readonly SavedFieldsFragment[]>([]);
export const wanted = signal("");
export const more = signal(false);
let cursor: string | null = null;

/** Why the latest thing did not work; null while nothing is wrong. */
export const failure = signal<string | null>(null);

/** What was done last. */
export const done = signal<string | null>(null);

/** The saved layout that the draft comes from, as it stands on the server, and as it was when the draft was opened. */
export const origin = signal<
  { readonly id: string; readonly version: number; readonly current: number; readonly layout: LayoutInput } | null
>(null);

/** The latest version, where it is not the one that the draft comes from: somebody else saved another. */
export const movedTo = computed(() => {
  const from = draft.value.origin;
  const known = origin.value;
  return from !== null && known?.id === from.id && known.current > from.version ? known.current : null;
});

/** What the draft changes of the version that it comes from; null where that is not known. */
export const unsaved = computed(() => {
  const from = draft.value.origin;
  const known = origin.value;
  if (from === null || known === null || known.id !== from.id || known.version !== from.version) return null;
  return layoutChanges(known.layout, layoutInput(draft.value.layout));
});

let turn = 0;

/** Reads the list, or its next page. */
export async function readLayouts(next = false): Promise<void> {
  const mine = ++turn;
  const name = wanted.value.trim() === "" ? null : wanted.value.trim();
  const { data, error } = await client.query(SavedLayoutsDocument, { after: next ? cursor : null, name }).toPromise();
  if (mine !== turn) return;
  if (!data) return fail(undefined, error);
  const page = data.layouts.edges.map(({ node }) => node);
  layouts.value = next ? [...layouts.value, ...page] : page;
  cursor = data.layouts.pageInfo.endCursor;
  more.value = data.layouts.pageInfo.hasNextPage;
}

/** Looks how the saved layout stands that the draft comes from. */
export async function readOrigin(): Promise<void> {
  const from = draft.value.origin;
  if (from === null) return void (origin.value = null);
  const { data } = await client.query(SavedLayoutAtDocument, { id: from.id, version: from.version }).toPromise();
  const saved = data?.layout;
  if (!saved?.atVersion) return;
  const layout = saved.atVersion.layout.json as LayoutInput;
  origin.value = { id: from.id, version: from.version, current: saved.version, layout };
}

/** Saves the draft under a name, as a layout of its own. */
export async function saveNew(name: string): Promise<void> {
  const layout = layoutInput(draft.value.layout);
  const { data, error } = await client.mutation(SaveLayoutDocument, { input: { name, layout } }).toPromise();
  const answer = data?.saveLayout;
  if (answer?.__typename !== "SavedLayout") return fail(answer, error);
  await saved(answer, layout);
}

/**
 * Saves the draft as the next version of the layout that it comes from.
 * @param expectedVersion The version that it replaces; if there is another by then, that is told and nothing changes.
 */
export async function save(name: string, expectedVersion?: number): Promise<void> {
  const from = draft.value.origin;
  if (from === null) return await saveNew(name);
  const layout = layoutInput(draft.value.layout);
  const input = { id: from.id, layout, name, expectedVersion: expectedVersion ?? from.version };
  const { data, error } = await client.mutation(UpdateLayoutDocument, { input }).toPromise();
  const answer = data?.updateLayout;
  if (answer?.__typename === "UpdateLayoutPayload") return await saved(answer.savedLayout, layout);
  if (answer?.__typename === "VersionConflictError") return await readOrigin();
  fail(answer, error);
}

/** Opens a version of a saved layout. Settings stay as they are; undo brings the former layout back. */
export async function open(id: string, version: number): Promise<void> {
  const { data, error } = await client.query(SavedLayoutAtDocument, { id, version }).toPromise();
  const found = data?.layout;
  if (!found?.atVersion) return fail(undefined, error ?? { message: "It is not there any more.", graphQLErrors: [] });
  const layout = found.atVersion.layout.json as LayoutInput;
  edit((draft) => ({ ...draft, layout: draftLayout(layout), origin: { id, version, name: found.name } }));
  origin.value = { id, version, current: found.version, layout };
  tell(`Opened ${found.name}, version ${version}`);
}

export async function duplicate(id: string): Promise<void> {
  const { data, error } = await client.mutation(DuplicateLayoutDocument, { input: { id } }).toPromise();
  const answer = data?.duplicateLayout;
  if (answer?.__typename !== "SavedLayout") return fail(answer, error);
  tell(`Saved ${answer.name}`);
  await readLayouts();
}

export async function remove({ id, name }: SavedFieldsFragment): Promise<void> {
  const { data, error } = await client.mutation(DeleteLayoutDocument, { id }).toPromise();
  const answer = data?.deleteLayout;
  if (answer?.__typename !== "SavedLayout" && answer?.__typename !== "NotFoundError") return fail(answer, error);
  if (draft.value.origin?.id === id) rebase(null);
  tell(`Deleted ${name}`);
  await readLayouts();
}

async function saved({ id, version, name }: SavedFieldsFragment, layout: LayoutInput): Promise<void> {
  const from: DraftOrigin = { id, version, name };
  rebase(from);
  origin.value = { id, version, current: version, layout };
  problems.value = [];
  tell(`Saved ${name}, version ${version}`);
  await readLayouts();
}

function tell(what: string): void {
  failure.value = null;
  done.value = what;
}

function fail(
  answer: RefusalFragment | { readonly __typename: string } | undefined,
  error: Parameters<typeof refusalOfFailure>[0] | undefined,
): void {
  done.value = null;
  if (answer !== undefined && "message" in answer) {
    const refusal = refusalOf(answer);
    if (refusal.problems.length > 0) problems.value = refusal.problems;
    failure.value = refusal.problems.length > 1
      ? refusal.problems.map(({ message }) => message).join("; ")
      : refusal.message;
  } else if (error !== undefined) failure.value = refusalOfFailure(error, 0).message;
}
