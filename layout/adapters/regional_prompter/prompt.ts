/**
 * Regional Prompter's text and settings as a layout, with that tool's results wherever they are not its bugs.
 *
 * What it does was read from github.com/hako-mikan/sd-webui-regional-prompter (commit be62345); nothing of it is copied.
 */

import type { FieldPath } from "../../../errors.ts";
import type { RegionSpec } from "../../layout.ts";
import { type Adaptation, Findings, Source } from "../adapted.ts";
import { readBaseRatios } from "./base.ts";
import type { Division, Place } from "./division.ts";
import type { DivideMode, RegionalPrompterInput } from "./input.ts";
import { readMask } from "./mask.ts";
import { readMatrix } from "./matrix.ts";
import { type Negatives, readNegatives } from "./negatives.ts";
import { readRandom } from "./random.ts";
import { asksForWords, plainPrompt, type PromptParts, readParts } from "./text.ts";
import { readWords, warnOfBaseRatios } from "./words.ts";
import type { Maybe } from "../../../problems.ts";

/**
 * Reads a prompt of Regional Prompter. Total: any text gives a layout with warnings, or problems.
 *
 * Keywords are upper case and whole words. AND is BREAK; so is ADDP, which asks for mode PROMPT. Without any keyword the
 * text is a plain picture's, as it is there. `<lora:...>` of a region is that region's alone, as it is there in latent mode.
 *
 * Codes of the problems: INVALID_RATIO (numbers that are none, or not positive; base ratios outside of [0, 1]),
 * INVALID_VALUE (keywords out of order, more prompts than cells or fewer, negatives that do not mirror the prompts,
 * settings that the mode needs), OUT_OF_RANGE (seed, colours, rows and columns).
 *
 * @param path Where the input stands in the caller's; `["input"]` by default.
 * @param latent Whether the picture is known to be painted in latent mode.
 */
export function readRegionalPrompt(
  input: RegionalPrompterInput,
  path: FieldPath = ["input"],
  latent = false,
): Adaptation {
  const findings = new Findings();
  const source = (field: string, text: Maybe<string>) => new Source(text ?? "", [...path, field], findings);
  const prompt = source("prompt", input.prompt);
  const negative = source("negativePrompt", input.negativePrompt);
  const mode = modeOf(input, prompt);
  const byWords = mode === "PROMPT" || mode === "PROMPT_EX";
  warnOfUnused(input, mode, path, findings);

  const parts = readParts(prompt, { useCommon: input.useCommon === true, useBase: byWords || input.useBase === true });
  if (parts === "PLAIN") {
    prompt.warn("NO_KEYWORD", "there is no keyword, so the whole text is the prompt of a plain picture", 0);
    return findings.answer({
      promptSyntax: "WEIGHTED",
      emphasis: "A1111",
      basePrompt: plainPrompt(prompt),
      negativePrompt: plainPrompt(negative, { negative: true }),
    });
  }
  // Ratios are read also where the prompt is broken, so that one answer names all problems.
  const ratios = source("ratios", input.ratios);
  const division = divide(input, mode, parts, ratios, path);
  if (parts === undefined || division === undefined) return { problems: findings.problems };

  if (!latent) warnOfRegionLoras(parts);
  const baseRatios = source("baseRatios", input.baseRatios);
  if (byWords) warnOfBaseRatios(baseRatios, [...path, "baseRatios"]);
  const shares = byWords || parts.base === null
    ? division.places.map(() => 0)
    : readBaseRatios(baseRatios, mode, division.groups, division.places.length);
  if (parts.base === null && baseRatios.text.trim() !== "") {
    findings.warn("OPTION_UNUSED", baseRatios.path, "there is no base prompt, so the base ratios are not used");
  }
  const negatives = readNegatives(negative, {
    common: input.useCommonNegative === true,
    base: parts.base !== null,
    regions: division.places.length,
  });
  return findings.answer({
    promptSyntax: "WEIGHTED",
    emphasis: "A1111",
    commonPrompt: parts.common ?? "",
    commonNegativePrompt: negatives.common,
    commonPlacement: "PREFIX",
    basePrompt: parts.base ?? "",
    negativePrompt: negatives.base,
    ...(mode === "PROMPT_EX" ? { overlap: "Z_ORDER" as const } : {}),
    grid: division.grid,
    regions: division.places.flatMap((place, i) => regionOf(place, shares[i] ?? 0, negatives, i)),
  });
}

/** In attention mode that tool has no LoRAs of single regions. */
function warnOfRegionLoras({ source, segments }: PromptParts): void {
  for (const { text, offset } of segments) {
    if (!text.includes("<lora:")) continue;
    const message = "its LoRAs are this region's alone; there, in attention mode, they are the whole picture's";
    source.warn("SETTING_APPROXIMATED", message, offset);
  }
}

/** ADDP asks for words whatever the setting. */
function modeOf({ mode }: RegionalPrompterInput, prompt: Source): DivideMode {
  const set = mode ?? "COLUMNS";
  if (set === "PROMPT" || set === "PROMPT_EX" || !asksForWords(prompt.text)) return set;
  if (mode !== null && mode !== undefined) {
    prompt.warn("OPTION_UNUSED", `ADDP asks for mode PROMPT, so mode ${mode} is not used`, prompt.text.indexOf("ADDP"));
  }
  return "PROMPT";
}

function divide(
  input: RegionalPrompterInput,
  mode: DivideMode,
  parts: PromptParts | undefined,
  ratios: Source,
  path: FieldPath,
): Division | undefined {
  switch (mode) {
    case "COLUMNS":
    case "ROWS":
      return readMatrix(parts, ratios, mode, input.flip === true);
    case "RANDOM":
      return readRandom(parts, ratios, { flip: input.flip === true, seed: input.seed, path: [...path, "seed"] });
    case "MASK":
      return readMask(parts, ratios.findings, input, path);
    case "PROMPT":
    case "PROMPT_EX":
      return readWords(parts, new Source(input.threshold ?? "", [...path, "threshold"], ratios.findings));
  }
}

/** A region, or none where a random grid gave it no cell. */
function regionOf({ prompt, geometry, name }: Place, baseRatio: number, negatives: Negatives, i: number): RegionSpec[] {
  if (geometry === null) return [];
  const negativePrompt = negatives.regions === null ? {} : { negativePrompt: negatives.regions[i] ?? "" };
  return [{ name, prompt, baseRatio, ...negativePrompt, ...(geometry === undefined ? {} : { geometry }) }];
}

function warnOfUnused(input: RegionalPrompterInput, mode: DivideMode, path: FieldPath, findings: Findings): void {
  const unused = (field: keyof RegionalPrompterInput, reason: string) => {
    const value = input[field];
    const empty = value === null || value === undefined || value === false ||
      (typeof value === "string" && value.trim() === "");
    if (!empty) findings.warn("OPTION_UNUSED", [...path, field], reason);
  };
  if (mode === "PROMPT" || mode === "PROMPT_EX") {
    unused("ratios", "words say where the regions lie, so the ratios are not used");
    unused("flip", "words say where the regions lie, so there is nothing to flip");
  } else unused("threshold", `mode ${mode} looks for no words`);
  if (mode === "MASK") {
    unused("ratios", "the mask says where the regions lie, so the ratios are not used");
    unused("flip", "the mask says where the regions lie, so there is nothing to flip");
  } else {
    unused("maskAsset", `mode ${mode} uses no mask`);
    unused("maskColours", `mode ${mode} uses no mask`);
  }
  if (mode !== "RANDOM") unused("seed", `mode ${mode} draws nothing, so the seed is not used`);
}
