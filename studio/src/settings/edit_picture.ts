/** Changes of what is said of the whole picture. */

import type { DraftLayout, DraftSettings } from "../draft/draft.ts";
import { editLayout, editSettings } from "../draft/store.ts";

/** Sets a setting; undefined or nothing takes it away. Typing in a field is one step of undo. */
export function set<Name extends keyof DraftSettings>(name: Name): (value: DraftSettings[Name] | undefined) => void {
  return (value) => {
    const kept = value === "" || value === null ? undefined : value;
    editSettings({ [name]: kept } as Partial<DraftSettings>, `setting ${name}`);
  };
}

/** The same of a field of the layout. */
export function setInLayout<Name extends Exclude<keyof DraftLayout, "regions">>(
  name: Name,
): (value: DraftLayout[Name] | undefined) => void {
  return (value) =>
    editLayout((layout) => {
      const { [name]: _, ...others } = layout;
      return (value === undefined || value === "" ? others : { ...others, [name]: value }) as DraftLayout;
    }, `layout ${name}`);
}
