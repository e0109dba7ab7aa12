/** Layouts of other tools, by clients over HTTP: pictures as files, masks that are looked at, inputs that generate takes. */

import { strict as assert } from "node:assert";
import type { GraphqlClient } from "../../cli/graphql_client.ts";
import { encodeImage } from "../../image/encode.ts";
import { latin, PARAMETERS, pngWith, written } from "../image/metadata/picture_files.ts";
import { draw } from "../image/pictures.ts";
import { generate, picture, SMALL, startServer, type TestServer } from "./server.ts";

interface Adapted {
  readonly __typename: string;
  readonly source: string;
  readonly layout: { readonly json: Record<string, unknown> };
  readonly settings: Record<string, unknown>;
  readonly generateInput: Record<string, unknown>;
  readonly warnings: readonly { readonly code: string; readonly field: string; readonly message: string }[];
  readonly problems: readonly { readonly code: string; readonly field: string; readonly rule: string }[];
}

const ADAPTED = `__typename
  ... on AdaptedLayout {
    source generateInput layout { json } warnings { code field message }
    settings { model width height steps sampler schedule guidanceScale seed }
  }
  ... on InvalidInputError { problems { code field rule } }`;

async function importPicture(
  client: GraphqlClient,
  file: Uint8Array<ArrayBuffer>,
  more: Record<string, unknown> = {},
): Promise<Adapted> {
  const query = `query Import($input: ImportLayoutInput!) { answer: importLayout(input: $input) { ${ADAPTED} } }`;
  const files = { "variables.input.picture.file": new File([file], "holiday.gif") };
  const input = { picture: { file: null, ...more } };
  return (await client.request<{ answer: Adapted }>(query, { input }, { files })).answer;
}

async function ask(client: GraphqlClient, field: string, type: string, input: unknown): Promise<Adapted> {
  const query = `query Ask($input: ${type}!) { answer: ${field}(input: $input) { ${ADAPTED} } }`;
  return (await client.request<{ answer: Adapted }>(query, { input })).answer;
}

/** The id of an uploaded mask. */
async function upload({ client }: TestServer, image: ReturnType<typeof draw>): Promise<string> {
  const query = `mutation Upload($file: File!) { uploadMask(file: $file) { ... on MaskAsset { id } } }`;
  const files = { "variables.file": new File([await encodeImage(image, "PNG")], "mask.png") };
  const { uploadMask } = await client.request<{ uploadMask: { id: string } }>(query, { file: null }, { files });
  return uploadMask.id;
}

Deno.test("a picture of Parterre's own gives the layout and settings that paint it again, byte for byte", async () => {
  await using server = await startServer();
  const { client } = server;
  const input = { ...SMALL, model: "beds-256-lcm", sampler: "euler", mode: "LATENT", guidanceEnd: 0.5 };
  const file = new Uint8Array(await picture(client, input));
  const { source, generateInput, settings, warnings } = await importPicture(client, file);
  assert.equal(source, "PARTERRE");
  assert.deepEqual(warnings, []);
  assert.deepEqual(settings, {
    model: "beds-256-lcm",
    width: 64,
    height: 64,
    steps: 4,
    sampler: "euler",
    schedule: "model",
    guidanceScale: 1,
    seed: 5,
  });
  assert.deepEqual([generateInput["mode"], generateInput["guidanceEnd"]], ["LATENT", 0.5]);
  assert.deepEqual(new Uint8Array(await picture(client, generateInput)), file);
});

Deno.test("pictures of a web UI are read from PNG, JPEG and WebP files, whatever their names", async () => {
  await using server = await startServer();
  const { client } = server;
  for (const name of ["pngLatin", "pngPacked", "pngUnicode", "jpegComment", "webpComment"] as const) {
    const { source, layout, settings } = await importPicture(client, written(name));
    assert.equal(source, "A1111", name);
    assert.equal(layout.json["basePrompt"], "a fox BREAK an owl ü");
    assert.deepEqual(settings, {
      model: null,
      width: 512,
      height: 768,
      steps: 20,
      sampler: "dpmpp-2m",
      schedule: "karras",
      guidanceScale: 7,
      seed: 42,
    });
  }
});

Deno.test("what is wrong with a picture is told at its field", async () => {
  await using server = await startServer({ environment: { PARTERRE_MAX_UPLOAD_BYTES: "10000" } });
  const { client } = server;
  const told = async (file: Uint8Array<ArrayBuffer>) => {
    const { problems = [] } = await importPicture(client, file);
    return problems.map(({ code, field, rule }) => `${code} ${field} ${rule.slice(0, 28)}`);
  };
  assert.deepEqual(await told(written("plain")), ["INVALID_VALUE input.picture.file must carry the text of Parte"]);
  assert.deepEqual(await told(written("plain").slice(0, 40)), [
    "INVALID_VALUE input.picture.file must be a complete PNG file",
  ]);
  assert.deepEqual(await told(Uint8Array.of(1, 2, 3)), [
    "INVALID_VALUE input.picture.file must be a PNG, JPEG or WebP ",
  ]);
  const large = pngWith(["tEXt", latin("Comment", "x".repeat(20_000))]);
  assert.deepEqual(await told(large), ["INVALID_SIZE input.picture.file must have at most 10000 byte"]);
});

const MASKED = { prompt: "a fox BREAK an owl", mode: "MASK" };
const halves = (left: readonly number[], right: readonly number[]) =>
  draw(32, 16, 3, (x) => x < 16 ? [...left] : [...right]);

Deno.test("a black-and-white mask is warned of, with the colours found", async () => {
  await using server = await startServer();
  const maskAsset = await upload(server, halves([0, 0, 0], [255, 255, 255]));
  const { warnings } = await ask(server.client, "parsePrompt", "ParsePromptInput", { ...MASKED, maskAsset });
  assert.deepEqual(warnings.map(({ code, field, message }) => [code, field, message]), [[
    "MASK_COLOUR_MISSING",
    "input.maskAsset",
    "none of the regions' colours is in the image, which lacks #804040 (0), #408080 (1); the colours found are: #000000, #ffffff",
  ]]);
  const missing = await ask(server.client, "parsePrompt", "ParsePromptInput", { ...MASKED, maskAsset: "0".repeat(64) });
  assert.deepEqual(missing.warnings.map(({ code }) => code), ["MASK_NOT_SEEN"]);
});

Deno.test("colours one off the nominal ones split the canvas in halves", async () => {
  await using server = await startServer();
  const maskAsset = await upload(server, halves([0x81, 0x41, 0x41], [0x41, 0x81, 0x81]));
  const { generateInput, warnings } = await ask(server.client, "parsePrompt", "ParsePromptInput", {
    ...MASKED,
    maskAsset,
  });
  assert.deepEqual(warnings, []);
  const query = `query Check($input: ValidateLayoutInput!) {
    validateLayout(input: $input) { ... on LayoutReport { regions { share } warnings { code } } }
  }`;
  const input = { ...generateInput, width: 128, height: 64 };
  const { validateLayout } = await server.client.request<{
    validateLayout: { regions: { share: number }[]; warnings: { code: string }[] };
  }>(query, { input });
  assert.deepEqual(validateLayout.regions.map(({ share }) => share), [0.5, 0.5]);
});

const WORKFLOW = JSON.stringify({
  1: { class_type: "CLIPTextEncode", inputs: { text: "fox" } },
  2: {
    class_type: "KSampler",
    inputs: { positive: ["1", 0], seed: 2 ** 40, steps: 2, cfg: 1, sampler_name: "euler", scheduler: "karras" },
  },
});

Deno.test("generateInput of every reader is what generate takes", async () => {
  await using server = await startServer();
  const { client } = server;
  const regional =
    'a BREAK b\nSteps: 2, Sampler: Euler, CFG scale: 1, Seed: 7, Size: 64x64, RP Active: True, RP Divide mode: Matrix, RP Matrix submode: Rows, RP Ratios: "2,1"';
  const layers = [{ objects: [{ type: "rect", rect: { x: 0, y: 0, width: 32, height: 64 } }], positivePrompt: "fox" }];
  const inputs = {
    comfyWorkflow: { json: WORKFLOW },
    comfyAreas: { areas: [{ prompt: "fox", x: 0, y: 0, width: 0.5, height: 1 }] },
    omost: {
      text: '[{"rect": [0, 90, 0, 90], "prefixes": ["A harbour."], "suffixes": ["boats"], "color": [1, 2, 3]}]',
    },
    parameters: { text: regional },
    invokeai: {
      json: JSON.stringify({
        positive_prompt: "meadow",
        width: 64,
        height: 64,
        steps: 2,
        cfg_scale: 1,
        scheduler: "euler_k",
        seed: 9,
        canvas_v2_metadata: { regionalGuidance: layers },
      }),
    },
    kritaAi: { json: JSON.stringify({ root: { positive: "photo" }, regions: [{ positive: "fox", layer_ids: "a" }] }) },
  };
  const adapted = new Map<string, Adapted>();
  for (const [field, input] of Object.entries(inputs)) {
    adapted.set(field, await ask(client, "importLayout", "ImportLayoutInput", { [field]: input }));
  }
  adapted.set(
    "parsePrompt",
    await ask(client, "parsePrompt", "ParsePromptInput", { prompt: "a BREAK b", ratios: "1,2" }),
  );
  const file = pngWith(["tEXt", latin("parameters", regional)]);
  adapted.set("picture", await importPicture(client, file));
  for (const [name, { generateInput, problems }] of adapted) {
    assert.equal(problems, undefined, `${name}: ${JSON.stringify(problems)}`);
    const size = { model: "beds-256-lcm", width: 64, height: 64 };
    const { generate: answer } = await generate(client, { ...size, ...generateInput });
    assert.equal(answer.__typename, "Generation", `${name}: ${answer.message}`);
  }
  assert.deepEqual([...adapted.values()].map(({ source }) => source), [
    ...[
      "COMFYUI",
      "COMFYUI",
      "OMOST",
      "REGIONAL_PROMPTER",
      "INVOKEAI",
      "KRITA_AI",
      "REGIONAL_PROMPTER",
      "REGIONAL_PROMPTER",
    ],
  ]);
});

Deno.test("settings that a model cannot take are the usual problems", async () => {
  await using server = await startServer();
  const text = `${PARAMETERS.replace("512x768", "500x768")}`;
  const { generateInput } = await ask(server.client, "importLayout", "ImportLayoutInput", { parameters: { text } });
  const { generate: answer } = await generate(server.client, { model: "beds-256", ...generateInput });
  assert.equal(answer.__typename, "InvalidInputError");
  assert.deepEqual(answer.problems.map(({ code, field }) => `${code} ${field}`), ["INVALID_SIZE input.width"]);
});

Deno.test("a layout is written for Regional Prompter, a saved one too", async () => {
  await using server = await startServer();
  const { client } = server;
  const query = `query Export($input: ExportLayoutInput!) {
    exportLayout(input: $input) {
      ... on ExportedLayout { text regionalPrompter { mode ratios baseRatios useBase } warnings { code field } }
      ... on InvalidInputError { problems { code field } }
    }
  }`;
  const layout = {
    basePrompt: "meadow",
    grid: { direction: "COLUMNS", ratios: "3,1" },
    regions: [{ prompt: "fox", baseRatio: 0.2, feather: 0.1 }, { prompt: "owl", baseRatio: 0.2 }],
  };
  const format = "REGIONAL_PROMPTER";
  const sent = await client.request<{ exportLayout: unknown }>(query, {
    input: { layout, format, settings: { steps: 3 } },
  });
  assert.deepEqual(sent.exportLayout, {
    text: "meadow ADDBASE\nfox\nADDCOL owl",
    regionalPrompter: { mode: "COLUMNS", ratios: "3,1", baseRatios: "0.2", useBase: false },
    warnings: [
      { code: "SETTING_LEFT_OUT", field: "input.layout.regions[0].feather" },
      { code: "SETTING_LEFT_OUT", field: "input.settings.steps" },
    ],
  });
  const save =
    `mutation ($layout: LayoutInput!) { saveLayout(input: { name: "b", layout: $layout }) { ... on SavedLayout { id } } }`;
  const { saveLayout: { id } } = await client.request<{ saveLayout: { id: string } }>(save, { layout });
  const saved = await client.request<{ exportLayout: { text: string; warnings: { field: string }[] } }>(query, {
    input: { savedLayout: { id }, format },
  });
  assert.equal(saved.exportLayout.text, "meadow ADDBASE\nfox\nADDCOL owl");
  assert.equal(saved.exportLayout.warnings[0]?.field, "input.savedLayout.regions[0].feather");
  const wrong = await client.request<{ exportLayout: { problems: unknown } }>(query, {
    input: { layout: { regions: [{ prompt: "a" }] }, format },
  });
  assert.deepEqual(wrong.exportLayout.problems, [{
    code: "INVALID_GEOMETRY",
    field: "input.layout.regions[0].geometry",
  }]);
});
