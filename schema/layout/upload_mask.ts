/** Images for painted masks: sending them, and reading what they are. */

import { InvalidInputError } from "../../errors.ts";
import type { ColourShare } from "../../image/colours.ts";
import type { Mask } from "../../requests/known_images.ts";
import { readMaskAsset } from "../../layout/resolve/mask_asset.ts";
import { builder, type SchemaContext } from "../builder.ts";
import { InvalidInputErrors } from "../errors.ts";
import { type StoredImage, storedImageFields } from "../stored_image.ts";
import { BudgetExceededError, BusyError, ofItsField, patient, turnOf } from "../turn.ts";

const MaskColour = builder.objectRef<ColourShare>("MaskColour").implement({
  description: "A colour of a mask image, for regions whose masks have `channel: COLOUR`.",
  fields: (t) => ({
    colour: t.exposeString("colour", { description: "`#rrggbb`." }),
    share: t.exposeFloat("share", {
      description: "Share of the image's pixels that have exactly this colour, 0 to 1.",
    }),
  }),
});

const MaskAsset = builder.objectRef<StoredImage>("MaskAsset").implement({
  description: "An image that is stored here and can be a mask. The same bytes are the same asset.",
  fields: (t) => ({
    ...storedImageFields(t, { id: "`mask.asset` of a layout takes", url: "`mask.asset` takes it" }),
    colours: t.field({
      type: [MaskColour],
      nullable: true,
      description: "The colours of its opaque pixels, the most frequent first; null if there are more than 64.",
      resolve: ({ mask: { colours } }) => colours && [...colours],
    }),
  }),
});

builder.queryField("maskAsset", (t) =>
  t.field({
    description: "An image that can be a mask; null if nothing is stored under this id, or if it is no such image.",
    type: MaskAsset,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: "Its id or its URL." }) },
    resolve: async (_root, { id }, context) => {
      const asset = readMaskAsset(id);
      const mask = asset === undefined ? null : await ofItsField(context, findMask(asset, context));
      return mask && { mask, alreadyStored: true };
    },
  }));

builder.mutationField("uploadMask", (t) =>
  t.field({
    description:
      "Stores an image for painted masks: a PNG, JPEG or WebP file, whatever its name. Sending the same bytes again is harmless.",
    type: MaskAsset,
    authScopes: { $any: { generate: true, layouts: true } },
    errors: {
      types: [InvalidInputErrors, BudgetExceededError, BusyError],
      union: { name: "UploadMaskResult", description: "The stored image, or why it is not stored." },
    },
    args: { file: t.arg({ type: "File", required: true, description: "The image." }) },
    resolve: (_root, { file }, context) => storeUpload(file, context),
  }));

/**
 * Stores an image that a caller sends.
 * @throws {InvalidInputErrors} at `file` if it is too large, or does not decode within the limits.
 * @throws {BudgetExceededError} {@link BusyError} as the operation's turn has it.
 */
export async function storeUpload(
  file: File,
  context: SchemaContext,
): Promise<StoredImage> {
  const { masks, limits } = context.services;
  try {
    if (file.size > limits.maxUploadBytes) {
      const rule = `must have at most ${limits.maxUploadBytes} bytes`;
      throw new InvalidInputError("INVALID_SIZE", [], `${file.size} bytes`, rule);
    }
    return await patient(context, masks.add(await file.bytes(), turnOf(context)));
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputErrors([new InvalidInputError(error.code, ["file"], error.value, error.rule)]);
  }
}

async function findMask(asset: string, context: SchemaContext): Promise<Mask | null> {
  try {
    return await context.services.masks.find(asset, turnOf(context));
  } catch (error) {
    if (error instanceof InvalidInputError) return null;
    throw error;
  }
}
