/** A picture's file as a request, and what is not here as it was when the picture was painted. */

import { type FieldPath, InvalidInputError, InvalidInputErrors, quote } from "../../errors.ts";
import { canonicalJson } from "../../jobs/canonical_json.ts";
import { madeOf, type MadeRequest } from "../../jobs/made.ts";
import type { GenerationRequest, SavedLayoutVersion } from "../../jobs/request.ts";
import type { Adaptation } from "../../layout/adapters/adapted.ts";
import { parseObject } from "../../layout/adapters/json.ts";
import { readMade } from "../../layout/adapters/parterre/made.ts";
import { type ReadRerolls, readRerolls } from "../../layout/adapters/parterre/rerolls.ts";
import { readOwnRequest } from "../../layout/adapters/parterre/request.ts";
import { findTexts, type NamedText } from "../../layout/adapters/picture/find_text.ts";
import type { SchemaContext } from "../builder.ts";
import { readTextsOf } from "../texts_of_picture.ts";
import { type ResolvedInput, resolveInput } from "./resolve_input.ts";

/** Something that is not now as it was when the picture was painted. */
export interface Difference {
  readonly field: string;
  /** Null where the file does not say it. */
  readonly was: string | null;
  readonly is: string | null;
}

const FILE: FieldPath = ["input", "file"];

/**
 * The `parterre` text of a picture.
 * @throws {InvalidInputErrors} for what is no picture, or none of Parterre's.
 * @throws {BudgetExceededError} as the operation's turn has it.
 */
export async function readRecord(file: File, context: SchemaContext): Promise<string> {
  const text = recordAmong(await readTextsOf(file, FILE, context));
  if (text !== undefined) return text;
  throw refused(
    "INVALID_VALUE",
    FILE,
    file.name,
    "must be a picture that Parterre painted, with the texts in its file",
  );
}

/** The `parterre` text among those of a picture. */
export function recordAmong(texts: readonly NamedText[]): string | undefined {
  const [first] = findTexts(texts).found;
  return first?.kind === "PARTERRE" ? first.text : undefined;
}

/**
 * The request of a record, checked as any other, and equal to what the record says.
 * @throws {InvalidInputErrors} naming what this version, this server or its models do not have.
 * @throws {BudgetExceededError} {@link BusyError} as the operation's turn has it.
 */
export async function resolveRecord(text: string, context: SchemaContext): Promise<ResolvedInput> {
  const record = parseObject(text) ?? {};
  const { spec, settings: { secondPass, ...settings } } = understood(readOwnRequest(text, FILE));
  const resolved = await resolveInput({
    ...settings,
    layout: spec,
    mode: settings.mode === "LATENT" ? "latent" : "attention",
    previews: settings.previews === "AUTOENCODER" ? "autoencoder" : "linear",
    format: formatOf(record["format"]),
    rerolls: rerollsOf(text),
    ...secondPass && {
      secondPass: { ...secondPass, upscale: secondPass.upscale === "LATENT" ? "latent" : "pixel" },
    },
  }, context).catch((error) => {
    if (!(error instanceof InvalidInputErrors)) throw error;
    throw new InvalidInputErrors(error.problems.map(inFile));
  });
  const request: GenerationRequest = { ...resolved.request, savedLayout: sourceOf(record["savedLayout"]) };
  requireUnchanged(request, record, FILE);
  return { ...resolved, request };
}

/**
 * Refuses a request that is not what a record says.
 * @param path Where the record stands in the caller's input.
 * @throws {InvalidInputErrors} for every field that is not.
 */
export function requireUnchanged(
  request: GenerationRequest,
  record: Readonly<Record<string, unknown>>,
  path: FieldPath,
): void {
  const now: Readonly<Record<string, unknown>> = { ...request };
  const { made: _, ...said } = record;
  const names = [...new Set([...Object.keys(now), ...Object.keys(said)])];
  const changed = names.map((name) => [name, now[name]] as const)
    .filter(([name, value]) => canonicalJson(value) !== canonicalJson(said[name]));
  if (changed.length === 0) return;
  throw new InvalidInputErrors(
    changed.map(([name, value]) =>
      new InvalidInputError(
        "UNSUPPORTED",
        [...path, name],
        record[name],
        `must be what this version makes of it, ${quote(value)}`,
      )
    ),
  );
}

/** Settings of a record that no input has: they are read here, and not by `readOwnRequest`. */
const READ_HERE: readonly unknown[] = ["rerolls"];

function understood(adaptation: Adaptation): Extract<Adaptation, { spec: unknown }> {
  if ("problems" in adaptation) throw new InvalidInputErrors(adaptation.problems);
  const unread = adaptation.warnings.filter(({ path }) =>
    path.length > FILE.length + 1 || !READ_HERE.includes(path.at(-1))
  );
  if (unread.length === 0) return adaptation;
  throw new InvalidInputErrors(
    unread.map(({ path }) =>
      new InvalidInputError("UNSUPPORTED", path, path.at(-1), "must be a setting that this version of Parterre has")
    ),
  );
}

/** A problem at its place in the file, which is all that the caller sent. */
function inFile({ code, path, value, rule }: InvalidInputError): InvalidInputError {
  return new InvalidInputError(code, [...FILE, ...path.slice(1)], value, rule);
}

function rerollsOf(text: string): ReadRerolls {
  const rerolls = readRerolls(text);
  if (rerolls !== undefined) return rerolls;
  const rule = "must be regions with their seeds, and whether the rest is locked";
  throw refused("INVALID_VALUE", [...FILE, "rerolls"], parseObject(text)?.["rerolls"], rule);
}

function formatOf(value: unknown): "PNG" | "JPEG" | "WEBP" {
  if (value === "PNG" || value === "JPEG" || value === "WEBP") return value;
  throw refused("INVALID_VALUE", [...FILE, "format"], value, "must be PNG, JPEG or WEBP");
}

function sourceOf(value: unknown): SavedLayoutVersion | null {
  if (value === null) return null;
  if (typeof value === "object" && value !== undefined && "id" in value && "version" in value) {
    const { id, version } = value;
    if (typeof id === "string" && typeof version === "number" && Number.isSafeInteger(version)) return { id, version };
  }
  throw refused("INVALID_VALUE", [...FILE, "savedLayout"], value, "must be null, or the id and version of a layout");
}

/** What is not as the record has it, by name; of things that the record does not tell, and that cannot be told, as well. */
export async function differencesOf(
  text: string,
  request: MadeRequest,
  { services: { compute, catalog } }: SchemaContext,
): Promise<readonly Difference[]> {
  const was = readMade(text);
  const made = await madeOf(request, catalog, compute);
  return Object.entries(made).map(([name, is]) => ({ field: name, was: was.get(name) ?? null, is }))
    .filter(({ was, is }) => was !== is || is === null);
}

/** @throws {InvalidInputErrors} for each difference. */
export function requireSame(differences: readonly Difference[]): void {
  if (differences.length === 0) return;
  throw new InvalidInputErrors(differences.map(({ field, was, is }) => {
    const rule = `must be the same for the same bytes, ${quote(is)}, unless allowDifferences is true`;
    return new InvalidInputError("UNSUPPORTED", [...FILE, "made", field], was, rule);
  }));
}

function refused(code: InvalidInputError["code"], path: FieldPath, value: unknown, rule: string): InvalidInputErrors {
  return new InvalidInputErrors([new InvalidInputError(code, path, value, rule)]);
}
