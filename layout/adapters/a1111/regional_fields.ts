/**
 * The settings that Regional Prompter adds to a web UI's text, `RP Active` and others. Their names and values were read from
 * `scripts/rp.py` of github.com/hako-mikan/sd-webui-regional-prompter; nothing of it is copied.
 */

import type { DivideMode, RegionalPrompterInput } from "../regional_prompter/input.ts";
import type { InfotextField } from "./infotext.ts";

/** Modes by what the tabs, their choices, and presets of older versions call them. */
const MODES: ReadonlyMap<string, DivideMode> = new Map([
  ["Columns", "COLUMNS"],
  ["Horizontal", "COLUMNS"],
  ["Rows", "ROWS"],
  ["Vertical", "ROWS"],
  ["Random", "RANDOM"],
  ["Mask", "MASK"],
  ["Prompt", "PROMPT"],
  ["Prompt-Ex", "PROMPT_EX"],
  ["Prompt-EX", "PROMPT_EX"],
]);

/** The choices of the three tabs, of which only the one that is open counts. */
const CHOICES: ReadonlyMap<string, string> = new Map([
  ["Matrix", "RP Matrix submode"],
  ["Mask", "RP Mask submode"],
  ["Prompt", "RP Prompt submode"],
]);

/** Settings that change nothing at these values, which they have where nobody touched them. */
const IDLE: ReadonlyMap<string, readonly string[]> = new Map([
  ["RP Options", ["", "[]"]],
  ["RP LoRA Neg Te Ratios", ["0", ""]],
  ["RP LoRA Neg U Ratios", ["0", ""]],
  ["RP LoRA Stop Step", ["0", ""]],
  ["RP LoRA Hires Stop Step", ["0", ""]],
  ["RP Change AND", ["False"]],
]);

/** How the regions are divided, as far as the settings say it. */
export interface RegionalFields {
  /** Undefined: a mode that nobody knows. */
  readonly mode: DivideMode | undefined;
  /** As it is written there. */
  readonly modeName: string;
  readonly input: Omit<RegionalPrompterInput, "prompt" | "negativePrompt" | "mode">;
  /** Whether whole predictions are mixed, region by region. */
  readonly latent: boolean;
  /** The settings that are not Regional Prompter's, and those of its that have no counterpart here. */
  readonly others: readonly InfotextField[];
}

/**
 * The settings of Regional Prompter where it was active; undefined where it was not.
 * @param prompt May ask for a base prompt by itself.
 */
export function readRegionalFields(fields: readonly InfotextField[], prompt: string): RegionalFields | undefined {
  const values = new Map(fields.map(({ name, value }) => [name, value]));
  if (values.get("RP Active") !== "True") return undefined;
  const tab = values.get("RP Divide mode") ?? "";
  const modeName = values.get(CHOICES.get(tab) ?? "") ?? tab;
  const mode = MODES.get(modeName);
  const flag = (name: string) => values.get(name) === "True";
  return {
    mode,
    modeName,
    latent: values.get("RP Calc Mode") === "Latent",
    input: {
      ...(byWords(mode) ? { threshold: values.get("RP threshold") ?? "" } : {}),
      ...(mode === "MASK" || byWords(mode) ? {} : { ratios: values.get("RP Ratios") ?? "", flip: flag("RP Flip") }),
      baseRatios: flag("RP Use Base") || prompt.includes("ADDBASE") ? values.get("RP Base Ratios") ?? "" : "",
      useBase: flag("RP Use Base"),
      useCommon: flag("RP Use Common"),
      useCommonNegative: flag("RP Use Ncommon"),
    },
    others: fields.filter((field) => !isRead(field)),
  };
}

/** Names that {@link readRegionalFields} reads, whatever their values. */
const READ: readonly string[] = [
  ...["RP Active", "RP Divide mode", "RP Calc Mode", "RP Ratios", "RP Base Ratios", "RP Use Base", "RP Use Common"],
  ...["RP Use Ncommon", "RP Flip", "RP threshold", ...CHOICES.values()],
];

function byWords(mode: DivideMode | undefined): boolean {
  return mode === "PROMPT" || mode === "PROMPT_EX";
}

function isRead({ name, value }: InfotextField): boolean {
  return READ.includes(name) || IDLE.get(name)?.includes(value) === true;
}

/** The settings without those of Regional Prompter, which change nothing where it was not active. */
export function withoutRegional(fields: readonly InfotextField[]): readonly InfotextField[] {
  return fields.filter(({ name }) => !name.startsWith("RP "));
}
