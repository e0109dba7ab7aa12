/** A web UI's text (`parameters` of AUTOMATIC1111, Forge and many others) as a layout, with Regional Prompter's part of it. */

import type { FieldPath } from "../../../errors.ts";
import type { LayoutSpec, PromptEmphasis } from "../../layout.ts";
import { type Adaptation, Findings, Source } from "../adapted.ts";
import type { SeenMask } from "../regional_prompter/input.ts";
import { readRegionalPrompt } from "../regional_prompter/prompt.ts";
import { plainPrompt } from "../regional_prompter/text.ts";
import type { ImportedSettings } from "../settings.ts";
import { type Infotext, splitInfotext } from "./infotext.ts";
import { readRegionalFields, type RegionalFields, withoutRegional } from "./regional_fields.ts";
import { aspectOf, takeInfotextSettings } from "./settings.ts";

/** The image of a mask, which the text does not hold. */
export interface GivenMask {
  readonly maskAsset: string;
  readonly maskImage?: SeenMask | null;
}

/** A name for the mask's image where there is none: its regions are switched off. */
const NO_IMAGE = "0".repeat(64);

/** Words that mix predictions there: whole words in capitals. */
const AND = /(?<![\p{L}\p{N}_])AND(?![\p{L}\p{N}_])/gu;

/** How weights are read there, as the text names it where it is not the usual way. */
const EMPHASES: ReadonlyMap<string, PromptEmphasis> = new Map([["Original", "A1111"], ["No norm", "NO_NORM"]]);

/** What a text was found to be. */
export interface ParametersAdaptation {
  readonly adaptation: Adaptation;
  /** Whether Regional Prompter was active. */
  readonly regional: boolean;
}

/**
 * Reads such a text. Without Regional Prompter it is a plain picture's. Settings without a counterpart are named in
 * warnings, each at its place in the text.
 *
 * Total: any text gives a layout or problems. Their codes are those of `readRegionalPrompt`, and UNSUPPORTED for a mode
 * that nobody knows.
 *
 * @param path Where the text stands in the caller's input.
 */
export function readParameters(text: string, path: FieldPath, mask: GivenMask | null = null): ParametersAdaptation {
  const findings = new Findings();
  const source = new Source(text, path, findings);
  const infotext = splitInfotext(text);
  const named = infotext.fields.find(({ name, value }) => name === "Emphasis" && EMPHASES.has(value));
  const emphasis = EMPHASES.get(named?.value ?? "Original") ?? "A1111";
  const fields = infotext.fields.filter((field) => field !== named);
  const regional = readRegionalFields(fields, infotext.prompt);
  const read = takeInfotextSettings(regional?.others ?? withoutRegional(fields), source);
  const settings: ImportedSettings = { ...read, ...(regional?.latent === true ? { mode: "LATENT" } : {}) };
  if (regional !== undefined) {
    return {
      regional: true,
      adaptation: readRegions(infotext, regional, { path, mask, emphasis, settings, findings }),
    };
  }
  if (mask !== null) warnOfMask(path, findings);
  return {
    regional: false,
    adaptation: findings.answer({ ...aspectOf(settings), emphasis, ...readPlain(infotext, path, findings) }, settings),
  };
}

interface Context {
  readonly path: FieldPath;
  readonly mask: GivenMask | null;
  readonly emphasis: PromptEmphasis;
  readonly settings: ImportedSettings;
  readonly findings: Findings;
}

function readPlain({ prompt, negativePrompt }: Infotext, path: FieldPath, findings: Findings): LayoutSpec {
  const plain = (part: string, text: string) => {
    const source = new Source(text, [...path, part], findings);
    for (const { index } of text.matchAll(AND)) {
      source.warn("AND_KEPT", "AND mixes predictions there; here it stays a word", index);
    }
    return plainPrompt(source, { negative: part === "negativePrompt" });
  };
  return {
    promptSyntax: "WEIGHTED",
    basePrompt: plain("prompt", prompt),
    negativePrompt: plain("negativePrompt", negativePrompt),
  };
}

function readRegions(infotext: Infotext, regional: RegionalFields, context: Context): Adaptation {
  const { path, mask, emphasis, settings, findings } = context;
  const { mode, modeName, input } = regional;
  if (mode === undefined) {
    const rule = "must divide the canvas by Columns, Rows, Random, Mask, Prompt or Prompt-Ex";
    findings.problem("UNSUPPORTED", [...path, "mode"], modeName, rule);
    return { problems: findings.problems };
  }
  if (mode === "MASK" ? mask === null : mask !== null) warnOfMask(path, findings, mode === "MASK");
  const { prompt, negativePrompt } = infotext;
  const drawn = mode === "RANDOM" ? { seed: (settings.seed ?? 0) % 2 ** 32 } : {};
  if (mode === "RANDOM") {
    const message =
      "where each region lay was drawn there and is not in the file; it was drawn anew, by the picture's seed";
    findings.warn("SEED_ASSUMED", [...path, "seed"], message);
  }
  const masked = mode === "MASK" ? mask ?? { maskAsset: NO_IMAGE } : {};
  const read = readRegionalPrompt(
    { prompt, negativePrompt, mode, ...input, ...drawn, ...masked },
    path,
    regional.latent,
  );
  if ("problems" in read) return { problems: [...findings.problems, ...read.problems] };
  findings.warnings.push(...read.warnings);
  const spec = mode === "MASK" && mask === null ? switchedOff(read.spec) : read.spec;
  return findings.answer({ ...aspectOf(settings), ...spec, emphasis }, settings);
}

function warnOfMask(path: FieldPath, findings: Findings, missing = false): void {
  if (missing) {
    const message = "the picture does not hold the mask's image: its regions are switched off until they have one";
    findings.warn("MASK_LEFT_OUT", [...path, "maskAsset"], message);
  } else {
    findings.warn(
      "OPTION_UNUSED",
      [...path, "maskAsset"],
      "the picture was divided by no mask, so the image is not used",
    );
  }
}

/** The layout with every region on the whole canvas, and none of them painted. */
function switchedOff(spec: LayoutSpec): LayoutSpec {
  const geometry = { rectangle: { x: 0, y: 0, width: 1, height: 1 } };
  return { ...spec, regions: (spec.regions ?? []).map((region) => ({ ...region, geometry, enabled: false })) };
}
