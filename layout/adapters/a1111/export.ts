/**
 * A picture's text (`parameters`) as AUTOMATIC1111's stable-diffusion-webui writes it, with Regional Prompter's settings where
 * these can say how the layout divides the canvas. Names were read as in `infotext.ts` and `regional_fields.ts`.
 */

import type { Layout } from "../../layout.ts";
import type { LoraUse } from "../../lora_use.ts";
import { exportRegionalPrompt } from "../regional_prompter/export.ts";
import type { RegionalPrompterInput } from "../regional_prompter/input.ts";
import { writtenLoras } from "../web_ui_loras.ts";

/** What the text says beside its prompts. */
export interface ParametersFacts {
  readonly steps: number;
  /** As people call it there. */
  readonly sampler: string;
  /** A schedule's name here; `model` is left to the program that reads it. */
  readonly schedule: string;
  readonly guidanceScale: number;
  readonly seed: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Which layer of the text encoders is read, counted as there. */
  readonly clipSkip: number;
  /** LoRAs of the whole picture, beside those that prompts name. */
  readonly loras: readonly LoraUse[];
  readonly model: string;
  /** Hexadecimal digits, of which the text has the first ten. */
  readonly modelHash: string | null;
  /** Whether regions are kept apart by predictions of their own. */
  readonly latent: boolean;
  readonly version: string;
}

/** The schedules that have a name there. */
const SCHEDULES: ReadonlyMap<string, string> = new Map([
  ["karras", "Karras"],
  ["exponential", "Exponential"],
  ["beta", "Beta"],
  ["sgm-uniform", "SGM Uniform"],
  ["ays", "Align Your Steps"],
  ["ays-sdxl", "Align Your Steps"],
]);

/**
 * Writes the text. What Regional Prompter cannot say of a layout is not in it; regions whose places it cannot say are
 * prompts with BREAK between them, which paint no regions there.
 */
export function writeParameters(layout: Layout, facts: ParametersFacts): string {
  const { input, warnings } = exportRegionalPrompt(layout);
  const placed = input.mode !== undefined && input.mode !== "MASK" &&
    !warnings.some(({ path }) => path.at(-1) === "geometry");
  const schedule = SCHEDULES.get(facts.schedule);
  const fields: readonly (readonly [name: string, value: string | number])[] = [
    ["Steps", facts.steps],
    ["Sampler", facts.sampler],
    ...(schedule === undefined ? [] : [["Schedule type", schedule] as const]),
    ["CFG scale", facts.guidanceScale],
    ["Seed", facts.seed],
    ["Size", `${facts.width}x${facts.height}`],
    ...(facts.modelHash === null ? [] : [["Model hash", facts.modelHash.slice(0, 10)] as const]),
    ["Model", facts.model],
    ...(facts.clipSkip === 1 ? [] : [["Clip skip", facts.clipSkip] as const]),
    ...(layout.emphasis === "NO_NORM" && layout.promptSyntax === "WEIGHTED" ? [["Emphasis", "No norm"] as const] : []),
    ...(placed ? regionalFields(input, facts.latent) : []),
    ["Version", facts.version],
  ];
  const written = placed ? input.prompt : input.prompt.replaceAll(/ADDCOL|ADDROW|ADDBASE|ADDCOMM/g, "BREAK");
  // Before a keyword that ends what is everybody's, and so the whole picture's in either tool.
  const loras = writtenLoras(facts.loras);
  const common = placed && !/ADDCOMM|ADDBASE/.test(written) ? " ADDCOMM\n" : " ";
  const prompt = loras === "" ? written : `${loras}${common}${written}`;
  const negative = input.negativePrompt ?? "";
  return [
    prompt,
    ...(negative === "" ? [] : [`Negative prompt: ${negative}`]),
    fields.map(([name, value]) => `${name}: ${quoted(String(value))}`).join(", "),
  ].join("\n");
}

function regionalFields(input: RegionalPrompterInput, latent: boolean): (readonly [string, string])[] {
  return [
    ["RP Active", "True"],
    ["RP Divide mode", "Matrix"],
    ["RP Matrix submode", input.mode === "ROWS" ? "Rows" : "Columns"],
    ["RP Calc Mode", latent ? "Latent" : "Attention"],
    ["RP Ratios", input.ratios ?? ""],
    ["RP Base Ratios", input.baseRatios ?? ""],
    ["RP Use Base", "False"],
    ["RP Use Common", "False"],
    ["RP Use Ncommon", "False"],
    ["RP Flip", "False"],
  ];
}

/** A value as it stands in the line: one that would end early is a JSON string. */
function quoted(value: string): string {
  return /[,:\n]/.test(value) ? JSON.stringify(value) : value;
}
