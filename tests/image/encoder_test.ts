/** The encoder's worker: answers belong to their questions, errors keep their type, nothing hangs. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { encodeImage } from "../../image/encode.ts";
import { ImageEncoder, ImageEncoderError } from "../../image/encoder.ts";
import { type ImageFormat, mimeType } from "../../image/format.ts";
import { decodePng } from "../../image/png.ts";
import { resize } from "../../image/resize.ts";
import { draw, invalid, photo } from "./pictures.ts";

const failed = (code: ImageEncoderError["code"]) => (error: unknown) =>
  error instanceof ImageEncoderError && error.code === code;

Deno.test("The worker gives the bytes that encoding here gives", async () => {
  using encoder = new ImageEncoder();
  const source = photo(60, 40);
  for (const format of ["PNG", "JPEG", "WEBP"] as const) {
    assert.deepEqual(await encoder.encode(source, { format }), {
      bytes: await encodeImage(source, format),
      width: 60,
      height: 40,
      mimeType: mimeType(format),
    });
  }
});

Deno.test("Options reach the encoder: quality, text, and both ways to resize", async () => {
  using encoder = new ImageEncoder();
  const source = photo(64, 48);
  const low = await encoder.encode(source, { format: "WEBP", quality: 5 });
  assert.deepEqual(low.bytes, await encodeImage(source, "WEBP", { quality: 5 }));

  const shrunk = await encoder.encode(source, { format: "PNG", maxEdge: 32, text: { seed: "🦊" } });
  assert.deepEqual(decodePng(shrunk.bytes), { pixels: resize(source, 32, 24), text: { seed: "🦊" } });
  assert.deepEqual([shrunk.width, shrunk.height], [32, 24]);

  const kept = await encoder.encode(source, { format: "PNG", maxEdge: 256 });
  assert.deepEqual([kept.width, kept.height], [64, 48], "maxEdge never enlarges");

  const enlarged = await encoder.encode(source, { format: "PNG", edge: 256 });
  assert.deepEqual(decodePng(enlarged.bytes).pixels, resize(source, 256, 192));
});

Deno.test("Many calls at once are answered each with its own picture", async () => {
  using encoder = new ImageEncoder();
  const calls = Array.from({ length: 60 }, async (_, i) => {
    const source = draw(1 + i % 7, 1 + i % 5, 3, () => [i, 255 - i, 3 * i]);
    const format: ImageFormat = i % 3 === 0 ? "JPEG" : "PNG";
    return [source, format, await encoder.encode(source, { format })] as const;
  });
  for (const [source, format, { bytes, width, height }] of await Promise.all(calls)) {
    assert.deepEqual([width, height], [source.width, source.height]);
    assert.deepEqual(bytes, await encodeImage(source, format));
  }
});

Deno.test("The caller keeps its pixels, also where they are part of a larger buffer", async () => {
  using encoder = new ImageEncoder();
  const whole = new Uint8Array(300).map((_, i) => i);
  const part = whole.subarray(100, 112);
  const call = encoder.encode({ width: 2, height: 2, channels: 3, data: part }, { format: "PNG" });
  whole.fill(0);
  assert.equal(whole.length, 300);
  assert.deepEqual([...decodePng((await call).bytes).pixels.data], Array.from({ length: 12 }, (_, i) => 100 + i));
});

Deno.test("Bad input gives an InvalidInputError and does no harm to other calls", async () => {
  using encoder = new ImageEncoder();
  const source = photo(4, 4);
  const good = encoder.encode(source, { format: "PNG" });
  await Promise.all([
    assert.rejects(encoder.encode(source, { format: "JPEG", quality: NaN }), invalid("NOT_A_NUMBER", "quality")),
    assert.rejects(encoder.encode(source, { format: "GIF" as never }), invalid("INVALID_VALUE", "format")),
    assert.rejects(encoder.encode(source, { format: "PNG", maxEdge: 0 }), invalid("OUT_OF_RANGE", "maxEdge")),
    assert.rejects(encoder.encode(source, { format: "PNG", edge: 8, maxEdge: 8 }), invalid("INVALID_VALUE", "edge")),
    assert.rejects(
      encoder.encode({ ...source, width: 5 }, { format: "PNG" }),
      invalid("INVALID_SIZE", "pixels", "data", "length"),
    ),
  ]);
  assert.deepEqual((await good).bytes, await encodeImage(source, "PNG"));
  assert.deepEqual((await encoder.encode(source, { format: "PNG" })).bytes, (await good).bytes);
});

Deno.test("Closing ends the worker: open and later calls fail, closing twice is fine", async () => {
  const encoder = new ImageEncoder();
  await encoder.encode(photo(4, 4), { format: "PNG" });
  const open = [1, 2].map(() => assert.rejects(encoder.encode(photo(64, 64), { format: "PNG" }), failed("CLOSED")));
  encoder.close();
  encoder.close();
  await Promise.all(open);
  await assert.rejects(encoder.encode(photo(4, 4), { format: "PNG" }), failed("CLOSED"));
});

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a process with only these files to read prints for three encoded pictures. */
async function printedWith(readable: readonly string[]): Promise<string> {
  const script = `
    import { ImageEncoder } from "./image/encoder.ts";
    using encoder = new ImageEncoder();
    const picture = { width: 2, height: 2, channels: 3, data: new Uint8Array(12) };
    for (const format of ["PNG", "JPEG", "WEBP"]) {
      console.log(await encoder.encode(picture, { format }).then((file) => file.mimeType, (error) => error.code));
    }
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--ext=ts", `--allow-read=${readable.join(",")}`, "-"],
    cwd: root,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const input = child.stdin.getWriter();
  await input.write(new TextEncoder().encode(script));
  await input.close();
  return new TextDecoder().decode((await child.output()).stdout);
}

Deno.test("The encoder needs to read its own modules and nothing else", async () => {
  assert.equal(await printedWith(["image", "errors.ts"]), "image/png\nimage/jpeg\nimage/webp\n");
});

Deno.test("Where the worker dies, each call fails instead of waiting", async () => {
  assert.equal(await printedWith(["errors.ts"]), "WORKER_FAILED\n".repeat(3));
});
