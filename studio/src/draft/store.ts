/** The draft as the page holds it: one signal for all that edit or show it. */

import { computed, signal } from "@preact/signals";
import type { Draft, DraftLayout, DraftOrigin, DraftRegion, DraftSettings } from "./draft.ts";
import { exampleDraft } from "./example.ts";
import { begin, change, closeGroup, type History, redo as redone, undo as undone } from "./history.ts";
import { keepDraft, keptDraft } from "./kept_draft.ts";

const kept = keptDraft();

/** Whether the draft is the example, because none was kept. */
export const isFirstVisit: boolean = kept === undefined;

const history = signal<History<Draft>>(begin(kept ?? exampleDraft()));

/** The draft as it stands. */
export const draft = computed(() => history.value.present);
export const canUndo = computed(() => history.value.past.length > 0);
export const canRedo = computed(() => history.value.future.length > 0);

/** The keys of the selected regions, in the order in which they were selected. */
export const selection = signal<readonly string[]>([]);

/** The selected regions that exist. */
export const selected = computed(() =>
  selection.value.flatMap((key) => draft.value.layout.regions.find((region) => region.key === key) ?? [])
);

draft.subscribe(keepDraft);

/** Changes the draft; see {@link change} for groups. */
export function edit(next: (draft: Draft) => Draft, group: string | null = null): void {
  history.value = change(history.value, next(history.value.present), group);
}

/** Changes the draft as if it had always been so: for what the page finds out about a draft that nobody touched. */
export function settle(next: (draft: Draft) => Draft): void {
  if (!canUndo.value && !canRedo.value) history.value = begin(next(history.value.present));
}

/** Changes the layout. */
export function editLayout(next: (layout: DraftLayout) => DraftLayout, group: string | null = null): void {
  edit((draft) => ({ ...draft, layout: next(draft.layout) }), group);
}

/** Changes one region. */
export function editRegion(key: string, next: (region: DraftRegion) => DraftRegion, group: string | null = null): void {
  editLayout((layout) => ({
    ...layout,
    regions: layout.regions.map((region) => region.key === key ? next(region) : region),
  }), group);
}

/** Changes settings; undefined takes one away, so that the server's default holds. */
export function editSettings(changes: Partial<DraftSettings>, group: string | null = null): void {
  edit((draft) => ({ ...draft, settings: defined({ ...draft.settings, ...changes }) }), group);
}

/** Notes where the draft was saved. It is no step of its own: what is undone afterwards was saved there all the same. */
export function rebase(origin: DraftOrigin | null): void {
  const { past, present, future, group } = history.value;
  const from = present.origin?.id;
  const moved = (draft: Draft) => draft.origin?.id === from ? { ...draft, origin } : draft;
  history.value = { past: past.map(moved), present: moved(present), future: future.map(moved), group };
}

/** Changes the layout in every step of undo, as if it had always been so: for what becomes known later. */
export function rewrite(next: (layout: DraftLayout) => DraftLayout): void {
  const { past, present, future, group } = history.value;
  const written = (draft: Draft) => {
    const layout = next(draft.layout);
    return layout === draft.layout ? draft : { ...draft, layout };
  };
  history.value = { past: past.map(written), present: written(present), future: future.map(written), group };
}

/** Ends a drag or the typing in a field: what comes next is undone by itself. */
export function endGroup(): void {
  history.value = closeGroup(history.value);
}

export function undo(): void {
  history.value = undone(history.value);
}

export function redo(): void {
  history.value = redone(history.value);
}

function defined<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}
