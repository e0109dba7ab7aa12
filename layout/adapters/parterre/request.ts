/** Parterre's own text in its pictures: the request that made them. */

import type { FieldPath } from "../../../errors.ts";
import { type GeometrySpec, type LayoutSpec, PLAIN_LAYOUT, PLAIN_REGION, type RegionSpec } from "../../layout.ts";
import { type Adaptation, Findings } from "../adapted.ts";
import { isObject, type JsonObject, listOf, parseObject } from "../json.ts";
import { inputSettings } from "./inputs.ts";
import type { ImportedSettings } from "../settings.ts";

/** Shapes nest eight deep; what is deeper is refused anyway. */
const DEEPEST = 16;

/** The fields of layouts and regions; others are those of a version that is not this one. */
const LAYOUT_FIELDS: readonly string[] = Object.keys(PLAIN_LAYOUT);
const REGION_FIELDS: readonly string[] = [...Object.keys(PLAIN_REGION), "name", "geometry", "prompt", "loras"];

/** The fields of a request that are settings here, of these types. */
const SETTINGS: ReadonlyMap<string, "string" | "number"> = new Map([
  ["model", "string"],
  ["width", "number"],
  ["height", "number"],
  ["steps", "number"],
  ["sampler", "string"],
  ["schedule", "string"],
  ["guidanceScale", "number"],
  ["guidanceStart", "number"],
  ["guidanceEnd", "number"],
  ["modeUntil", "number"],
  ["seed", "number"],
  ["clipSkip", "number"],
]);

/** Those of a few values, which have capitals in the API. */
const CHOICES: ReadonlyMap<string, readonly string[]> = new Map([
  ["mode", ["attention", "latent"]],
  ["previews", ["linear", "autoencoder"]],
  ["regionalLora", ["CONTEXT_ONLY", "WEIGHTED", "REFUSE"]],
]);

/** Those that are made of fields of these types, as requests have them. */
const GROUPS: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ["windows", { size: "number", overlap: "number" }],
  ["secondPass", { scale: "number", upscale: "string", strength: "number", steps: "number" }],
]);

/** Fields that say nothing of the picture: the layout is all of it, the file has its format,
 * and what made it is for those who want the same bytes. */
const SILENT: readonly string[] = ["layout", "savedLayout", "format", "made"];

/**
 * Reads the `parterre` text of a picture, so that the same picture can be painted again. Fields that this version has not
 * got are named in warnings.
 *
 * Total: any text gives a layout, which `resolveLayout` may still refuse, or problems. Their code: INVALID_VALUE, for what
 * is no request.
 *
 * @param path Where the text stands in the caller's input.
 */
export function readOwnRequest(text: string, path: FieldPath): Adaptation {
  const findings = new Findings();
  const request = parseObject(text);
  const layout = request?.["layout"];
  if (request === undefined || !isObject(layout)) {
    findings.problem(
      "INVALID_VALUE",
      path,
      text.slice(0, 40),
      "must be a request of Parterre as JSON, with its layout",
    );
    return { problems: findings.problems };
  }
  const settings = takeSettings(request, path, findings);
  const spec = takeLayout(layout, [...path, "layout"], findings);
  return findings.answer(spec, settings);
}

function takeSettings(request: JsonObject, path: FieldPath, findings: Findings): ImportedSettings {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(request)) {
    if (SILENT.includes(name)) continue;
    const choice = typeof value === "string" && CHOICES.get(name)?.includes(value);
    if (choice) settings[name] = value.toUpperCase();
    else if (name === "loras" && Array.isArray(value) && value.every(isLora)) settings[name] = value;
    else if (SETTINGS.has(name) && typeof value === SETTINGS.get(name)) settings[name] = value;
    else {
      const group = readGroup(value, GROUPS.get(name));
      const inputs = group === undefined ? inputSettings(name, value) : { [name]: group };
      if (inputs === undefined) leaveOut([...path, name], findings);
      Object.assign(settings, inputs);
    }
  }
  return settings;
}

function isLora(value: unknown): boolean {
  return isObject(value) && typeof value["name"] === "string" && typeof value["weight"] === "number";
}

/** A group of settings as callers send it; undefined if a value has not its fields, or others. */
function readGroup(value: unknown, fields: Readonly<Record<string, string>> | undefined): JsonObject | undefined {
  if (fields === undefined || !isObject(value)) return undefined;
  const { upscale } = value;
  const complete = Object.keys(value).length === Object.keys(fields).length &&
    Object.entries(fields).every(([name, type]) => typeof value[name] === type) &&
    (upscale === undefined || upscale === "pixel" || upscale === "latent");
  if (!complete) return undefined;
  return typeof upscale === "string" ? { ...value, upscale: upscale.toUpperCase() } : value;
}

/** The layout as callers send it: the same fields, and geometries with their kinds as names. */
function takeLayout(layout: JsonObject, path: FieldPath, findings: Findings): LayoutSpec {
  const fields = known(layout, LAYOUT_FIELDS, path, findings);
  const regions = listOf(layout["regions"]).map((region, i) => {
    if (!isObject(region)) return region;
    const own = known(region, REGION_FIELDS, [...path, "regions", i], findings);
    return { ...own, geometry: takeGeometry(region["geometry"], 0) } as RegionSpec;
  });
  // Pictures from before there was a syntax have their prompts as they stand.
  return { promptSyntax: "PLAIN", ...fields, regions } as LayoutSpec;
}

function known(value: JsonObject, names: readonly string[], path: FieldPath, findings: Findings): JsonObject {
  return Object.fromEntries(
    Object.entries(value).filter(([name]) => {
      if (!names.includes(name)) leaveOut([...path, name], findings);
      return names.includes(name);
    }),
  );
}

function leaveOut(path: FieldPath, findings: Findings): void {
  findings.warn("SETTING_LEFT_OUT", path, "this version of Parterre has no such setting, so it was left out");
}

/** A geometry by its kind; what is none stays as it is, for the layout's rules to refuse. */
function takeGeometry(value: unknown, depth: number): GeometrySpec | unknown {
  if (!isObject(value) || depth > DEEPEST) return value;
  const { kind, ...fields } = value;
  const each = (list: unknown) => listOf(list).map((part) => takeGeometry(part, depth + 1));
  switch (kind) {
    case "RECTANGLE":
      return { rectangle: fields };
    case "ELLIPSE":
      return { ellipse: fields };
    case "POLYGON":
      return { polygon: fields };
    case "MASK":
      return { mask: fields };
    case "WORDS":
      return { words: fields };
    case "CELL":
      return { cell: fields["cell"] };
    case "UNION":
      return { union: each(fields["of"]) };
    case "SUBTRACTION":
      return {
        subtraction: { from: takeGeometry(fields["from"], depth + 1), subtract: each(fields["subtract"]) },
      };
    case "REST":
      return { rest: true };
    default:
      return value;
  }
}
