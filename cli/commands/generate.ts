/** `generate`: paints a picture, and shows how it is going. */

import { extname } from "node:path";
import { type Command, Option } from "@commander-js/extra-typings";
import { type ImageHeader, readHeader } from "../../image/header.ts";
import { connect } from "../connection.ts";
import { type ErrorAnswer, INPUT_ERROR_FIELDS, refused, usage } from "../failure.ts";
import { Interrupt } from "../interrupt.ts";
import { decimalNumber, examples, outputOf, wholeNumber, withConnection } from "../options.ts";
import { FurtherTargets } from "../further_targets.ts";
import { checkTarget, deliver } from "../picture_target.ts";
import { readRequest, withRequest } from "../request_options.ts";
import { readTextOrBytes } from "../source_file.ts";
import { TargetFile, targetFolder } from "../target_file.ts";
import { readImages, uploadAll } from "../uploads.ts";

const GENERATE = `mutation Generate($input: GenerateInput!) {
  generate(input: $input) { ... on Generation { id } ${INPUT_ERROR_FIELDS} }
}`;

const AGAIN = `mutation Again($input: RegenerateInput!) {
  again: regenerate(input: $input) {
    ... on Regeneration { generation { id } differences { field was is } }
    ${INPUT_ERROR_FIELDS}
  }
}`;

interface Again {
  readonly again: ErrorAnswer & {
    readonly generation?: { readonly id: string };
    readonly differences?: readonly {
      readonly field: string;
      readonly was: string | null;
      readonly is: string | null;
    }[];
  };
}

interface Generate {
  readonly generate: ErrorAnswer & { readonly id?: string };
}

const FORMATS: Readonly<Record<string, string>> = { ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP" };

/** Adds the command. */
export function addGenerate(program: Command): void {
  withRequest(withConnection(program.command("generate").description("Paint a picture.")))
    .option("-o, --out <file>", "where the picture goes; - for standard output. A file that is there is replaced")
    .option("--previews <folder>", "keep every preview there, as preview-01.png and so on")
    .option("--seed <number>", "the same seed, input and model give the same picture (default: random)", wholeNumber)
    .option("--guidance <number>", "how strongly prompts are followed; 1 is none (default: the model's)", decimalNumber)
    .option("--sampler <name>", "how to walk from noise to picture (default: the model's)")
    .option("--schedule <name>", "the noise schedule (default: the model's)")
    .addOption(new Option("--mode <mode>", "where regions are kept apart").choices(["attention", "latent"]))
    .addOption(
      new Option("--format <format>", "the picture's format (default: by the name of --out)")
        .choices(["png", "jpeg", "webp"]),
    )
    .option("--again <picture>", "paint a picture of Parterre's once more, from its file: the same bytes, or why not")
    .option("--allow-differences", "with --again: also where version, provider or model are not as they were")
    .option("--detach", "print the generation's id and leave; needs --server")
    .addHelpText(
      "after",
      examples(
        'deno task cli generate --prompt "a fox, forest" --out fox.png',
        "deno task cli generate --layout examples/layouts/01-columns.json --size 384x128 --out columns.png",
        "deno task cli generate --input input.json --seed 8 --out - | display -",
        'deno task cli generate --prompt "a fox" --init examples/images/sketch.png --strength 0.6 --out fox.png',
        'deno task cli generate --prompt "a fox, forest" --lora dusk:0.8 --count 4 --out fox.png',
        "deno task cli generate --again picture.png --out again.png",
        "deno task cli generate --server http://127.0.0.1:8000 --layout beds.json --detach",
      ),
    )
    .action(async (values) => {
      const { out, detach } = values;
      checkTarget(values);
      const format = formatOf(values.format, out);
      const chosen = {
        ...(values.seed === undefined ? {} : { seed: values.seed }),
        ...(values.guidance === undefined ? {} : { guidanceScale: values.guidance }),
        ...(values.sampler === undefined ? {} : { sampler: values.sampler }),
        ...(values.schedule === undefined ? {} : { schedule: values.schedule }),
        ...(values.mode === undefined ? {} : { mode: values.mode.toUpperCase() }),
      };
      const again = values.again === undefined ? undefined : await readAgain(values.again, values, format);
      if (again === undefined && values.allowDifferences) throw usage("--allow-differences goes with --again");
      const input: Record<string, unknown> = again === undefined
        ? { ...await readRequest(values), ...chosen, ...(format === undefined ? {} : { format }) }
        : {};
      const images = await readImages(values);
      const output = outputOf(values);
      using interrupt = new Interrupt();
      const previews = values.previews === undefined ? undefined : targetFolder(values.previews);
      using target = out === undefined || out === "-" ? undefined : TargetFile.begin(out);
      using further = new FurtherTargets(out, input["count"]);
      await using connection = await connect(values, { store: true });
      const { client } = connection;
      const { signal } = interrupt;

      const id = again === undefined ? await accepted() : await acceptedAgain(again);
      if (detach) {
        output.line(id);
        output.document({ id });
        return;
      }
      await deliver(id, { client, output, signal, out, target, further, previews });

      async function accepted(): Promise<string> {
        Object.assign(input, await uploadAll(images, client, signal));
        const { generate } = await client.request<Generate>(GENERATE, { input }, { signal });
        if (generate.id === undefined) throw refused(generate);
        return generate.id;
      }

      async function acceptedAgain(file: File): Promise<string> {
        const variables = { input: { file: null, allowDifferences: values.allowDifferences ?? false } };
        const { again } = await client.request<Again>(AGAIN, variables, {
          signal,
          files: { "variables.input.file": file },
        });
        if (again.generation === undefined) throw refused(again);
        for (const { field, was, is } of again.differences ?? []) {
          output.say(`warning: ${field} was ${was ?? "not told"} and is ${is ?? "unknown"}: the picture may differ`);
        }
        return again.generation.id;
      }
    });
}

/** Options that say nothing of what to paint, which a picture to be painted once more says itself. */
const BESIDE_AGAIN = [
  "again",
  "allowDifferences",
  "out",
  "previews",
  "detach",
  "server",
  "key",
  "data",
  "json",
  "quiet",
];

/**
 * The file of a picture that is to be painted once more.
 * @throws {CommandFailure} USAGE beside an option that says something else, or where it cannot be read or is in another
 * format than the one that is asked for.
 */
async function readAgain(path: string, values: Readonly<Record<string, unknown>>, format?: string): Promise<File> {
  if (Object.keys(values).some((name) => values[name] !== undefined && !BESIDE_AGAIN.includes(name))) {
    throw usage("--again paints what the picture says: give no other option that says what to paint");
  }
  const content = await readTextOrBytes(path);
  if (typeof content === "string") throw usage(`${path} is a text and no picture`);
  const found = headerOf(content)?.format;
  if (format !== undefined && found !== undefined && found !== format) {
    throw usage(`${path} is ${found}, and painted once more it is no ${format}: name the file of --out so`);
  }
  return new File([content], "picture");
}

function headerOf(bytes: Uint8Array): ImageHeader | undefined {
  try {
    return readHeader(bytes);
  } catch {
    return undefined; // which the server explains
  }
}

/** @throws {CommandFailure} USAGE if the name of the file means another format, or none. */
function formatOf(format: string | undefined, out: string | undefined): string | undefined {
  const ending = out === undefined || out === "-" ? "" : extname(out).toLowerCase();
  const named = FORMATS[ending];
  const chosen = format?.toUpperCase();
  if (named !== undefined && chosen !== undefined && named !== chosen) {
    throw usage(`--format ${format} does not go with a file named *${ending}`);
  }
  if (ending !== "" && named === undefined && chosen === undefined) {
    throw usage(`What format has a file named *${ending}? Name it *.png, *.jpg or *.webp, or give --format`);
  }
  return chosen ?? named;
}
