/** An aide's side of a shared picture: what its calls are predicted from, and the parts of them that are asked for. */

import { nth } from "../../elements.ts";
import type { MaskImage, MaskImages } from "../../layout/masks/mask_image.ts";
import type { DiffusionModel } from "../model/model.ts";
import { elements, type Tensor } from "../tensor.ts";
import { Calls } from "./calls.ts";
import { imagesByName } from "./named_images.ts";
import { latentDims } from "./picture_state.ts";
import { type PreparedPass, preparePass, unetOf } from "./prepared_pass.ts";
import type { PictureRequest } from "./request.ts";
import type { RequestLoras } from "./request_loras.ts";
import { type PaintingPass, passesOver } from "./second_request.ts";
import { type CallShare, ShareError } from "./shared_calls.ts";

/** A pass whose calls can be predicted. */
interface ReadyPass {
  readonly pass: CallShare["pass"];
  readonly request: PaintingPass;
  readonly prepared: PreparedPass;
  readonly calls: Calls;
}

/** A picture that another worker paints. */
export class SharedPicture {
  /** The one that is painted: the second begins when the first has ended. */
  #ready: ReadyPass | undefined;
  /** Of words, by name. They are found before the first call that they matter in. */
  readonly #found = new Map<string, MaskImage>();

  constructor(
    private readonly model: DiffusionModel,
    private readonly request: PictureRequest,
    private readonly images: MaskImages,
    private readonly loras: RequestLoras,
  ) {}

  /** Prepares a pass, unless it is prepared already. */
  async prepare(pass: CallShare["pass"]): Promise<ReadyPass> {
    const request = passesOver(this.request)[pass];
    if (request === undefined) throw unknownTo(`Cannot predict in pass ${pass}: the request has none`);
    const ready = this.#ready;
    // Other work may have had the UNet make room, which is then another one.
    const isReady = ready?.pass === pass && ready.prepared.unet === await unetOf(request, this.model, this.loras);
    if (isReady) return ready;
    const prepared = await preparePass(request, {
      model: this.model,
      loras: this.loras,
      images: this.images,
      found: this.#found,
      searches: false,
      loading: (part) => part,
    });
    const [, , height = 0, width = 0] = latentDims(request, this.model.config);
    return this.#ready = { pass, request, prepared, calls: new Calls(prepared, { height, width }) };
  }

  /**
   * Makes parts of a call.
   * @param stopped Asked before each of them.
   * @returns [1, C, h, w] of a window each, in the order of `parts`.
   * @throws {ShareError} if the request has no such call or part, or once it is stopped.
   */
  async predict(share: CallShare, stopped: () => boolean): Promise<readonly Float32Array[]> {
    const { pass, call, sample, parts, found = [] } = share;
    for (const [name, image] of imagesByName(found)) this.#found.set(name, image);
    const { request, prepared, calls } = await this.prepare(pass);
    const { timesteps, taken: { begin } } = prepared;
    if (!(Number.isInteger(call) && call >= begin && call < timesteps.length)) {
      throw unknownTo(`Cannot predict call ${call}: those of the request are ${begin} to ${timesteps.length - 1}`);
    }
    this.#check(sample, request);
    const { parts: all } = calls.at(call);
    const foreign = parts.find((part) => !(Number.isInteger(part) && part >= 0 && part < all.length));
    if (foreign !== undefined) throw unknownTo(`Cannot predict part ${foreign} of call ${call}: it has ${all.length}`);
    const predictions: Float32Array[] = [];
    for (const p of parts) {
      if (stopped()) throw new ShareError("CLOSED", "Cannot predict any more: the share was closed");
      const { predictor, part } = nth(all, p);
      predictions.push(await predictor.predict(sample, nth(timesteps, call), part));
    }
    return predictions;
  }

  #check({ dims, data }: Tensor, request: PaintingPass): void {
    const { config } = this.model;
    const [batch = 1, , ...size] = latentDims(request, config);
    const expected = [batch, config.unet.in_channels, ...size];
    if (expected.join() !== dims.join() || elements(expected) !== data.length) {
      throw unknownTo(`Cannot predict a sample of ${data.length} numbers as [${dims}]: the request's is [${expected}]`);
    }
  }
}

function unknownTo(message: string): ShareError {
  return new ShareError("NOT_SHAREABLE", message);
}
