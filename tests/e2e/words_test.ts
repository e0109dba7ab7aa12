/** Regions found by words through the API: refused, told before, told on the way, kept, and used again. */

import { strict as assert } from "node:assert";
import { decodePng } from "../../image/png.ts";
import { finish, generate, picture, SMALL, startServer } from "./server.ts";

const layout = {
  basePrompt: "a cat and an apple, white background",
  regions: [{ name: "pet", prompt: "a red square", geometry: { words: { of: "cat" } } }],
};
const input = { ...SMALL, layout };

const CHECK = `query Check($input: ValidateLayoutInput!) {
  validateLayout(input: $input) {
    ... on LayoutReport {
      regions { share covered levels { level } }
      warnings { code message }
      svg
    }
  }
}`;

const WATCH = `subscription Watch($id: ID!) {
  generationEvents(id: $id, after: 0, preview: { every: 0 }) {
    __typename
    ... on GenerationProgressEvent { step }
    ... on GenerationRegionMasksEvent { masks { ...Mask } }
    ... on GenerationCompletedEvent { generation { status regionMasks { ...Mask } regions { geometry { ... on WordsGeometry { of threshold from } } } } }
  }
}
fragment Mask on RegionMask { region words mask image { width height mimeType url dataUrl } }`;

interface Mask {
  readonly region: string;
  readonly words: string;
  readonly mask: string;
  readonly image: { width: number; height: number; mimeType: string; url: string; dataUrl: string };
}

interface Watch extends Record<string, unknown> {
  readonly generationEvents: {
    readonly __typename: string;
    readonly step?: number;
    readonly masks?: readonly Mask[];
    readonly generation?: { status: string; regionMasks: readonly Mask[]; regions: readonly { geometry: unknown }[] };
  };
}

Deno.test("words are refused, told, found, kept and used again", async () => {
  await using server = await startServer();
  const { client } = server;

  const fox = { ...layout, regions: [{ ...layout.regions[0], geometry: { words: { of: "fox" } } }] };
  const { generate: { problems: [problem] } } = await generate(client, { ...input, layout: fox });
  assert.equal(problem?.code, "WORDS_NOT_FOUND");
  assert.equal(problem?.field, "input.layout.regions[0].geometry.words.of");
  assert.match(problem?.message ?? "", /in the base prompt, "a cat and an apple, white background", got "fox"$/);

  const check = { layout, width: 64, height: 64, steps: 4 };
  const { validateLayout } = await client.request<{ validateLayout: Record<string, unknown> }>(CHECK, { input: check });
  assert.deepEqual(validateLayout["regions"], [{ share: null, covered: null, levels: [] }]);
  const message =
    "region 'pet' paints where its words are found from step 3 of 4 on: what it covers is not known before";
  assert.deepEqual(validateLayout["warnings"], [{ code: "FOUND_LATER", message }]);
  assert.match(String(validateLayout["svg"]), /^<svg/);

  const { generate: { id } } = await generate(client, input);
  const events: Watch["generationEvents"][] = [];
  for await (const { generationEvents } of client.subscribe<Watch>(WATCH, { id })) events.push(generationEvents);
  const at = events.findIndex(({ masks }) => masks !== undefined);
  assert.deepEqual(events.filter(({ masks }) => masks !== undefined).length, 1);
  assert.equal(events.slice(0, at).findLast(({ step }) => step !== undefined)?.step, 2);
  const { generation } = events.at(-1) ?? {};
  assert.equal(generation?.status, "SUCCEEDED");
  assert.deepEqual(generation?.regionMasks, events[at]?.masks);
  assert.deepEqual(generation?.regions, [{ geometry: { of: "cat", threshold: 0.4, from: "BASE" } }]);
  const [found] = generation?.regionMasks ?? [];
  assert.deepEqual([found?.region, found?.words, found?.image.width, found?.image.height], ["pet", "cat", 8, 8]);
  const file = await client.picture(found?.image.url ?? "");
  assert.equal(found?.image.dataUrl, `data:image/png;base64,${file.toBase64()}`);
  assert(decodePng(file).pixels.data.some((value) => value === 255));

  // From the step on from which it is known, the mask paints the very same picture.
  const geometry = { mask: { asset: found?.mask } };
  const painted = { ...layout, regions: [{ ...layout.regions[0], geometry, start: 0.5 }] };
  const one = decodePng(await picture(client, input)),
    two = decodePng(await picture(client, { ...input, layout: painted }));
  assert.deepEqual(two.pixels, one.pixels);
  assert.equal((await finish(client, id)).status, "SUCCEEDED");
});
