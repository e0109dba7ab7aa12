/** The images of painted masks: stored files, decoded, with those used last at hand. */

import { LRUCache } from "lru-cache";
import { assetKey, type AssetStore } from "../assets/asset_store.ts";
import { type FieldPath, InvalidInputError, InvalidInputErrors } from "../errors.ts";
import type { ImageDecoder } from "../image/decoder.ts";
import { mimeType } from "../image/format.ts";
import type { Layout } from "../layout/layout.ts";
import type { MaskImage, MaskImages } from "../layout/masks/mask_image.ts";
import { maskUses } from "../layout/masks/mask_uses.ts";
import type { PaidTurn } from "../workers/timed_worker.ts";
import { type KnownImages, type Mask, MISSING } from "./known_images.ts";

/** How many of the largest images a layout's masks may be worth together. */
const LARGEST_IMAGES = 4;

/** Decoded images that are kept at hand, in bytes of pixels: two of 4096 x 4096. */
const CACHE_BYTES = 2 ** 27;

/**
 * Images by the hash of their files; any stored picture can be a mask, also a generated one. Where a method takes a turn,
 * decoding waits for it, and the method throws what {@link ImageDecoder.decode} throws of it.
 */
export class MaskLibrary implements KnownImages {
  /** Those used longest ago make room. */
  readonly #cache: LRUCache<string, Mask>;
  /** What is being decoded: many fields of a request may ask for the same image at once. */
  readonly #decoding = new Map<string, Promise<unknown>>();

  constructor(
    private readonly assets: AssetStore,
    private readonly decoder: Pick<ImageDecoder, "decode" | "limits">,
    cacheBytes: number = CACHE_BYTES,
  ) {
    this.#cache = new LRUCache({ maxSize: cacheBytes, sizeCalculation: ({ image }) => image.data.length });
  }

  /**
   * A stored image; null if nothing is stored there, or if what is there is damaged.
   * @throws {InvalidInputError} at `image` if it does not decode within the limits.
   */
  async find(asset: string, turn?: PaidTurn): Promise<Mask | null> {
    const cached = this.#cache.get(asset);
    if (cached !== undefined) return cached;
    const stored = await this.assets.get(asset);
    return stored === null ? null : await this.#decoded(asset, stored.bytes, turn);
  }

  /**
   * Stores a file, unless the same bytes are stored already.
   * @throws {InvalidInputError} at `image` if it does not decode within the limits.
   */
  async add(
    file: Uint8Array,
    turn?: PaidTurn,
  ): Promise<{ readonly mask: Mask; readonly alreadyStored: boolean }> {
    const asset = assetKey(file);
    const alreadyStored = await this.assets.get(asset) !== null; // `has` would take a damaged file for a stored one
    const mask = await this.#decoded(asset, file, turn);
    if (!alreadyStored) await this.assets.put(file, { contentType: mimeType(mask.format) });
    return { mask, alreadyStored };
  }

  /**
   * The images that a layout's masks name.
   * @param path Where the layout stands in the caller's input.
   * @throws {InvalidInputErrors} INVALID_GEOMETRY at each mask whose image is missing or does not decode; INVALID_SIZE
   * at the mask whose image is too much beside the others.
   */
  async imagesOf(layout: Pick<Layout, "regions">, path: FieldPath, turn?: PaidTurn): Promise<MaskImages> {
    const { maxPixels } = this.decoder.limits;
    const images = new Map<string, MaskImage>();
    const problems: InvalidInputError[] = [];
    let pixels = 0;
    for (const use of maskUses(layout)) {
      if (images.has(use.asset)) continue;
      const problem = (code: "INVALID_GEOMETRY" | "INVALID_SIZE", rule: string) =>
        problems.push(new InvalidInputError(code, [...path, ...use.path], use.asset, rule));
      const image = await this.#image(use.asset, turn);
      if (typeof image === "string") problem("INVALID_GEOMETRY", image);
      else if ((pixels += image.width * image.height) > LARGEST_IMAGES * maxPixels) {
        problem("INVALID_SIZE", `must leave the layout's masks at most ${LARGEST_IMAGES * maxPixels} pixels together`);
        break;
      } else images.set(use.asset, image);
    }
    if (problems.length > 0) throw new InvalidInputErrors(problems);
    return images;
  }

  /** The image, or the rule that its asset breaks. */
  async #image(asset: string, turn: PaidTurn | undefined): Promise<MaskImage | string> {
    try {
      return (await this.find(asset, turn))?.image ?? MISSING;
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      return `must be an image that can be a mask, which ${error.rule}`;
    }
  }

  /** The image that is at hand, or is being decoded; else it is decoded now. */
  async #decoded(asset: string, file: Uint8Array, turn: PaidTurn | undefined): Promise<Mask> {
    // Another's decoding may fail for reasons of its own, such as its caller's leaving.
    for (let other = this.#decoding.get(asset); other !== undefined; other = this.#decoding.get(asset)) {
      await other.catch(() => {});
    }
    const cached = this.#cache.get(asset);
    if (cached !== undefined) return cached;
    const decoding = this.#decode(asset, file, turn);
    this.#decoding.set(asset, decoding);
    try {
      return await decoding;
    } finally {
      this.#decoding.delete(asset);
    }
  }

  async #decode(asset: string, file: Uint8Array, turn: PaidTurn | undefined): Promise<Mask> {
    const { format, pixels: { width, height, data }, colours } = await this.decoder.decode(file, turn);
    const mask: Mask = { asset, format, bytes: file.length, image: { width, height, data }, colours };
    this.#cache.set(asset, mask);
    return mask;
  }
}
