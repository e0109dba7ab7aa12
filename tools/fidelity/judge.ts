/** The judge: a small network that names what a crop of a picture shows. `judge/README.md` says what it is worth. */

import { z } from "zod";
import { encodeOnnx, parseOnnx } from "../../compute/graph/onnx_file.ts";
import type { RgbImage } from "../../compute/pipeline/rgb_image.ts";
import type { Runtime, Session } from "../../compute/runtime/runtime.ts";
import { crop } from "./crop.ts";
import { likeliest, shownObject, type Sighting, sightings } from "./verdict.ts";
import { type Box, windows } from "./windows.ts";

/** Pixels of a crop's edges. */
const SIDE = 64;

const FOLDER = new URL("judge/", import.meta.url);

const Names = z.array(z.string()).min(1).readonly();
const Outputs = z.object({ object: Names, background: Names, style: Names, effect: Names }).readonly();
const Description = z.object({ outputs: Outputs });

/** What the judge can name, head by head. */
export type JudgeNames = z.infer<typeof Outputs>;

/** One of the judge's questions. */
export type Head = keyof JudgeNames;

const HEADS: readonly Head[] = ["object", "background", "style", "effect"];

/** A row for each crop, head by head. */
export type Answers = Readonly<Record<Head, readonly Float32Array[]>>;

/** What a region of a picture shows. */
export interface Verdict {
  /** Null: none that three windows agree on. */
  readonly object: string | null;
  readonly background: string;
  /** Every object, surest first. */
  readonly sightings: readonly Sighting[];
}

/** The judge, loaded. Its owner releases it. */
export class Judge implements AsyncDisposable {
  private constructor(private readonly session: Session, readonly names: JudgeNames) {}

  /** Loads `judge/classifier.onnx` with its names. */
  static async load(runtime: Runtime): Promise<Judge> {
    const { outputs } = Description.parse(JSON.parse(await Deno.readTextFile(new URL("classifier.json", FOLDER))));
    const graph = encodeOnnx(parseOnnx(await Deno.readFile(new URL("classifier.onnx", FOLDER))));
    return new Judge(await runtime.createSession(graph), outputs);
  }

  /** What a box of a picture shows. */
  async look(picture: RgbImage, box: Box): Promise<Verdict> {
    const { object, background } = this.names;
    const seen = windows(box).map((window) => crop(picture, window, SIDE));
    const { object: rows } = probabilities(await this.logits(seen));
    const { background: [row] } = probabilities(await this.logits([crop(picture, box, SIDE)]));
    const sighted = sightings(object, rows);
    return {
      object: shownObject(sighted),
      background: likeliest(background, row ?? new Float32Array()),
      sightings: sighted,
    };
  }

  /** Logits of crops of [64, 64, 3] bytes each. */
  async logits(crops: readonly Uint8Array[]): Promise<Answers> {
    const plane = SIDE * SIDE;
    const data = new Float32Array(crops.length * 3 * plane);
    crops.forEach((bytes, n) => {
      for (let i = 0; i < 3 * plane; i++) {
        data[(n * 3 + i % 3) * plane + Math.floor(i / 3)] = (bytes[i] ?? 0) / 127.5 - 1;
      }
    });
    const outputs = await this.session.run({ crops: { dims: [crops.length, 3, SIDE, SIDE], data } }, HEADS);
    return mapHeads((head) => {
      const { length } = this.names[head];
      const rows = outputs.get(head)?.data;
      if (rows?.length !== crops.length * length) throw new RangeError(`Cannot name "${head}" with ${length} names`);
      return crops.map((_, n) => rows.subarray(n * length, (n + 1) * length));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session.release();
  }
}

/** Probabilities from logits: a softmax over each row. */
function probabilities(logits: Answers): Answers {
  return mapHeads((head) =>
    logits[head].map((row) => {
      const largest = Math.max(...row);
      const powers = row.map((logit) => Math.exp(logit - largest));
      const total = powers.reduce((a, b) => a + b, 0);
      return powers.map((power) => power / total);
    })
  );
}

function mapHeads(rows: (head: Head) => readonly Float32Array[]): Answers {
  return { object: rows("object"), background: rows("background"), style: rows("style"), effect: rows("effect") };
}
