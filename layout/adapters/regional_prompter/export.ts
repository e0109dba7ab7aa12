/** A layout as Regional Prompter's text and settings, as far as they can say it. */

import type { FieldPath } from "../../../errors.ts";
import type { Layout, Region } from "../../layout.ts";
import { type AdapterWarning, Findings } from "../adapted.ts";
import { warnOfEmphasis } from "../emphasis.ts";
import { equalColumns, type GridPlan, type MaskPlan, planOf, type WordsPlan } from "./export_geometry.ts";
import { joinPrompts, PromptWriter, withSuffix } from "./export_prompts.ts";
import { placedLoras } from "../../loras.ts";
import { writtenLoras } from "../web_ui_loras.ts";
import type { RegionalPrompterInput } from "./input.ts";

/** The text with the settings under which it means the layout, and what it does not say. */
export interface RegionalPrompterExport {
  readonly input: RegionalPrompterInput;
  /** Their paths are places in the layout. */
  readonly warnings: readonly AdapterWarning[];
}

/**
 * Writes a layout. Grids that are not nested, rectangles that make up such a grid, and masks of the colours that there are
 * there keep their places: reading the text back gives the same cells, prompts, base ratios and negatives. Regions that lie
 * anywhere else become equal columns, with a warning for each.
 *
 * @param path Where the layout stands in the caller's input.
 */
export function exportRegionalPrompt(layout: Layout, path: FieldPath = ["layout"]): RegionalPrompterExport {
  const findings = new Findings();
  const writer = new PromptWriter(layout.promptSyntax, findings);
  const indexes = new Map(layout.regions.map((region, i) => [region, i]));
  const at = (region: Region, ...field: readonly string[]) => [...path, "regions", indexes.get(region) ?? 0, ...field];
  warnOfLayout(layout, path, findings);
  warnOfEmphasis(layout, "A1111", path, findings);
  for (const region of layout.regions) warnOfRegion(region, at, findings);
  warnOfLoras(layout, path, findings);
  const enabled = layout.regions.filter((region) => region.enabled);
  const common = writer.write(layout.commonPrompt, [...path, "commonPrompt"]);
  const base = withSuffix(writer.write(layout.basePrompt, [...path, "basePrompt"]), layout, common);
  const negative = writer.write(layout.negativePrompt, [...path, "negativePrompt"]);
  const commonNegative = writer.write(layout.commonNegativePrompt, [...path, "commonNegativePrompt"]);
  if (enabled.length === 0) {
    const prefix = layout.commonPlacement === "PREFIX" ? common : "";
    const negatives = layout.commonPlacement === "PREFIX" ? [commonNegative, negative] : [negative, commonNegative];
    const input = { prompt: joinPrompts(prefix, base), negativePrompt: joinPrompts(...negatives) };
    return { input, warnings: findings.warnings };
  }

  let plan = planOf(layout);
  if (plan === undefined) {
    for (const region of enabled) {
      const message = "its place cannot be said there: it is one of equal columns";
      findings.warn("GEOMETRY_LEFT_OUT", at(region, "geometry"), message);
    }
    plan = equalColumns(enabled);
  }
  const cells = plan.kind === "GRID" ? plan.groups.flat() : plan.regions;
  const { words } = plan.kind === "WORDS" ? plan : { words: undefined };
  const hasBase = words !== undefined || layout.basePrompt !== "" ||
    cells.some((region) => region === null || region.baseRatio > 0);
  const prompts = cells.map((region) =>
    region === null ? base : withSuffix(
      joinPrompts(writer.write(region.prompt, at(region, "prompt")), writer.write(region.style, at(region, "style"))),
      layout,
      common,
    )
  ).map((prompt, i) => [writtenLoras(cells[i]?.loras ?? []), prompt].filter((text) => text !== "").join(" "));
  const placed = prompts.map((prompt, i) => {
    const region = cells[i], { of } = words?.[i] ?? {};
    if (region === null || region === undefined || of === undefined) return prompt;
    const ended = endingWith(writer.write(of, at(region, "geometry")), prompt);
    if (ended !== prompt) {
      const message = "that tool looks for the words that a prompt ends with, so they were put behind it";
      findings.warn("SETTING_APPROXIMATED", at(region, "prompt"), message);
    }
    if (region.baseRatio > 0) {
      const message = "regions that are found by words have no base ratios there, so it was left out";
      findings.warn("SETTING_LEFT_OUT", at(region, "baseRatio"), message);
    }
    return ended;
  });
  const empty = cells.filter((region) => region === null).length;
  if (empty > 0) {
    findings.warn(
      "CELL_FILLED",
      [...path, "grid"],
      `cells without a region, ${empty}, have the base prompt as their own`,
    );
  }
  const head = [
    ...(layout.commonPlacement === "PREFIX" && common !== "" ? [`${common} ADDCOMM`] : []),
    ...(hasBase ? [`${base} ADDBASE`] : []),
  ];
  const text = [...head, divided(placed, plan)].join("\n").trim();
  const negatives = cells.map((region) =>
    region === null || region.negativePrompt === null
      ? negative
      : writer.write(region.negativePrompt, at(region, "negativePrompt"))
  );
  return {
    input: {
      prompt: text,
      negativePrompt: negativesOf({ common: commonNegative, base: negative, own: negatives, hasBase, layout }),
      ...settingsOf(plan),
      ...(hasBase && plan.kind !== "WORDS" ? { baseRatios: baseRatiosOf(plan) } : {}),
    },
    warnings: findings.warnings,
  };
}

/** The prompts with the keyword between each two of them. */
function divided(prompts: readonly string[], plan: GridPlan | MaskPlan | WordsPlan): string {
  if (plan.kind !== "GRID") return prompts.join("\nBREAK ");
  const [inner, outer] = plan.mode === "COLUMNS" ? ["ADDCOL", "ADDROW"] : ["ADDROW", "ADDCOL"];
  let next = 0;
  return plan.groups.map((group) => group.map(() => prompts[next++] ?? "").join(`\n${inner} `)).join(`\n${outer} `);
}

function settingsOf(plan: GridPlan | MaskPlan | WordsPlan): Omit<RegionalPrompterInput, "prompt"> {
  switch (plan.kind) {
    case "GRID":
      return { mode: plan.mode, ratios: plan.ratios };
    case "MASK":
      return { mode: "MASK", maskAsset: plan.asset, maskColours: plan.colours };
    case "WORDS":
      return { mode: plan.mode, threshold: plan.words.map(({ threshold }) => threshold).join(",") };
  }
}

/** A prompt that ends with the words that its region is found by. */
function endingWith(words: string, prompt: string): string {
  return prompt.slice(prompt.lastIndexOf(",") + 1).trim() === words ? prompt : joinPrompts(prompt, words);
}

/** One number where all are equal, else one for each region, in the rows or columns of the ratios. */
function baseRatiosOf(plan: GridPlan | MaskPlan): string {
  const groups = plan.kind === "GRID" ? plan.groups : [plan.regions];
  const shares = groups.map((group) => group.map((region) => region?.baseRatio ?? 0));
  const all = shares.flat();
  const [first = 0] = all;
  if (all.every((share) => share === first)) return String(first);
  const line = shares.length === 1 || shares.every((group) => group.length === 1);
  if (line) return all.join(",");
  const [inner, outer] = plan.kind === "GRID" && plan.mode === "ROWS" ? [";", ","] : [",", ";"];
  return shares.map((group) => group.join(inner)).join(outer);
}

interface NegativeParts {
  readonly common: string;
  readonly base: string;
  readonly own: readonly string[];
  readonly hasBase: boolean;
  readonly layout: Layout;
}

/** One for everything, or one for the base and each region; the common one before them. */
function negativesOf({ common, base, own, hasBase, layout }: NegativeParts): string {
  const prefix = layout.commonPlacement === "PREFIX" && common !== "" ? `${common} ADDCOMM ` : "";
  const behind = (text: string) => withSuffix(text, layout, common);
  const slots = own.every((text) => text === base) ? [base] : [...(hasBase ? [base] : []), ...own];
  return `${prefix}${slots.map(behind).join(" BREAK ")}`.trim();
}

function warnOfLayout(layout: Layout, path: FieldPath, findings: Findings): void {
  const warn = (field: string, message: string) => findings.warn("SETTING_LEFT_OUT", [...path, field], message);
  if (layout.aspect !== null) {
    warn("aspect", `the picture's size is set beside the text there; its aspect is ${layout.aspect}`);
  }
  if (layout.regions.some(({ name }, i) => name !== `region ${i + 1}`)) warn("regions", "regions have no names there");
}

/** In attention mode that tool has no LoRAs of single regions. */
function warnOfLoras(layout: Layout, path: FieldPath, findings: Findings): void {
  for (const scope of new Set(placedLoras(layout).map((lora) => lora.scope))) {
    if (typeof scope !== "number" || layout.regions[scope]?.enabled !== true) continue;
    const message = "its LoRAs are the whole picture's there in attention mode, and the region's alone in latent mode";
    findings.warn("SETTING_APPROXIMATED", [...path, "regions", scope], message);
  }
}

function warnOfRegion(
  region: Region,
  at: (region: Region, ...field: readonly string[]) => FieldPath,
  findings: Findings,
): void {
  const leaveOut = (field: keyof Region, message: string) =>
    findings.warn("SETTING_LEFT_OUT", at(region, field), `${message}, so it was left out`);
  if (!region.enabled) {
    leaveOut("enabled", "a region that is switched off cannot be said there");
    return;
  }
  if (region.feather > 0) leaveOut("feather", "borders are sharp there");
  if (region.start > 0 || region.end < 1) leaveOut("start", "regions paint at all steps there");
  if (region.guidanceScale !== null) leaveOut("guidanceScale", "regions have no guidance of their own there");
  if (region.seed !== null) leaveOut("seed", "regions have no seeds of their own there");
  if (region.weight !== 1) leaveOut("weight", "regions have no weights there");
}
