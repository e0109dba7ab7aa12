/** STUB of this branch: replaced at the merge by the module of the same name and signature from `imports-comfy`. */

import type { Layout } from "../../layout.ts";
import type { AdapterWarning } from "../adapted.ts";
import type { ImportedSettings } from "../settings.ts";

export function comfyWorkflowOf(
  _layout: Layout,
  _settings: ImportedSettings,
): { readonly json: string; readonly warnings: readonly AdapterWarning[] } {
  throw new Error("STUB: layout/adapters/comfyui/export.ts comes from the branch imports-comfy");
}
