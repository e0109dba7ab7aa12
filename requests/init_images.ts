/** The images that a request's input names beside its layout: looked up and decoded, or refused at their fields. */

import { InvalidInputError } from "../errors.ts";
import { missingImage } from "./request_images.ts";
import { readMaskAsset } from "../layout/resolve/mask_asset.ts";
import type { Fail } from "./fail.ts";
import type { KnownImages, Mask } from "./known_images.ts";
import type { RequestSpec } from "./request_spec.ts";

/** Those that are there. */
export interface InitImages {
  readonly initImage: Mask | undefined;
  readonly maskImage: Mask | undefined;
}

/** Finds them; what is unknown, another's or no image is noted. */
export async function findInitImages(
  spec: Pick<RequestSpec, "initImage" | "maskImage">,
  library: Pick<KnownImages, "find">,
  fail: Fail,
): Promise<InitImages> {
  const find = (field: "initImage" | "maskImage") => findImage(spec[field] ?? undefined, field, library, fail);
  return { initImage: await find("initImage"), maskImage: await find("maskImage") };
}

async function findImage(
  name: string | undefined,
  field: string,
  library: Pick<KnownImages, "find">,
  fail: Fail,
): Promise<Mask | undefined> {
  if (name === undefined) return undefined;
  const asset = readMaskAsset(name);
  try {
    const found = asset === undefined ? null : await library.find(asset);
    if (found !== null) return found;
    const { code, rule } = missingImage([field], name);
    fail(code, field, name, rule);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    fail(error.code, field, name, `must be an image that can be read, which ${error.rule}`);
  }
  return undefined;
}
