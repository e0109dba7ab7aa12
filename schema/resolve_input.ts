/** The check that every request passes before anything is done with it. */

import type { UsableModel } from "../compute/model/catalog.ts";
import type { GenerationRequest, SavedLayoutVersion } from "../compute/pipeline/request.ts";
import { type InvalidInputCode, InvalidInputError, InvalidInputErrors } from "../errors.ts";
import { checkCoverage } from "../jobs/check_coverage.ts";
import { type RequestSpec, resolveRequest } from "../jobs/resolve_request.ts";
import type { LayoutSpec } from "../layout/layout.ts";
import type { MaskImages } from "../layout/masks/mask_image.ts";
import { specOfLayout } from "../layout/spec_of.ts";
import type { SchemaContext } from "./builder.ts";
import { beforeReading } from "./prompt_characters.ts";
import type { Services } from "./services.ts";
import { patient, turnOf } from "./turn.ts";

/** A request whose layout is sent or saved: exactly one of the two is set. */
export interface InputSpec extends Omit<RequestSpec, "layout"> {
  readonly layout?: LayoutSpec | null | undefined;
  readonly savedLayout?:
    | { readonly id: { readonly id: string }; readonly version?: number | null | undefined }
    | null
    | undefined;
}

/** A request with every choice made, its model, whose graphs can be used, and the images of its masks. */
export interface ResolvedInput {
  readonly request: GenerationRequest;
  readonly model: UsableModel;
  readonly images: MaskImages;
}

/**
 * Checks an input and makes every choice that it leaves open.
 * @param earlier What the same request was resolved to before, if it was: a saved layout's latest version is then that
 * of the time, also if it was changed or deleted since.
 * @throws {InvalidInputErrors} with everything that is wrong with the input.
 * @throws {BudgetExceededError} {@link BusyError} as the operation's turn has it.
 */
export async function resolveInput(
  input: InputSpec,
  context: SchemaContext,
  randomSeed: () => number,
  earlier: GenerationRequest | null = null,
): Promise<ResolvedInput> {
  const { services } = context;
  const { layout, source } = await takeLayout(input, services, earlier);
  const turn = turnOf(context);
  await beforeReading(layout, context);
  const masks: Pick<Services["masks"], "imagesOf"> = {
    imagesOf: (of, path) => services.masks.imagesOf(of, path, turn),
  };
  const resolution = await patient(context, resolveRequest({ ...input, layout }, { ...services, masks, randomSeed }));
  if ("problems" in resolution) {
    throw new InvalidInputErrors(source === null ? resolution.problems : resolution.problems.map(ofSavedLayout));
  }
  const inspection = await services.inspector.inspect(resolution.model.name);
  if (!inspection.usable) {
    const rule = `must be a usable model; ${inspection.refused}`;
    throw invalid("UNSUPPORTED", ["model"], input.model, rule);
  }
  return { ...resolution, request: { ...resolution.request, savedLayout: source } };
}

/**
 * Refuses holes at any step where they are errors.
 * @throws {InvalidInputErrors}
 * @throws {BudgetExceededError} {@link BusyError} as the operation's turn has it.
 */
export function requireCoverage({ request, model, images }: ResolvedInput, context: SchemaContext): Promise<void> {
  return drafted(
    { request },
    context,
    checkCoverage(request, model, images, context.services.drafter, turnOf(context)),
  );
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

async function takeLayout(
  { layout, savedLayout }: InputSpec,
  { layouts }: Services,
  earlier: GenerationRequest | null,
): Promise<{ readonly layout: LayoutSpec; readonly source: SavedLayoutVersion | null }> {
  const sent = layout !== null && layout !== undefined;
  if (savedLayout === null || savedLayout === undefined) {
    if (sent) return { layout, source: null };
    throw invalid("INVALID_VALUE", ["layout"], null, "must be set if savedLayout is not");
  }
  const { id: { id } } = savedLayout;
  if (sent) throw invalid("INVALID_VALUE", ["savedLayout"], id, "must not be set if layout is");

  const before = earlier?.savedLayout?.id === id ? earlier.savedLayout.version : null;
  const saved = await layouts.get(id);
  const version = savedLayout.version ?? before ?? saved?.version;
  if (saved === null || saved.deletedAt !== null && version !== before) {
    const rule = saved === null ? "must be the id of a saved layout" : "must not be deleted: a duplicate can be used";
    throw invalid("INVALID_VALUE", ["savedLayout", "id"], id, rule);
  }
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
