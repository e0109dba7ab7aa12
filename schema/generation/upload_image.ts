/** Pictures to start from: sending them. Stored images are the same to masks: either can be the other. */

import { builder } from "../builder.ts";
import { InvalidInputErrors } from "../errors.ts";
import { storeUpload } from "../layout/upload_mask.ts";
import { type StoredImage, storedImageFields } from "../stored_image.ts";
import { BudgetExceededError, BusyError } from "../turn.ts";

const ImageAsset = builder.objectRef<StoredImage>("ImageAsset").implement({
  description: "An image that is stored here and can be started from. The same bytes are the same asset.",
  fields: (t) =>
    storedImageFields(t, {
      id: "`initImage` and `maskImage` take",
      url: "`initImage` and `maskImage` take it",
    }),
});

builder.mutationField("uploadImage", (t) =>
  t.field({
    description:
      "Stores an image to start from, or to mask one with: a PNG, JPEG or WebP file, whatever its name. Sending the same bytes again is harmless.",
    type: ImageAsset,
    authScopes: { generate: true },
    errors: {
      types: [InvalidInputErrors, BudgetExceededError, BusyError],
      union: { name: "UploadImageResult", description: "The stored image, or why it is not stored." },
    },
    args: { file: t.arg({ type: "File", required: true, description: "The image." }) },
    resolve: (_root, { file }, context) => storeUpload(file, context),
  }));
