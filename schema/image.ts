/** Pictures in answers: by URL, and inline when asked. */

import { toDataUrl } from "../image/data_url.ts";
import { type ImageFormat, mimeType } from "../image/format.ts";
import { builder } from "./builder.ts";

export const ImageFormatEnum = builder.enumType("ImageFormat", {
  description: "A picture's file format.",
  values: {
    PNG: { description: "Lossless. Finished pictures carry the request that made them." },
    JPEG: { description: "Lossy, small, read everywhere." },
    WEBP: { description: "Lossy, smaller." },
  } as const,
});

/** An encoded picture that can be made when it is asked for. */
export interface ImageSource {
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  /** Path on this server; null where the picture is only inline. */
  readonly url: string | null;
  /** The encoded file, and where it is at hand, the same as a `data:` URL. */
  readonly bytes: () => Promise<Uint8Array>;
  readonly dataUrl?: () => Promise<string>;
}

/** The picture type. */
export const Image = builder.objectRef<ImageSource>("Image").implement({
  description: "A picture. Select `dataUrl` only where it is to be inline: it is encoded when asked for.",
  fields: (t) => ({
    width: t.exposeInt("width", { description: "Pixels." }),
    height: t.exposeInt("height", { description: "Pixels." }),
    mimeType: t.string({ description: "For instance `image/png`.", resolve: ({ format }) => mimeType(format) }),
    url: t.exposeString("url", {
      description: "Where to fetch it, as a path on this server; null where it is only inline.",
      nullable: true,
    }),
    dataUrl: t.string({
      description: "The picture itself, as a `data:` URL.",
      resolve: async ({ bytes, dataUrl, format }) => await dataUrl?.() ?? toDataUrl(await bytes(), mimeType(format)),
    }),
  }),
});
