/** Fields of images that callers sent, whatever they are for. */

import { mimeType } from "../image/format.ts";
import type { Mask } from "../requests/known_images.ts";
import type { builder } from "./builder.ts";

/** An image, and whether it was here before it was sent. */
export interface StoredImage {
  readonly mask: Mask;
  readonly alreadyStored: boolean;
}

type ObjectFields = PothosSchemaTypes.ObjectFieldBuilder<typeof builder.$inferSchemaTypes, StoredImage>;

/** @param takes Which fields of inputs take its id, or its URL. */
// deno-lint-ignore explicit-module-boundary-types -- Pothos' own, inferred
export const storedImageFields = (t: ObjectFields, takes: { readonly id: string; readonly url: string }) => ({
  id: t.id({
    description: `The SHA-256 of the file, 64 lower-case hex digits: what ${takes.id}.`,
    resolve: ({ mask }) => mask.asset,
  }),
  url: t.string({
    description: `Where to fetch the file, as a path on this server; ${takes.url} as well.`,
    resolve: ({ mask: { asset, format } }, _args, { services }) => services.urls.image({ assetKey: asset, format }),
  }),
  width: t.int({ description: "Pixels.", resolve: ({ mask }) => mask.image.width }),
  height: t.int({ description: "Pixels.", resolve: ({ mask }) => mask.image.height }),
  bytes: t.int({ description: "Size of the file.", resolve: ({ mask }) => mask.bytes }),
  mimeType: t.string({
    description: "By the file's contents, for instance `image/png`.",
    resolve: ({ mask }) => mimeType(mask.format),
  }),
  alreadyStored: t.boolean({
    description: "Whether these bytes were uploaded before this request; by the same key, where there are keys.",
    resolve: ({ alreadyStored }) => alreadyStored,
  }),
});
