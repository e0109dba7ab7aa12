/** The library of masks as one caller sees it: files of others are not there, unless it has the same ones. */

import { type Caller, seesOnly } from "../access/caller.ts";
import { assetKey } from "../assets/asset_store.ts";
import type { KeptFiles } from "../assets/kept_files.ts";
import type { UploadStore } from "../assets/uploads.ts";
import { type FieldPath, InvalidInputErrors } from "../errors.ts";
import type { Layout } from "../layout/layout.ts";
import type { MaskImages } from "../layout/masks/mask_image.ts";
import { maskUses } from "../layout/masks/mask_uses.ts";
import type { PaidTurn } from "../workers/timed_worker.ts";
import { type Mask, missingMask } from "./known_images.ts";
import type { MaskLibrary } from "./mask_library.ts";

/** Masks for one caller. */
export class CallerMasks {
  constructor(
    private readonly library: MaskLibrary,
    private readonly uploads: UploadStore,
    private readonly files: Pick<KeptFiles, "holding">,
    private readonly caller: Caller,
  ) {}

  /** See {@link MaskLibrary.find}; null also for another's. */
  async find(asset: string, turn?: PaidTurn): Promise<Mask | null> {
    return await this.#mayUse(asset) ? await this.library.find(asset, turn) : null;
  }

  /** See {@link MaskLibrary.add}; `alreadyStored` tells whether this caller had uploaded it before. */
  async add(
    file: Uint8Array,
    turn?: PaidTurn,
  ): Promise<{ readonly mask: Mask; readonly alreadyStored: boolean }> {
    // Noted first: a file that somebody has uploaded does not go away while it is looked at and stored.
    const asset = assetKey(file);
    const { owner } = this.caller;
    const { known } = await this.files.holding(() => this.uploads.note(asset, file.length, owner));
    try {
      const { mask, alreadyStored } = await this.library.add(file, turn);
      return { mask, alreadyStored: seesOnly(this.caller) === undefined ? alreadyStored : known };
    } catch (error) {
      if (!known) await this.uploads.forget(asset, owner);
      throw error;
    }
  }

  /** See {@link MaskLibrary.imagesOf}; another's file is missing. */
  async imagesOf(layout: Pick<Layout, "regions">, path: FieldPath, turn?: PaidTurn): Promise<MaskImages> {
    const problems = [];
    for (const use of maskUses(layout)) {
      if (!await this.#mayUse(use.asset)) problems.push(missingMask(use, path));
    }
    if (problems.length > 0) throw new InvalidInputErrors(problems);
    return await this.library.imagesOf(layout, path, turn);
  }

  async #mayUse(asset: string): Promise<boolean> {
    const owner = seesOnly(this.caller);
    return owner === undefined || await this.uploads.isOf(asset, owner);
  }
}
