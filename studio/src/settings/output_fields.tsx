/** Files, previews, and what else is rarely touched. */

import type { JSX } from "preact";
import { draft } from "../draft/store.ts";
import { LorasField } from "../fields/loras_field.tsx";
import { NumberField } from "../fields/number_field.tsx";
import { SelectField } from "../fields/select_field.tsx";
import { set } from "./edit_picture.ts";
import { loras, model } from "./server.ts";

const FORMATS = [
  { value: "PNG", label: "PNG: lossless, carries how it was painted" },
  { value: "WEBP", label: "WebP: small" },
  { value: "JPEG", label: "JPEG: read everywhere" },
] as const;
const PREVIEWS = [
  { value: "LINEAR", label: "quick" },
  { value: "AUTOENCODER", label: "sharp, at some cost" },
] as const;
const REGIONAL_LORAS = [
  { value: "CONTEXT_ONLY", label: "only what acts on their prompts" },
  { value: "WEIGHTED", label: "all that can be, at some cost" },
  { value: "REFUSE", label: "whole, or not at all" },
] as const;

export function OutputFields(): JSX.Element {
  const { settings } = draft.value;
  const hasLoras = loras.value.length > 0 || settings.loras?.length;
  return (
    <details>
      <summary>{hasLoras ? "LoRAs, file, previews" : "File, previews"}</summary>
      <LorasField label="LoRAs of the whole picture" path="loras" value={settings.loras ?? []} onValue={set("loras")} />
      {hasLoras && (
        <SelectField
          label="Regions' LoRAs"
          paths={["regionalLora"]}
          value={settings.regionalLora ?? "CONTEXT_ONLY"}
          choices={REGIONAL_LORAS}
          onValue={set("regionalLora")}
        />
      )}
      <SelectField
        label="File format"
        paths={["format"]}
        value={settings.format ?? "PNG"}
        choices={FORMATS}
        onValue={set("format")}
      />
      {(model.value?.capabilities?.hasTinyAutoencoder || settings.previews === "AUTOENCODER") && (
        <SelectField
          label="Previews"
          paths={["previews"]}
          value={settings.previews ?? "LINEAR"}
          choices={PREVIEWS}
          onValue={set("previews")}
        />
      )}
      <NumberField
        label="Clip skip"
        paths={["clipSkip"]}
        help="Which layer of the text encoder is read, counted from its last; 1 is the one it was made with"
        value={settings.clipSkip ?? undefined}
        placeholder="1"
        onValue={set("clipSkip")}
      />
    </details>
  );
}
