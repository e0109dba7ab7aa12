/** What the model in use has an ear for, so that no field is shown that does nothing. */

import { computed } from "@preact/signals";
import { draft } from "../draft/store.ts";
import { model } from "./server.ts";

/** Whether negative prompts have an effect: by the model's own guidance, or by the one that was asked for. */
export const heedsNegatives = computed(() => {
  const capabilities = model.value?.capabilities;
  if (capabilities === undefined || capabilities === null || capabilities.supportsNegativePrompt) return true;
  return (draft.value.settings.guidanceScale ?? capabilities.defaultGuidanceScale) > 1;
});
