/** What the page and its compute Worker say to each other. */

import type { GenerateInput } from "../api/generated.ts";

/** A picture's pixels: [height, width, 3], RGB, one byte each. */
export interface LocalPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** A step that was taken. */
export interface LocalStep {
  readonly step: number;
  readonly steps: number;
  readonly stepMs: number;
  readonly preview: LocalPicture;
}

/** How painting ended. */
export type LocalOutcome =
  | { readonly type: "PICTURE"; readonly picture: LocalPicture; readonly seed: number }
  | { readonly type: "CANCELED" }
  | {
    readonly type: "REFUSED";
    readonly problems: readonly { readonly path: readonly string[]; readonly message: string }[];
  }
  | { readonly type: "FAILED"; readonly message: string };

/** What computes. */
export interface LocalEngine {
  readonly provider: string;
  readonly reason: string;
  readonly threads: number;
}

/** The Worker's side, called through comlink. */
export interface LocalApi {
  /** Chooses what computes: WebGPU where there is a real one, else WebAssembly. */
  start(options: { readonly threads: number; readonly provider: "auto" | "wasm" | "webgpu" }): Promise<LocalEngine>;
  /** Takes a model's file. */
  addFile(model: string, path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Paints one picture with a model whose files were all added. */
  paint(
    input: GenerateInput & { readonly model: string },
    headers: Readonly<Record<string, string>>,
    onStep: (step: LocalStep) => void,
  ): Promise<LocalOutcome>;
  /** Ends what is painted at its next step. */
  cancel(): Promise<void>;
}
