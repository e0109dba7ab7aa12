/** Inspections of model folders, made once per state of the folder. */

import { join } from "node:path";
import { type Remote, wrap } from "comlink";
import { pathsWithin } from "../../paths.ts";
import type { Inspection } from "../model/inspect.ts";
import type { InspectApi } from "./inspect_worker.ts";

/** Inspects models in Workers that live as long as one inspection. */
export class ModelInspector {
  readonly #known = new Map<string, { readonly stamp: string; readonly inspection: Promise<Inspection> }>();

  /** @param folder Holds one folder per model. */
  constructor(private readonly folder: string) {}

  /** Takes what somebody else finds in a model, if it finds anything. */
  remember(name: string, inspection: Promise<Inspection>): void {
    this.#known.set(name, { stamp: this.#stampOf(name), inspection: inspection.catch(() => this.#inspect(name)) });
  }

  /** What the model's graphs say; the answer is kept until its UNet's file changes. */
  async inspect(name: string): Promise<Inspection> {
    const inspection = await this.#inspection(name);
    return inspection.usable ? inspection : { ...inspection, refused: pathsWithin(this.folder, inspection.refused) };
  }

  #inspection(name: string): Promise<Inspection> {
    const stamp = this.#stampOf(name);
    const known = this.#known.get(name);
    if (known?.stamp === stamp) return known.inspection;
    const inspection = this.#inspect(name);
    this.#known.set(name, { stamp, inspection });
    return inspection;
  }

  #inspect(name: string): Promise<Inspection> {
    return inspectInWorker(join(this.folder, name), name);
  }

  #stampOf(name: string): string {
    return stampOf(join(this.folder, name, "unet", "model.onnx"));
  }
}

async function inspectInWorker(folder: string, name: string): Promise<Inspection> {
  const worker = new Worker(new URL("./inspect_worker.ts", import.meta.url), { type: "module", name: "inspect" });
  const died = Promise.withResolvers<Inspection>();
  worker.addEventListener("error", (event) => {
    event.preventDefault(); // an unhandled error of a Worker would end the process
    died.resolve({ usable: false, refused: `Cannot read "${folder}": ${event.message}` });
  });
  try {
    const api: Remote<InspectApi> = wrap<InspectApi>(worker);
    return await Promise.race([api.inspect(folder, name), died.promise]);
  } finally {
    worker.terminate();
  }
}

function stampOf(file: string): string {
  try {
    const { mtime, size } = Deno.statSync(file);
    return `${mtime?.getTime() ?? "no time"} ${size}`;
  } catch {
    return "missing";
  }
}
