/** How strongly a request is guided, and in which of its steps. */

import type { UsableModel } from "../compute/model/catalog.ts";
import type { PictureRequest } from "../compute/pipeline/request.ts";
import type { Fail } from "./fail.ts";
import type { RequestSpec } from "./request_spec.ts";

const MAX_GUIDANCE = 100;

/** The numbers of guidance, checked; whether it has anything to guide is what `checkGuidance` sees. */
export function resolveGuidance(
  spec: Pick<RequestSpec, "guidanceScale" | "guidanceStart" | "guidanceEnd">,
  model: Pick<UsableModel, "defaults"> | undefined,
  fail: Fail,
): Pick<PictureRequest, "guidanceScale" | "guidanceStart" | "guidanceEnd"> {
  const guidanceScale = spec.guidanceScale ?? model?.defaults.guidanceScale ?? 1;
  if (!Number.isFinite(guidanceScale)) fail("NOT_A_NUMBER", "guidanceScale", guidanceScale, "must be a finite number");
  else if (guidanceScale < 0 || guidanceScale > MAX_GUIDANCE) {
    fail("OUT_OF_RANGE", "guidanceScale", guidanceScale, `must be from 0 to ${MAX_GUIDANCE}`);
  }
  const guidanceStart = spec.guidanceStart ?? 0;
  const guidanceEnd = spec.guidanceEnd ?? 1;
  for (const [field, value] of Object.entries({ guidanceStart, guidanceEnd })) {
    if (!(value >= 0 && value <= 1)) fail("OUT_OF_RANGE", field, value, "must be from 0 to 1");
  }
  if (guidanceStart >= guidanceEnd) {
    fail("OUT_OF_RANGE", "guidanceEnd", guidanceEnd, `must be greater than guidanceStart, which is ${guidanceStart}`);
  }
  return { guidanceScale, guidanceStart, guidanceEnd };
}
