/** The autoencoder, both ways. */

import { partsOf } from "../../compute/model/tiles.ts";
import { attempt, type CaseResult, reference, TOLERANCE } from "./case.ts";
import type { ParityModels } from "./models.ts";
import { maxDifference, type Tensors } from "./reference.ts";

interface VaeDocument {
  readonly model: string;
  readonly cases: readonly { readonly case: string }[];
}

/** Compares decoded pictures, and encoded pictures' distribution parameters. */
export async function* checkVae(
  document: VaeDocument,
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  const model = models.model(document.model);
  for (const { case: name } of document.cases) {
    yield await attempt(name, TOLERANCE.vae, async () => {
      const decodes = tensors.has(`${name}/latents`);
      const out = decodes
        ? await (await model.vaeDecoder()).decode(reference(tensors, `${name}/latents`))
        : await (await model.vaeEncoder()).parameters(partsOf(reference(tensors, `${name}/image`)));
      const expected = reference(tensors, decodes ? `${name}/image` : `${name}/parameters`);
      return maxDifference(out.data, expected.data);
    });
  }
}
