/** Which regions of the finished picture can be painted anew. */

import { computed } from "@preact/signals";
import { selected } from "../draft/store.ts";
import { isHere } from "../local/local_job.ts";
import { asking } from "./ask.ts";
import { job, jobInput } from "./job.ts";

/** The names of the job's regions that are painted; none where the server does not have the picture. */
export const namesInPicture = computed((): readonly string[] => {
  if (job.value === null || isHere(job.value)) return [];
  return (jobInput.value?.layout?.regions ?? []).flatMap(({ name, enabled }, i) =>
    enabled === false ? [] : name ?? `region ${i + 1}`
  );
});

/** The one selected region, where the picture has it; ready as soon as that is finished. Null where there is none. */
export const anew = computed(() => {
  const [region, ...others] = selected.value;
  if (region === undefined || others.length > 0 || !namesInPicture.value.includes(region.name)) return null;
  return { name: region.name, ready: job.value?.status === "SUCCEEDED" && !asking.value };
});
