/** A picture is painted once more from its file: the same bytes, or an error that says what is missing. */

import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { encodeImage } from "../../image/encode.ts";
import { decodePng } from "../../image/png.ts";
import { readPictureTexts } from "../../image/metadata/read_picture_texts.ts";
import { finish, picture, SMALL, startServer, type TestServer } from "./server.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const MUTATION = `mutation ($input: RegenerateInput!) { regenerate(input: $input) {
  __typename
  ... on Error { message }
  ... on InvalidInputError { problems { code field value rule } }
  ... on Regeneration { generation { id } differences { field was is } } } }`;

interface Answer {
  readonly __typename: string;
  readonly problems?: readonly { code: string; field: string; value: string; rule: string }[];
  readonly generation?: { readonly id: string };
  readonly differences?: readonly { field: string; was: string | null; is: string | null }[];
}

async function regenerate({ client }: TestServer, file: Bytes, more: Record<string, unknown> = {}): Promise<Answer> {
  const files = { "variables.input.file": new File([file], "picture") };
  return (await client.request<{ regenerate: Answer }>(MUTATION, { input: { file: null, ...more } }, { files }))
    .regenerate;
}

async function download({ client }: TestServer, id: string): Promise<Bytes> {
  const { generation } = await client.request<{ generation: { image: { url: string } } }>(
    "query ($id: ID!) { generation(id: $id) { image { url } } }",
    { id },
  );
  return new Uint8Array(await client.picture(generation.image.url));
}

async function uploadMask({ client }: TestServer, file: Bytes): Promise<string> {
  const query = "mutation ($file: File!) { uploadMask(file: $file) { ... on MaskAsset { id } } }";
  const files = { "variables.file": new File([file], "mask.png") };
  return (await client.request<{ uploadMask: { id: string } }>(query, { file: null }, { files })).uploadMask.id;
}

async function paint({ client }: TestServer, input: Record<string, unknown>): Promise<Bytes> {
  return new Uint8Array(await picture(client, input));
}

/** A PNG file with another record. */
async function edited(file: Bytes, edit: (record: Record<string, unknown>) => unknown): Promise<Bytes> {
  const { pixels, text } = decodePng(file);
  const record = edit(JSON.parse(text["parterre"] ?? "{}"));
  return await encodeImage(pixels, "PNG", { text: { parterre: JSON.stringify(record) } });
}

Deno.test("a picture's file is enough to paint it once more", async (test) => {
  await using server = await startServer();
  await test.step("a picture of each format is painted once more to the same bytes", async (t) => {
    const data = new Uint8Array(16 * 16 * 3).map((_, i) => i % 48 < 24 ? 255 : 0);
    const mask = await uploadMask(server, await encodeImage({ width: 16, height: 16, channels: 3, data }, "PNG"));
    const layout = {
      basePrompt: 'gravel, <"&">',
      regions: [
        { name: "sea", prompt: "ocean", seed: 7, geometry: { mask: { asset: mask } } },
        { name: "wood", prompt: "forest", geometry: { ellipse: { cx: 0.5, cy: 0.5, rx: 0.2, ry: 0.2 } }, end: 0.5 },
      ],
    };
    for (const format of ["PNG", "JPEG", "WEBP"]) {
      await t.step(format, async () => {
        const file = await paint(server, { ...SMALL, layout, format, steps: 2, mode: "LATENT" });
        const { __typename, generation, differences } = await regenerate(server, file);
        assert.equal(__typename, "Regeneration");
        assert.deepEqual(differences, []);
        assert.ok(generation);
        await finish(server.client, generation.id);
        assert.equal(Buffer.compare(await download(server, generation.id), file), 0);
      });
    }
  });

  await test.step("what is missing or different is named, at its place in the file", async (t) => {
    const file = await paint(server, { ...SMALL, steps: 1 });
    const problems = async (edit: (record: Record<string, unknown>) => unknown, more = {}) => {
      const { __typename, problems = [] } = await regenerate(server, await edited(file, edit), more);
      return [__typename, ...problems.map(({ code, field }) => `${code} ${field}`)];
    };
    const made = (changes: Record<string, unknown>) => (record: Record<string, unknown>) => ({
      ...record,
      made: { ...record["made"] as Record<string, unknown>, ...changes },
    });
    const MASKED = { name: "r", prompt: "x", geometry: { kind: "MASK", asset: "0".repeat(64), threshold: 0.5 } };

    await t.step("other version, provider and model", async () => {
      assert.deepEqual(await problems(made({ version: "0.0.1", provider: "webgpu", model: "0".repeat(64) })), [
        "InvalidInputError",
        "UNSUPPORTED input.file.made.version",
        "UNSUPPORTED input.file.made.provider",
        "UNSUPPORTED input.file.made.model",
      ]);
    });
    await t.step("another number of threads, which cuts sums elsewhere", async () => {
      assert.deepEqual(await problems(made({ threads: "63" })), [
        "InvalidInputError",
        "UNSUPPORTED input.file.made.threads",
      ]);
    });
    await t.step("which may be allowed, and are told", async () => {
      const other = await edited(file, made({ version: "0.0.1" }));
      const { differences } = await regenerate(server, other, { allowDifferences: true });
      assert.deepEqual(differences?.map(({ field, was }) => [field, was]), [["version", "0.0.1"]]);
    });
    await t.step("a model that is not there", async () => {
      assert.deepEqual((await problems((record) => ({ ...record, model: "sdxl" }))).slice(0, 2), [
        "InvalidInputError",
        "UNKNOWN_MODEL input.file.model",
      ]);
    });
    await t.step("a mask that is not there", async () => {
      const answer = await problems((record) => {
        const layout = record["layout"] as { regions: unknown[] };
        return { ...record, layout: { ...layout, regions: [...layout.regions, MASKED] } };
      });
      assert.match(String(answer[1]), /input\.file\.layout\.regions\[2\]\.geometry\.mask/);
    });
    await t.step("a setting of another version", async () => {
      assert.deepEqual(await problems((record) => ({ ...record, pony: 1 })), [
        "InvalidInputError",
        "UNSUPPORTED input.file.pony",
      ]);
    });
    await t.step("rubbish in place of settings", async () => {
      for (const edit of [{ format: "GIF" }, { savedLayout: 3 }, { layout: [] }, { seed: -1 }, { steps: 1e9 }]) {
        assert.equal(
          (await problems((record) => ({ ...record, ...edit })))[0],
          "InvalidInputError",
          JSON.stringify(edit),
        );
      }
    });
    await t.step("a file of another program, and none at all", async () => {
      const { pixels } = decodePng(file);
      const plain = await encodeImage(pixels, "PNG", { text: { parameters: "a fox\nSteps: 4, Seed: 1, Size: 64x64" } });
      for (const other of [plain, new TextEncoder().encode("no picture"), file.slice(0, 40), new Uint8Array()]) {
        assert.equal((await regenerate(server, other)).problems?.[0]?.field, "input.file");
      }
    });
  });

  await test.step("a picture's file also tells a web UI what it can be told", async () => {
    const texts = readPictureTexts(await paint(server, { ...SMALL, steps: 1, sampler: "euler" }));
    const parameters = texts.find(({ keyword }) => keyword === "parameters")?.text ?? "";
    assert.match(
      parameters,
      /^ocean\nADDCOL forest\nSteps: 1, Sampler: Euler, .*Seed: 5, Size: 64x64, Model hash: [0-9a-f]{10}, /,
    );
    assert.match(parameters, /RP Active: True, RP Divide mode: Matrix, RP Matrix submode: Columns/);
  });

  await test.step("a key of idempotency means one generation, whoever sends the file twice", async () => {
    const file = await paint(server, { ...SMALL, steps: 1 });
    const first = await regenerate(server, file, { idempotencyKey: "k" });
    const again = await regenerate(server, file, { idempotencyKey: "k" });
    assert.equal(again.generation?.id, first.generation?.id);
    const other = await edited(file, (record) => ({ ...record, seed: 6 }));
    assert.equal((await regenerate(server, other, { idempotencyKey: "k" })).__typename, "IdempotencyConflictError");
  });
});
