/** What is said of the whole picture: prompts, model, size, sampler, seed; what is rarely touched is folded away. */

import type { JSX } from "preact";
import { LargeFields } from "./large_fields.tsx";
import { LayoutFields } from "./layout_fields.tsx";
import { ModelFields } from "./model_fields.tsx";
import { OutputFields } from "./output_fields.tsx";
import { PictureWarnings } from "./picture_warnings.tsx";
import { PromptFields } from "./prompt_fields.tsx";
import { SamplingFields } from "./sampling_fields.tsx";
import { SizeFields } from "./size_fields.tsx";
import { StartFields } from "./start_fields.tsx";

export function PicturePanel(): JSX.Element {
  return (
    <section aria-label="Picture" class="fields">
      <h2>Picture</h2>
      <PictureWarnings />
      <PromptFields />
      <ModelFields />
      <SizeFields />
      <SamplingFields />
      <StartFields />
      <LargeFields />
      <LayoutFields />
      <OutputFields />
    </section>
  );
}
