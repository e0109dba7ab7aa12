/** How a picture is painted beyond its layout: pictures to start from, LoRAs, variations, large pictures. */

import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { usage } from "./failure.ts";
import { type ConnectionValues, decimalNumber, type LayoutValues, wholeNumber } from "./options.ts";

/** Adds the options that say so. */
export function withPainting(
  command: Command<[], ConnectionValues & LayoutValues>,
): Command<[], ConnectionValues & LayoutValues & PaintingValues> {
  return command
    .option("--init <image>", "start from this picture: a PNG, JPEG or WebP file, which is uploaded")
    .option("--strength <number>", "with --init: the share of the steps that is taken, more than 0 to 1", decimalNumber)
    .option("--mask <image>", "with --init: paint anew only where this image is white; it is uploaded")
    .addOption(new Option("--mask-region <name>", "or only this region of the layout").conflicts("mask"))
    .option("--mask-inverted", "paint anew everything but the mask")
    .option("--mask-feather <number>", "soften the mask's border, in fractions of the short edge", decimalNumber)
    .option("--lora <name:weight>", "a LoRA of the whole picture; may be repeated. Without a weight it is 1", loraUse)
    .addOption(
      new Option("--regional-lora <policy>", "what becomes of regions' LoRAs beyond their prompts")
        .choices(["context-only", "weighted", "refuse"]),
    )
    .option("--count <number>", "so many pictures: of the seed, and of those after it", wholeNumber)
    .option("--clip-skip <number>", "read an earlier layer of the text encoders: 2 is the one before", wholeNumber)
    .option("--variation-seed <number>", "turn the noise towards this seed's", wholeNumber)
    .option("--variation-strength <number>", "how far, 0 to 1", decimalNumber)
    .option("--windows [size:overlap]", "predict a large picture by windows of so many pixels", windowGrid)
    .option("--second-pass <scale>", "paint it again, so many times as wide and high", decimalNumber)
    .addOption(new Option("--upscale <what>", "what the second pass enlarges").choices(["pixel", "latent"]))
    .option("--second-pass-strength <number>", "the share of its steps that it takes, more than 0 to 1", decimalNumber)
    .option("--second-pass-steps <number>", "denoising steps of which that share is taken", wholeNumber);
}

/** The values of {@link withPainting}'s options; no interface, which commander does not take. */
export type PaintingValues = {
  readonly init?: string | undefined;
  readonly strength?: number | undefined;
  readonly mask?: string | undefined;
  readonly maskRegion?: string | undefined;
  readonly maskInverted?: true | undefined;
  readonly maskFeather?: number | undefined;
  readonly lora?: readonly NamedLora[] | undefined;
  readonly regionalLora?: "context-only" | "weighted" | "refuse" | undefined;
  readonly count?: number | undefined;
  readonly clipSkip?: number | undefined;
  readonly variationSeed?: number | undefined;
  readonly variationStrength?: number | undefined;
  readonly windows?: true | WindowGrid | undefined;
  readonly secondPass?: number | undefined;
  readonly upscale?: "pixel" | "latent" | undefined;
  readonly secondPassStrength?: number | undefined;
  readonly secondPassSteps?: number | undefined;
};

interface NamedLora {
  readonly name: string;
  readonly weight?: number;
}

interface WindowGrid {
  readonly size: number;
  readonly overlap?: number;
}

/**
 * What the options make of an input; images are uploaded apart. Whether values are sound is the server's to say.
 * @throws {CommandFailure} USAGE on options of a second pass without one.
 */
export function withPaintingFields(
  input: Readonly<Record<string, unknown>>,
  values: PaintingValues,
): Record<string, unknown> {
  const { strength, maskRegion, maskInverted, maskFeather, count, clipSkip, variationSeed, variationStrength } = values;
  const { lora: loras, regionalLora, windows } = values;
  const said = {
    ...{ strength, maskRegion, maskInverted, maskFeather, count, clipSkip, variationSeed, variationStrength, loras },
    regionalLora: regionalLora?.toUpperCase().replace("-", "_"),
    windows: windows === true ? {} : windows,
    secondPass: secondPassOf(input["secondPass"], values),
  };
  const fields: Record<string, unknown> = { ...input };
  if (maskRegion !== undefined) delete fields["maskImage"]; // in its place
  if (values.mask !== undefined) delete fields["maskRegion"];
  for (const [name, value] of Object.entries(said)) if (value !== undefined) fields[name] = value;
  return fields;
}

/** The second pass of an input, of which options replace parts. */
function secondPassOf(earlier: unknown, values: PaintingValues): unknown {
  const { secondPass: scale, upscale, secondPassStrength: strength, secondPassSteps: steps } = values;
  const said = Object.entries({ scale, upscale: upscale?.toUpperCase(), strength, steps });
  const given = Object.fromEntries(said.filter(([, value]) => value !== undefined));
  if (Object.keys(given).length === 0) return undefined;
  const before = typeof earlier === "object" && earlier !== null ? earlier : {};
  if (scale === undefined && !("scale" in before)) {
    throw usage("--upscale, --second-pass-strength and --second-pass-steps go with --second-pass SCALE");
  }
  return { ...before, ...given };
}

/** A LoRA as `NAME:WEIGHT`, or `NAME`. @throws {InvalidArgumentError} for anything else. */
function loraUse(text: string, earlier: readonly NamedLora[] = []): readonly NamedLora[] {
  const at = text.lastIndexOf(":");
  const name = at < 0 ? text : text.slice(0, at);
  if (name === "") throw new InvalidArgumentError("It must be NAME:WEIGHT, or NAME.");
  return [...earlier, at < 0 ? { name } : { name, weight: decimalNumber(text.slice(at + 1)) }];
}

/** Windows as `SIZE:OVERLAP`, or `SIZE`, in pixels. @throws {InvalidArgumentError} for anything else. */
function windowGrid(text: string): WindowGrid {
  const [, size, overlap] = text.match(/^(\d{1,6})(?::(\d{1,6}))?$/) ?? [];
  if (size === undefined) throw new InvalidArgumentError("It must be SIZE or SIZE:OVERLAP in pixels, as 256:64.");
  return { size: Number(size), ...overlap !== undefined && { overlap: Number(overlap) } };
}
