/** Pictures to start from: sending them. Stored images are the same to masks: either can be the other. */

import { mimeType } from "../../image/format.ts";
import type { Mask } from "../../requests/known_images.ts";
import { builder } from "../builder.ts";
import { InvalidInputErrors } from "../errors.ts";
import { storeUpload } from "../layout/upload_mask.ts";
import { BudgetExceededError, BusyError } from "../turn.ts";

const ImageAsset = builder.objectRef<{ readonly mask: Mask; readonly alreadyStored: boolean }>("ImageAsset").implement({
  description: "An image that is stored here and can be started from. The same bytes are the same asset.",
  fields: (t) => ({
    id: t.id({
      description: "The SHA-256 of the file, 64 lower-case hex digits: what `initImage` and `maskImage` take.",
      resolve: ({ mask }) => mask.asset,
    }),
    url: t.string({
      description: "Where to fetch the file, as a path on this server; `initImage` and `maskImage` take it as well.",
      resolve: ({ mask: { asset, format } }, _args, { services }) => services.urls.image({ assetKey: asset, format }),
    }),
    width: t.int({ description: "Pixels.", resolve: ({ mask }) => mask.image.width }),
    height: t.int({ description: "Pixels.", resolve: ({ mask }) => mask.image.height }),
    bytes: t.int({ description: "Size of the file.", resolve: ({ mask }) => mask.bytes }),
    mimeType: t.string({
      description: "By the file's contents, for instance `image/png`.",
      resolve: ({ mask }) => mimeType(mask.format),
    }),
    alreadyStored: t.exposeBoolean("alreadyStored", {
      description: "Whether these bytes were uploaded before this request; by the same key, where there are keys.",
    }),
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
