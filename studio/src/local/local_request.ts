/** From the API's input to a request of the pipeline's, by the same checks as the server's. */

import type { GenerateInput } from "../api/generated.ts";
import type { LayoutSpec } from "../../../layout/layout.ts";
import type { RequestSpec } from "../../../requests/request_spec.ts";

/** The input as the checks take it: as the server reads it, where enums have small letters inside. */
export function requestSpec(input: GenerateInput): RequestSpec {
  const { layout, mode, previews, secondPass, ...same } = input;
  return {
    ...same,
    layout: (layout ?? {}) as LayoutSpec,
    mode: mode === "LATENT" ? "latent" : "attention",
    previews: previews === "AUTOENCODER" ? "autoencoder" : "linear",
    secondPass: secondPass && { ...secondPass, upscale: secondPass.upscale === "LATENT" ? "latent" : "pixel" },
  };
}
