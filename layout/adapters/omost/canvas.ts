/** Omost's canvas, Python text that a language model wrote, as a layout. The text is read, never run. */

import type { FieldPath } from "../../../errors.ts";
import type { RegionSpec } from "../../layout.ts";
import { type Adaptation, Findings, Source } from "../adapted.ts";
import { closestWord } from "../closest_word.ts";
import { canvasLayout } from "./canvas_layout.ts";
import { isConditions, readConditions } from "./conditions.ts";
import { AREAS, LOCATIONS, OFFSETS, omostRectangle } from "./places.ts";
import { type PythonArgument, type PythonCall, readPythonCalls } from "./python_calls.ts";
import { joinSentences } from "./sentences.ts";

type Kind = "TEXT" | "TEXTS" | "NUMBER";

/** A parameter; those that are not required may be left out, which Omost itself does not allow. */
interface Parameter {
  readonly kind: Kind;
  readonly required: boolean;
}

const required = (kind: Kind): Parameter => ({ kind, required: true });
const optional = (kind: Kind): Parameter => ({ kind, required: false });

const GLOBAL = new Map([
  ["description", required("TEXT")],
  ["detailed_descriptions", optional("TEXTS")],
  ["tags", optional("TEXT")],
  ["HTML_web_color_name", optional("TEXT")],
]);

const LOCAL = new Map([
  ["location", required("TEXT")],
  ["offset", required("TEXT")],
  ["area", required("TEXT")],
  ["distance_to_viewer", required("NUMBER")],
  ["description", required("TEXT")],
  ["detailed_descriptions", optional("TEXTS")],
  ["tags", optional("TEXT")],
  ["atmosphere", optional("TEXT")],
  ["style", optional("TEXT")],
  ["quality_meta", optional("TEXT")],
  ["HTML_web_color_name", optional("TEXT")],
]);

/** Nobody mends more in one go, and a hostile text could have a million. */
const MAX_PROBLEMS = 100;

/**
 * Reads a canvas: a whole answer of the model, of which the first code block counts, the code alone, or the JSON that a
 * canvas is processed to (see {@link readConditions}).
 *
 * The global description is the base prompt, and stands before every local one that follows it. Distances become z: the
 * nearer one is in front. Words for places that are nearly right are corrected, as there, with a warning. Colours, which
 * there tint the first noise, are left out. Prompts are PLAIN: brackets have no meaning there.
 *
 * Total: any text gives a layout or problems. Their codes: INVALID_VALUE (text that is not understood, arguments that are
 * missing, unknown or of another type, words for no place) and OUT_OF_RANGE (a distance that is not positive).
 *
 * @param path Where the input stands in the caller's; `["input"]` by default.
 */
export function readOmostCanvas({ text }: { readonly text: string }, path: FieldPath = ["input"]): Adaptation {
  const findings = new Findings();
  const source = new Source(text, [...path, "text"], findings);
  const [start, end] = codeBlock(text);
  const block = text.slice(start, end);
  if (isConditions(block)) return readConditions(block, source.path);
  const regions: RegionSpec[] = [];
  let global: { readonly description: string; readonly prompt: string } | undefined;
  let coloured = false;
  const calls = readPythonCalls(source, start, end);
  for (const call of calls) {
    if (findings.problems.length >= MAX_PROBLEMS) break;
    const read = readArguments(source, call);
    if (read === undefined) continue;
    const colour = read.get("HTML_web_color_name");
    if (colour !== undefined && !coloured) {
      source.warn(
        "COLOUR_LEFT_OUT",
        "colours, which tint the noise that Omost begins with, were left out",
        colour.offset,
      );
      coloured = true;
    }
    if (call.method === "set_global_description") {
      if (global !== undefined) {
        source.warn("GLOBAL_REPLACED", "it replaces the global description before", call.offset);
      }
      const description = sentences(read, ["description"]);
      global = { description, prompt: sentences(read, ["description", "detailed_descriptions", "tags"]) };
    } else {
      const region = readLocal(source, read, global?.description ?? "");
      if (region !== undefined) regions.push(region);
    }
  }
  if (global === undefined && findings.problems.length === 0) {
    source.problem("INVALID_VALUE", "must call canvas.set_global_description: the code ends", end, "");
  }
  return findings.answer(canvasLayout(global?.prompt ?? "", regions));
}

type Arguments = ReadonlyMap<string, PythonArgument>;

/** [start, end) of the first fenced block; of the whole text without one. */
function codeBlock(text: string): readonly [start: number, end: number] {
  const fence = text.indexOf("```");
  if (fence === -1) return [0, text.length];
  const line = text.indexOf("\n", fence);
  const start = line === -1 ? text.length : line + 1;
  const end = text.indexOf("```", start);
  return [start, end === -1 ? text.length : end];
}

/** The arguments by name; undefined where some are wrong, which are then noted. */
function readArguments(source: Source, call: PythonCall): Arguments | undefined {
  const before = source.findings.problems.length;
  const { object, method, args, offset } = call;
  const parameters = object !== "canvas"
    ? undefined
    : method === "set_global_description"
    ? GLOBAL
    : method === "add_local_description"
    ? LOCAL
    : undefined;
  if (parameters === undefined) {
    const rule = "must call canvas.set_global_description and canvas.add_local_description only: another call is";
    source.problem("INVALID_VALUE", rule, offset, `${object}.${method}`);
    return undefined;
  }
  const read = new Map<string, PythonArgument>();
  const names = [...parameters.keys()];
  args.forEach((argument, i) => {
    const name = argument.name ?? names[i] ?? `argument ${i + 1}`;
    const parameter = parameters.get(name);
    const reason = parameter === undefined
      ? "unknown"
      : read.has(name)
      ? "given twice"
      : isOf(argument, parameter.kind)
      ? undefined
      : `not ${{ TEXT: "a text", TEXTS: "a list of texts", NUMBER: "a number" }[parameter.kind]}`;
    if (reason === undefined) read.set(name, argument);
    else source.problem("INVALID_VALUE", `must have the arguments of ${method}: ${name} is ${reason}`, argument.offset);
  });
  const missing = names.filter((name) => parameters.get(name)?.required === true && !read.has(name));
  if (missing.length > 0 && source.findings.problems.length === before) {
    const rule = `must have the arguments of ${method}: ${missing.join(", ")} is missing`;
    source.problem("INVALID_VALUE", rule, offset);
  }
  return source.findings.problems.length > before ? undefined : read;
}

function isOf({ value }: PythonArgument, kind: Kind): boolean {
  if (kind === "TEXTS") return Array.isArray(value);
  return kind === "TEXT" ? typeof value === "string" : typeof value === "number";
}

function readLocal(source: Source, read: Arguments, global: string): RegionSpec | undefined {
  const location = readPlace(source, read.get("location"), LOCATIONS);
  const offset = readPlace(source, read.get("offset"), OFFSETS);
  const area = readPlace(source, read.get("area"), AREAS);
  const distance = read.get("distance_to_viewer");
  const value = typeof distance?.value === "number" ? distance.value : NaN;
  if (!(value > 0)) {
    source.problem("OUT_OF_RANGE", "must have a distance_to_viewer greater than 0:", distance?.offset ?? 0, value);
  }
  if (location === undefined || offset === undefined || area === undefined || !(value > 0)) return undefined;
  const own = ["description", "detailed_descriptions", "tags", "atmosphere", "style", "quality_meta"];
  const prompt = [global, sentences(read, own)].filter((part) => part !== "").join(" ");
  return { prompt, geometry: { rectangle: omostRectangle(location, offset, area) }, z: -value };
}

/** The place that a word stands for, or the word most like it. */
function readPlace<T>(
  source: Source,
  argument: PythonArgument | undefined,
  places: ReadonlyMap<string, T>,
): T | undefined {
  if (typeof argument?.value !== "string") return undefined;
  const word = argument.value.toLowerCase();
  const exact = places.get(word);
  if (exact !== undefined) return exact;
  const closest = closestWord(word, places.keys());
  if (closest === undefined) {
    const rule = `must be one of ${[...places.keys()].join(", ")}: another word is`;
    source.problem("INVALID_VALUE", rule, argument.offset, argument.value);
    return undefined;
  }
  source.warn("CORRECTED", `${JSON.stringify(argument.value)} was read as "${closest}"`, argument.offset);
  return places.get(closest);
}

/** The texts of these arguments as sentences one behind the other. */
function sentences(read: Arguments, names: readonly string[]): string {
  return joinSentences(names.flatMap((name) => {
    const value = read.get(name)?.value;
    return Array.isArray(value) ? value : typeof value === "string" ? [value] : [];
  }));
}
