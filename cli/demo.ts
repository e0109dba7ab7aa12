/**
 * `deno task demo`: starts a server on a free port and paints three beds as any GraphQL client would: checks the
 * layout, asks for the picture, watches it appear, and leaves every preview and the picture in `out/`.
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { decodePng } from "../image/png.ts";
import { fromDataUrl } from "../image/data_url.ts";
import { encodeImage } from "../image/encode.ts";
import { readConfig } from "../server/config.ts";
import { startParterre } from "../server/parterre.ts";
import { orRefuse } from "../server/refusal.ts";
import { DEMO_INPUT, DEMO_SEED } from "./demo_layout.ts";
import { GraphqlClient } from "./graphql_client.ts";
import { ProgressBar } from "./progress_bar.ts";
import { sideBySide } from "./side_by_side.ts";

const CHECK = `query Check($input: ValidateLayoutInput!) {
  validateLayout(input: $input) {
    __typename
    ... on LayoutReport { regions { name share prompt { text tokens } } warnings { message } picture { dataUrl } }
    ... on InvalidInputError { message }
  }
}`;

const GENERATE = `mutation Generate($input: GenerateInput!) {
  generate(input: $input) { __typename ... on Generation { id seed } ... on Error { message } }
}`;

const WATCH = `subscription Watch($id: ID!) {
  generationEvents(id: $id, after: 0, preview: { format: PNG, maxEdge: 256 }) {
    __typename
    ... on GenerationProgressEvent { step steps etaSeconds }
    ... on GenerationPreviewEvent { step image { dataUrl } }
    ... on GenerationCompletedEvent { generation { status error { message } image { url width height } } }
  }
}`;

interface Check {
  readonly validateLayout:
    | {
      readonly __typename: "LayoutReport";
      readonly regions: readonly { name: string; share: number; prompt: { text: string; tokens: number } }[];
      readonly warnings: readonly { message: string }[];
      readonly picture: { readonly dataUrl: string };
    }
    | { readonly __typename: "InvalidInputError"; readonly message: string };
}

interface Generate {
  readonly generate:
    | { readonly __typename: "Generation"; readonly id: string; readonly seed: number }
    | { readonly __typename: "InvalidInputError"; readonly message: string };
}

interface Watch {
  readonly generationEvents:
    | { readonly __typename: "GenerationSnapshotEvent" | "GenerationStatusEvent" }
    | { __typename: "GenerationProgressEvent"; step: number; steps: number; etaSeconds: number | null }
    | { __typename: "GenerationPreviewEvent"; step: number; image: { dataUrl: string } }
    | {
      __typename: "GenerationCompletedEvent";
      generation: { status: string; error: { message: string } | null; image: { url: string } | null };
    };
}

/** Runs the demo into the folder `out`. */
async function demo(out: string, seed: number): Promise<void> {
  Deno.mkdirSync(out, { recursive: true });
  for (const { name } of Deno.readDirSync(out)) {
    if (/^preview-\d+\.png$/.test(name)) Deno.removeSync(join(out, name)); // of an earlier, longer run
  }
  const dataFolder = Deno.makeTempDirSync({ prefix: "parterre-demo-" });
  const parterre = await orRefuse(() => {
    const config = readConfig(Deno.env.toObject());
    return startParterre({ ...config, host: "127.0.0.1", port: 0, dataFolder, preload: [DEMO_INPUT.model] });
  });
  try {
    console.log(`Parterre listens on ${parterre.url}/graphql`);
    await paint(new GraphqlClient(parterre.url), out, seed);
  } finally {
    await parterre.close();
    Deno.removeSync(dataFolder, { recursive: true });
  }
}

async function paint(client: GraphqlClient, out: string, seed: number): Promise<void> {
  const { validateLayout: check } = await client.request<Check>(CHECK, { input: DEMO_INPUT });
  if (check.__typename === "InvalidInputError") throw new Error(check.message);
  for (const { name, share, prompt } of check.regions) {
    console.log(`  ${name.padEnd(8)} ${(100 * share).toFixed(0).padStart(3)} %  ${prompt.text}`);
  }
  for (const { message } of check.warnings) console.log(`  warning: ${message}`);
  const layout = fromDataUrl(check.picture.dataUrl);

  const { generate } = await client.request<Generate>(GENERATE, { input: { ...DEMO_INPUT, seed } });
  if (generate.__typename !== "Generation") throw new Error(generate.message);

  console.log("Loading the model, then painting:");
  const bar = new ProgressBar();
  let progress = { step: 0, steps: 0, etaSeconds: null as number | null, previews: 0 };
  let picture: Uint8Array<ArrayBuffer> | undefined;
  for await (const { generationEvents: event } of client.subscribe<Watch>(WATCH, { id: generate.id })) {
    if (event.__typename === "GenerationProgressEvent") progress = { ...event, previews: progress.previews };
    if (event.__typename === "GenerationPreviewEvent") {
      progress = { ...progress, previews: progress.previews + 1 };
      bar.show(progress);
      const name = `preview-${String(event.step).padStart(2, "0")}.png`;
      Deno.writeFileSync(join(out, name), fromDataUrl(event.image.dataUrl));
    }
    if (event.__typename === "GenerationCompletedEvent") {
      const { status, error, image } = event.generation;
      if (image === null) throw new Error(`The generation ended ${status}: ${error?.message ?? "no reason given"}`);
      picture = await client.picture(image.url);
    }
  }
  bar.end();
  if (picture === undefined) throw new Error("The stream ended before the picture was finished");

  const pair = sideBySide(decodePng(layout).pixels, decodePng(picture).pixels);
  Deno.writeFileSync(join(out, "layout.png"), layout);
  Deno.writeFileSync(join(out, "picture.png"), picture);
  Deno.writeFileSync(join(out, "side-by-side.png"), await encodeImage(pair, "PNG"));
  console.log(`${progress.previews} previews, layout.png, picture.png and side-by-side.png are in ${out}`);
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: { out: { type: "string", default: "out" }, seed: { type: "string", default: String(DEMO_SEED) } },
  });
  await demo(values.out, Number(values.seed));
  Deno.exit(0);
}
