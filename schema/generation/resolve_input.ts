/** The check that every request passes before anything is done with it. */

import type { ModelCatalog } from "../../compute/model/catalog.ts";
import type { Inspection } from "../../compute/model/inspect.ts";
import type { GenerationRequest, SavedLayoutVersion } from "../../jobs/request.ts";
import { type InvalidInputCode, InvalidInputError, InvalidInputErrors } from "../../errors.ts";
import { checkCoverage } from "../../requests/check_coverage.ts";
import type { RequestSpec } from "../../requests/request_spec.ts";
import { type ResolvedRequest, resolveRequest } from "../../requests/resolve_request.ts";
import type { LayoutSpec } from "../../layout/layout.ts";
import { specOfLayout } from "../../layout/spec_of.ts";
import type { SchemaContext } from "../builder.ts";
import { beforeReading } from "../layout/prompt_characters.ts";
import { randomSeed } from "./random_seed.ts";
import type { Services } from "../services.ts";
import { patient, turnOf } from "../turn.ts";

/** A request whose layout is sent or saved: exactly one of the two is set. */
export interface InputSpec extends Omit<RequestSpec, "layout"> {
  readonly layout?: LayoutSpec | null | undefined;
  readonly savedLayout?:
    | { readonly id: { readonly id: string }; readonly version?: number | null | undefined }
    | null
    | undefined;
}

/** A request with every choice made, of a model whose graphs can be used. */
export interface ResolvedInput extends ResolvedRequest {
  readonly request: GenerationRequest;
}

/**
 * Checks an input and makes every choice that it leaves open.
 * @throws {InvalidInputErrors} with everything that is wrong with the input.
 * @throws {BudgetExceededError} {@link BusyError} as the operation's turn has it.
 */
export async function resolveInput(input: InputSpec, context: SchemaContext): Promise<ResolvedInput> {
  const { services } = context;
  const { layout, source } = await takeLayout(input, services);
  const turn = turnOf(context);
  await beforeReading(layout, context);
  const masks: Pick<Services["masks"], "imagesOf" | "find"> = {
    imagesOf: (of, path) => services.masks.imagesOf(of, path, turn),
    find: (asset) => services.masks.find(asset, turn),
  };
  const resolution = await patient(context, resolveRequest({ ...input, layout }, { ...services, masks, randomSeed }));
  if ("problems" in resolution) {
    throw new InvalidInputErrors(source === null ? resolution.problems : resolution.problems.map(ofSavedLayout));
  }
  const inspection = await inspectForUse(resolution.model.name, services.catalog);
  if (!inspection.usable) {
    const rule = `must be a usable model; ${inspection.refused}`;
    throw invalid("UNSUPPORTED", ["model"], input.model, rule);
  }
  return { ...resolution, request: { ...resolution.request, savedLayout: source } };
}

async function inspectForUse(model: string, catalog: ModelCatalog): Promise<Inspection> {
  const known = await catalog.inspect(model);
  if (known.usable) return known;
  catalog.lookAgain(); // what was mended a moment ago is not refused
  return await catalog.inspect(model);
}

/**
 * Refuses holes at any step where they are errors.
 * @throws {InvalidInputErrors}
 * @throws {BudgetExceededError} {@link BusyError} as the operation's turn has it.
 */
export function requireCoverage(resolved: ResolvedInput, context: SchemaContext): Promise<void> {
  return drafted(resolved, context, checkCoverage(resolved, context.services.drafter, turnOf(context)));
}

/**
 * What a draft of a request's layout came to, with its problem at its place in the input.
 * @throws {InvalidInputErrors} instead of the draft's {@link InvalidInputError}.
 */
export async function drafted<T>(
  { request: { savedLayout } }: Pick<ResolvedInput, "request">,
  context: SchemaContext,
  draft: Promise<T>,
): Promise<T> {
  try {
    return await patient(context, draft);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const problem = new InvalidInputError(error.code, ["input", ...error.path], error.value, error.rule);
    throw new InvalidInputErrors([savedLayout === null ? problem : ofSavedLayout(problem)]);
  }
}

/**
 * The layout that an input sends, or names among the saved ones.
 * @param earlier What the same request was resolved to before, if it was.
 * @throws {InvalidInputErrors} if none or both are set, or if the saved one is not there.
 */
export async function takeLayout(
  { layout, savedLayout }: Pick<InputSpec, "layout" | "savedLayout">,
  { layouts }: Services,
): Promise<{ readonly layout: LayoutSpec; readonly source: SavedLayoutVersion | null }> {
  const sent = layout !== null && layout !== undefined;
  if (savedLayout === null || savedLayout === undefined) {
    if (sent) return { layout, source: null };
    throw invalid("INVALID_VALUE", ["layout"], null, "must be set if savedLayout is not");
  }
  const { id: { id } } = savedLayout;
  if (sent) throw invalid("INVALID_VALUE", ["savedLayout"], id, "must not be set if layout is");

  const saved = await layouts.get(id);
  if (saved === null || saved.deletedAt !== null) {
    const rule = saved === null ? "must be the id of a saved layout" : "must not be deleted: a duplicate can be used";
    throw invalid("INVALID_VALUE", ["savedLayout", "id"], id, rule);
  }
  const version = savedLayout.version ?? saved.version;
  const kept = await layouts.version(id, version);
  if (kept !== null) return { layout: specOfLayout(kept.layout), source: { id, version: kept.version } };
  throw invalid("OUT_OF_RANGE", ["savedLayout", "version"], version, `must be from 1 to ${saved.version}`);
}

/** A problem at its place in a saved layout: limits may have changed since, and the model may not be able to paint it. */
export function ofSavedLayout(problem: InvalidInputError): InvalidInputError {
  const [input, field, ...rest] = problem.path;
  if (input !== "input" || field !== "layout") return problem;
  return new InvalidInputError(problem.code, ["input", "savedLayout", ...rest], problem.value, problem.rule);
}

function invalid(
  code: InvalidInputCode,
  field: readonly string[],
  value: unknown,
  rule: string,
): InvalidInputErrors {
  return new InvalidInputErrors([new InvalidInputError(code, ["input", ...field], value, rule)]);
}
