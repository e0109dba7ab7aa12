/** `validate`: a dry run, which paints nothing. */

import { extname } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { fromDataUrl } from "../../image/data_url.ts";
import { connect } from "../connection.ts";
import { type ErrorAnswer, INPUT_ERROR_FIELDS, refused, usage } from "../failure.ts";
import { Interrupt } from "../interrupt.ts";
import { examples, outputOf, withConnection } from "../options.ts";
import { columns } from "../output.ts";
import { readRequest, withRequest } from "../request_options.ts";
import { TargetFile } from "../target_file.ts";
import { readImages, uploadAll } from "../uploads.ts";

const VALIDATE =
  `query Validate($input: ValidateLayoutInput!, $format: ImageFormat!, $picture: Boolean!, $svg: Boolean!) {
  validateLayout(input: $input) {
    ... on LayoutReport {
      model width height steps etaSeconds memoryBytes baseShare
      base { text tokens chunks }
      regions { name enabled share covered prompt { text tokens chunks warnings { code message position } } }
      holes { share }
      warnings { code region message }
      picture(format: $format) @include(if: $picture) { dataUrl }
      svg @include(if: $svg)
    }
    ${INPUT_ERROR_FIELDS}
  }
}`;

interface PromptReport {
  readonly text: string;
  readonly tokens: number;
  readonly chunks: number;
}

interface Report {
  readonly __typename: "LayoutReport";
  readonly model: string;
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly etaSeconds: number | null;
  readonly memoryBytes: number | null;
  readonly baseShare: number;
  readonly base: PromptReport;
  readonly regions: readonly {
    readonly name: string;
    readonly enabled: boolean;
    /** Null for a region that is found by words. */
    readonly share: number | null;
    readonly covered: number | null;
    readonly prompt: PromptReport & {
      readonly warnings: readonly { readonly code: string; readonly message: string }[];
    };
  }[];
  readonly holes: { readonly share: number };
  readonly warnings: readonly { readonly code: string; readonly region: string | null; readonly message: string }[];
  readonly picture?: { readonly dataUrl: string };
  readonly svg?: string;
}

interface Validate {
  readonly validateLayout: Report | ErrorAnswer;
}

const FORMATS: Readonly<Record<string, string>> = { ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP" };

/** The fields of `GenerateInput` that a dry run does not take: they change nothing that it tells. */
const NOT_TRIED = ["seed", "previews", "format", "priority", "expiresAfterSeconds", "idempotencyKey"];

/** Adds the command. */
export function addValidate(program: Command): void {
  withRequest(withConnection(program.command("validate").description("Check a layout without painting it.")))
    .option("-o, --out <file>", "where the layout goes, drawn: *.png, *.jpg, *.webp or *.svg")
    .option("--estimate", "have an own server load the model first, so that it can tell how long painting takes")
    .addHelpText(
      "after",
      "\nExits with 0 if it can be painted, warnings or not, and with 2 if something breaks a rule.\n" + examples(
        "deno task cli validate --layout beds.json --size 768x256",
        "deno task cli validate --layout beds.json --out beds.svg",
        "deno task cli validate --json --input input.json | jq '.warnings[].message'",
      ),
    )
    .action(async (values) => {
      const { out } = values;
      const ending = out === undefined ? "" : extname(out).toLowerCase();
      const format = FORMATS[ending];
      if (out !== undefined && format === undefined && ending !== ".svg") {
        throw usage(`Cannot draw ${out}: name it *.png, *.jpg, *.webp or *.svg`);
      }
      const request = await readRequest(values);
      const input: Record<string, unknown> = Object.fromEntries(
        Object.entries(request).filter(([name]) => !NOT_TRIED.includes(name)),
      );
      const images = await readImages(values);
      const output = outputOf(values);
      using interrupt = new Interrupt();
      const { signal } = interrupt;
      using target = out === undefined ? undefined : TargetFile.begin(out);
      const { model } = input;
      const preload = values.estimate ? { model: typeof model === "string" ? model : null } : {};
      await using connection = await connect(values, { store: true, ...preload });
      Object.assign(input, await uploadAll(images, connection.client, signal));
      const variables = { input, format: format ?? "PNG", picture: format !== undefined, svg: ending === ".svg" };
      const validate = async () =>
        (await connection.client.request<Validate>(VALIDATE, variables, { signal })).validateLayout;

      let report = await validate();
      if (isReport(report) && report.etaSeconds === null && values.estimate) {
        await connection.loaded(signal);
        report = await validate();
      }
      if (!isReport(report)) throw refused(report);
      const { picture, svg, __typename, ...told } = report;
      if (picture !== undefined) target?.write(fromDataUrl(picture.dataUrl));
      if (svg !== undefined) target?.write(new TextEncoder().encode(svg));
      output.document({ valid: true, ...told });
      output.line(describe(report));
    });
}

function isReport(answer: Report | ErrorAnswer): answer is Report {
  return answer.__typename === "LayoutReport";
}

function describe({ model, width, height, steps, etaSeconds, baseShare, base, regions, warnings }: Report): string {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`.padStart(5);
  const tokens = (prompt: PromptReport) => `${prompt.tokens} token${prompt.tokens === 1 ? "" : "s"}`;
  const rows = regions.map(({ name, enabled, share, prompt }) => [
    `  ${name}`,
    !enabled ? "off" : share === null ? "words" : percent(share),
    tokens(prompt),
    prompt.text,
  ]);
  if (baseShare > 0) rows.push(["  (base)", percent(baseShare), tokens(base), base.text]);
  const eta = etaSeconds === null ? "not known until the model was loaded" : `${etaSeconds.toFixed(1)} s`;
  const prompts = regions.flatMap(({ name, prompt }) =>
    prompt.warnings.map((warning) => ({ ...warning, region: name }))
  );
  return [
    `${width} x ${height} on ${model}, ${steps} step${steps === 1 ? "" : "s"}`,
    ...(rows.length > 0 ? [columns(rows)] : []),
    ...[...warnings, ...prompts].map(({ code, message }) => `warning: ${message} (${code})`),
    `Painting takes: ${eta}`,
  ].join("\n");
}
