/**
 * `deno task examples`: checks and paints every example layout as a GraphQL client would, and puts the pictures of the
 * layouts beside the paintings on one sheet, `docs/images/layouts.jpg`.
 */

import { fileURLToPath } from "node:url";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { fromDataUrl } from "../../image/data_url.ts";
import { encodeImage } from "../../image/encode.ts";
import { type Pixels, pixels } from "../../image/pixels.ts";
import { decodePng } from "../../image/png.ts";
import { resize } from "../../image/resize.ts";
import { Canvas } from "../../layout/picture/canvas.ts";
import { GLYPH_HEIGHT, inFont } from "../../layout/picture/font.ts";
import type { LayoutSpec } from "../../layout/layout.ts";
import { readConfig } from "../../server/config.ts";
import { startParterre } from "../../server/parterre.ts";
import { orRefuse } from "../../server/refusal.ts";
import { exampleLayouts, uploadMasks } from "./layouts.ts";

const CHECK = `query Check($input: ValidateLayoutInput!) {
  validateLayout(input: $input) {
    __typename
    ... on LayoutReport { warnings { message } picture { dataUrl } }
    ... on InvalidInputError { message }
  }
}`;

const GENERATE = `mutation Generate($input: GenerateInput!) {
  generate(input: $input) { __typename ... on Generation { id } ... on Error { message } }
}`;

const WATCH = `subscription Watch($id: ID!) {
  generationEvents(id: $id, after: 0, preview: { every: 0 }) {
    ... on GenerationCompletedEvent { generation { error { message } image { url } } }
  }
}`;

/** Pixels of the sheet: pictures are HEIGHT high and up to WIDTH wide, two in a cell. */
const WIDTH = 192, HEIGHT = 192, GAP = 6, TITLE = 22, MARGIN = 14, COLUMNS = 4;

/** Denoising steps, and the seed of every painting. */
const STEPS = 20, SEED = 7;

interface Example {
  readonly name: string;
  readonly layout: Pixels;
  readonly painting: Pixels;
}

async function render(client: GraphqlClient, name: string, layout: LayoutSpec): Promise<Example> {
  interface Check {
    readonly validateLayout: {
      readonly message?: string;
      readonly warnings: readonly { message: string }[];
      readonly picture: { readonly dataUrl: string };
    };
  }
  const { validateLayout: check } = await client.request<Check>(CHECK, { input: { layout } });
  if (check.message !== undefined) throw new Error(`${name}: ${check.message}`);
  for (const { message } of check.warnings) console.log(`${name}: ${message}`);

  interface Accepted {
    readonly generate: { readonly id: string; readonly message?: string };
  }
  const input = { layout, steps: STEPS, seed: SEED };
  const { generate: { id, message } } = await client.request<Accepted>(GENERATE, { input });
  if (message !== undefined) throw new Error(`${name}: ${message}`);
  interface Watch {
    readonly generationEvents: { generation?: { error: { message: string } | null; image: { url: string } | null } };
  }
  let painting: Pixels | undefined;
  for await (const { generationEvents: { generation } } of client.subscribe<Watch>(WATCH, { id })) {
    if (generation === undefined) continue;
    if (generation.image === null) throw new Error(`${name}: ${generation.error?.message ?? "no reason given"}`);
    painting = decodePng(await client.picture(generation.image.url)).pixels;
  }
  if (painting === undefined) throw new Error(`${name}: the stream ended before the picture was finished`);
  return { name, layout: decodePng(fromDataUrl(check.picture.dataUrl)).pixels, painting };
}

/** All examples in rows of COLUMNS, each titled. */
function compose(examples: readonly Example[]): Pixels {
  const cellWidth = 2 * WIDTH + GAP + MARGIN, cellHeight = HEIGHT + TITLE + MARGIN;
  const sheet = new Canvas(COLUMNS * cellWidth + MARGIN, Math.ceil(examples.length / COLUMNS) * cellHeight + MARGIN);
  examples.forEach(({ name, layout, painting }, i) => {
    const left = MARGIN + i % COLUMNS * cellWidth, top = MARGIN + Math.floor(i / COLUMNS) * cellHeight;
    const title = inFont(name.replace(/^\d+-/, "").replaceAll("-", " ")) ?? "";
    sheet.write(title, left, top + (TITLE - 2 * GLYPH_HEIGHT) / 2 - 2, 2, [40, 44, 52], [255, 255, 255]);
    place(sheet, layout, left, top + TITLE);
    place(sheet, painting, left + WIDTH + GAP, top + TITLE);
  });
  return pixels(sheet.width, sheet.height, 4, new Uint8Array(sheet.pixels.buffer));
}

/** Lays a picture on the sheet, as large as it fits into WIDTH x HEIGHT, in the middle. */
function place(sheet: Canvas, picture: Pixels, left: number, top: number): void {
  const scale = Math.min(WIDTH / picture.width, HEIGHT / picture.height);
  const width = Math.round(picture.width * scale), height = Math.round(picture.height * scale);
  const { channels, data } = resize(picture, width, height);
  const x0 = left + Math.floor((WIDTH - width) / 2), y0 = top + Math.floor((HEIGHT - height) / 2);
  for (let i = 0; i < width * height; i++) {
    const [red = 0, green = 0, blue = 0] = data.subarray(i * channels, i * channels + 3);
    sheet.lay(x0 + i % width, y0 + Math.floor(i / width), [red, green, blue], 1);
  }
}

/** What is kept while they are painted: the task may write here and where the sheet goes. */
const OUT = fileURLToPath(new URL("../../out", import.meta.url));

if (import.meta.main) {
  Deno.mkdirSync(OUT, { recursive: true });
  const dataFolder = Deno.makeTempDirSync({ dir: OUT, prefix: "examples-" });
  const parterre = await orRefuse(() =>
    startParterre({ ...readConfig(Deno.env.toObject()), host: "127.0.0.1", port: 0, dataFolder })
  );
  try {
    const client = new GraphqlClient(parterre.url);
    const masks = await uploadMasks(parterre.url);
    const examples: Example[] = [];
    for (const { name, layout } of exampleLayouts(masks)) {
      examples.push(await render(client, name, layout));
      console.log(name);
    }
    const file = new URL("../../docs/images/layouts.jpg", import.meta.url);
    Deno.writeFileSync(file, await encodeImage(compose(examples), "JPEG", { quality: 88 }));
  } finally {
    await parterre.close();
    Deno.removeSync(dataFolder, { recursive: true });
  }
  Deno.exit(0);
}
