/** Looking at the image of a mask of Regional Prompter. */

import { type FieldPath, InvalidInputError, InvalidInputErrors } from "../../errors.ts";
import type { SeenMask } from "../../layout/adapters/regional_prompter/input.ts";
import { maskColoursIn } from "../../layout/adapters/regional_prompter/mask_colours.ts";
import { readMaskAsset } from "../../layout/resolve/mask_asset.ts";
import type { SchemaContext } from "../builder.ts";
import { patient, turnOf } from "../turn.ts";

/**
 * What an image shows that a caller names, and may use; nothing where the name is none, which is refused elsewhere.
 * @param path Where the name stands in the caller's input.
 * @throws {InvalidInputErrors} if the image does not decode.
 * @throws {BudgetExceededError} {@link BusyError} as the operation's turn has it.
 */
export async function seeMask(
  name: string | null | undefined,
  path: FieldPath,
  context: SchemaContext,
): Promise<{ readonly maskImage?: SeenMask | null }> {
  const asset = readMaskAsset(name ?? "");
  if (asset === undefined) return {};
  const turn = turnOf(context);
  try {
    const mask = await patient(context, context.services.masks.find(asset, turn));
    if (mask === null) return { maskImage: null };
    const begun = performance.now();
    const indexes = maskColoursIn(mask.image);
    turn.budget.note("milliseconds", performance.now() - begun);
    return { maskImage: { indexes, colours: mask.colours?.map(({ colour }) => colour) ?? null } };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputErrors([new InvalidInputError(error.code, path, name, error.rule)]);
  }
}
