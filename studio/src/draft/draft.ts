/** The picture that is being composed: what the API takes, and what the editor adds to it. */

import type { GenerateInput, LayoutInput, RegionInput } from "../api/generated.ts";

/** A region in the editor. Its key stays the same however it is renamed; the API never sees it. */
export type DraftRegion = RegionInput & { readonly key: string; readonly name: string };

/** A layout in the editor. */
export type DraftLayout = Omit<LayoutInput, "regions"> & { readonly regions: readonly DraftRegion[] };

/** Everything beside the layout that `generate` is told. */
export type DraftSettings = Omit<GenerateInput, "layout" | "savedLayout" | "idempotencyKey">;

/** The saved layout that the draft comes from. */
export interface DraftOrigin {
  readonly id: string;
  readonly version: number;
  readonly name: string;
}

/** What undo and redo go back and forth between. Plain JSON, never changed in place. */
export interface Draft {
  readonly layout: DraftLayout;
  readonly settings: DraftSettings;
  /** Null until it is saved or opened. */
  readonly origin: DraftOrigin | null;
}

/** The layout as the API takes it. */
export function layoutInput({ regions, ...layout }: DraftLayout): LayoutInput {
  return { ...layout, regions: regions.map(({ key: _, ...region }) => region) };
}

/** The draft as `generate` takes it. */
export function generateInput({ layout, settings }: Draft): GenerateInput {
  return { ...settings, layout: layoutInput(layout) };
}

/** A layout of the API in the editor: its regions get keys. */
export function draftLayout({ regions, ...layout }: LayoutInput): DraftLayout {
  return {
    ...layout,
    regions: (regions ?? []).map((region, i) => ({ ...region, key: newKey(), name: region.name ?? `region ${i + 1}` })),
  };
}

/** A key that no other region has. Not `randomUUID`, which pages without TLS lack. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
