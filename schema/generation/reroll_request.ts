/** A picture with regions to be painted anew, as a request: the same one but for their noise. */

import { withReroll } from "../../compute/pipeline/held_runs.ts";
import type { Reroll } from "../../compute/pipeline/request.ts";
import { type FieldPath, InvalidInputError, InvalidInputErrors } from "../../errors.ts";
import { readPictureTexts } from "../../image/metadata/read_picture_texts.ts";
import type { Generation } from "../../jobs/generation.ts";
import { singleRequests } from "../../jobs/pictures.ts";
import type { GenerationRequest } from "../../jobs/request.ts";
import type { SchemaContext } from "../builder.ts";
import { NotFoundError } from "../errors.ts";
import { inputOf } from "./input_of.ts";
import { type Difference, differencesOf, recordAmong, requireUnchanged, resolveRecord } from "./picture_file.ts";
import { randomSeed } from "./random_seed.ts";
import { type ResolvedInput, resolveInput } from "./resolve_input.ts";

/** A picture whose regions are to be painted anew. */
export interface RerolledPicture {
  /** How it was painted. */
  readonly request: GenerationRequest;
  /** Its generation; null where a file is all there is. */
  readonly of: string | null;
  /** Its `parterre` text; undefined where the file is lost. */
  readonly text: string | undefined;
  /** Where the caller named it. */
  readonly path: FieldPath;
}

/** What is to be painted anew. */
export interface RerollChoice {
  readonly regions: readonly string[];
  /** One for each region. Default: random ones. */
  readonly seeds?: readonly number[] | null | undefined;
  readonly lockRest: boolean;
}

const GENERATION: FieldPath = ["input", "generation"];

/**
 * The picture of a generation.
 * @throws {NotFoundError} if there is no such generation, or if it is another's.
 * @throws {InvalidInputErrors} if it has not succeeded.
 */
export async function pictureOf(id: string, { services }: SchemaContext): Promise<RerolledPicture> {
  const generation = await services.generations.get(id);
  if (generation === null) throw new NotFoundError(id);
  const { status, image, request } = generation;
  if (image === null) throw refused("INVALID_VALUE", GENERATION, status, "must be a generation that has SUCCEEDED");
  const [first] = singleRequests(request); // of several pictures, the one that `image` shows
  return { request: first, of: id, text: await recordOf(image, services), path: GENERATION };
}

/** The picture of a file of Parterre's. */
export async function pictureOfRecord(text: string, context: SchemaContext): Promise<RerolledPicture> {
  const { request } = await resolveRecord(text, context);
  return { request, of: null, text, path: ["input", "file"] };
}

async function recordOf(
  { assetKey }: NonNullable<Generation["image"]>,
  { assets }: SchemaContext["services"],
): Promise<string | undefined> {
  const asset = await assets.get(assetKey);
  return asset === null ? undefined : recordAmong(readPictureTexts(asset.bytes));
}

/** What of a picture's making may have changed without its paths becoming others'. */
const HARMLESS: readonly string[] = ["version", "provider"];

/**
 * What is not now as it was when the picture was painted, as far as that is known.
 * @throws {InvalidInputErrors} if the model, a LoRA or an embedding is another one: what is locked would be another picture.
 */
export async function requireModel(
  { request, text, path }: Pick<RerolledPicture, "request" | "text" | "path">,
  context: SchemaContext,
): Promise<readonly Difference[]> {
  if (text === undefined) return [];
  const differences = await differencesOf(text, request, context);
  const changed = differences.filter(({ field, was, is }) => !HARMLESS.includes(field) && was !== null && is !== null);
  if (changed.length === 0) return differences;
  throw new InvalidInputErrors(changed.map(({ field, was, is }) => {
    const what = field === "model" ? `the model ${request.model}` : field;
    return new InvalidInputError(
      "UNSUPPORTED",
      [...path, "made", field],
      was,
      `must be as it is here: ${what} has changed, and is ${is} now`,
    );
  }));
}

/**
 * The request that paints regions of a picture anew.
 * @throws {InvalidInputErrors} naming regions that are not there, and what of the picture cannot be painted any more.
 * @throws {BudgetExceededError} {@link BusyError} as the operation's turn has it.
 */
export async function resolveReroll(
  { request, of, path }: RerolledPicture,
  { regions, seeds, lockRest }: RerollChoice,
  context: SchemaContext,
): Promise<ResolvedInput> {
  if (seeds && seeds.length !== regions.length) {
    throw refused("INVALID_VALUE", ["input", "seeds"], seeds, `must be ${regions.length}, one for each region`);
  }
  const next: Reroll = {
    of,
    regions: regions.map((name, i) => ({ name, seed: seeds?.[i] ?? randomSeed() })),
    lockRest,
  };
  const rerolls = withReroll(request.rerolls ?? [], next);
  const resolved = await resolveInput({ ...inputOf(request), rerolls }, context).catch((error) => {
    if (!(error instanceof InvalidInputErrors)) throw error;
    throw new InvalidInputErrors(error.problems.map((problem) => asSent(problem, rerolls.length - 1, path)));
  });
  const same = { ...resolved.request, savedLayout: request.savedLayout };
  requireUnchanged(same, { ...request, rerolls }, path);
  return { ...resolved, request: same };
}

/** A problem where the caller wrote what it is of: with the new re-roll, or in the picture. */
function asSent({ code, path, value, rule }: InvalidInputError, last: number, picture: FieldPath): InvalidInputError {
  const [, field, index, , region, what] = path;
  const at = (place: FieldPath) => new InvalidInputError(code, place, value, rule);
  if (field !== "rerolls" || index !== last) return at([...picture, ...path.slice(1)]);
  if (region === undefined) return at(["input", "regions"]);
  return at(["input", what === "seed" ? "seeds" : "regions", region]);
}

function refused(code: InvalidInputError["code"], path: FieldPath, value: unknown, rule: string): InvalidInputErrors {
  return new InvalidInputErrors([new InvalidInputError(code, path, value, rule)]);
}
