/** All formats alike: signatures, quality, determinism, and what each cannot hold. Decoders: jpeg-js and libwebp. */

import assert from "node:assert/strict";
import decodeWebp from "@jsquash/webp/decode.js";
import fc from "fast-check";
import { decode as decodeJpeg } from "jpeg-js";
import { toDataUrl } from "../../image/data_url.ts";
import { encodeImage } from "../../image/encode.ts";
import { MAX_JPEG_PARAMETERS } from "../../image/metadata/write_lossy_texts.ts";
import { extension, type ImageFormat, mimeType } from "../../image/format.ts";
import type { Pixels } from "../../image/pixels.ts";
import { draw, invalid, photo, psnr, rgbOf } from "./pictures.ts";

const FORMATS: readonly ImageFormat[] = ["PNG", "JPEG", "WEBP"];

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

const LOSSY: Readonly<Record<"JPEG" | "WEBP", (file: Uint8Array<ArrayBuffer>) => Promise<Decoded> | Decoded>> = {
  JPEG: (file) => decodeJpeg(file),
  WEBP: (file) => decodeWebp(file.buffer),
};

Deno.test("Files start with their format's signature", async () => {
  const start = async (format: ImageFormat, end: number) => (await encodeImage(photo(8, 8), format)).slice(0, end);
  assert.equal((await start("PNG", 8)).toHex(), "89504e470d0a1a0a");
  assert.equal((await start("JPEG", 3)).toHex(), "ffd8ff");
  const riff = new TextDecoder("latin1").decode(await start("WEBP", 12));
  assert.match(riff, /^RIFF....WEBP$/s);
});

Deno.test("Formats have their registered media types and usual extensions", () => {
  assert.deepEqual(FORMATS.map(mimeType), ["image/png", "image/jpeg", "image/webp"]);
  assert.deepEqual(FORMATS.map(extension), ["png", "jpg", "webp"]);
});

Deno.test("The same picture gives the same bytes", async () => {
  for (const format of FORMATS) {
    const first = await encodeImage(photo(65, 43), format);
    await encodeImage(photo(31, 12), format);
    assert.deepEqual(await encodeImage(photo(65, 43), format), first, format);
  }
});

for (const [format, decode] of [["JPEG", LOSSY.JPEG], ["WEBP", LOSSY.WEBP]] as const) {
  const fidelity = async (source: Pixels, quality?: number) => {
    const file = await encodeImage(source, format, quality === undefined ? {} : { quality });
    const decoded = await decode(file);
    assert.deepEqual([decoded.width, decoded.height], [source.width, source.height]);
    return { psnr: psnr(rgbOf(decoded.data), source.data), size: file.length };
  };

  Deno.test(`${format} resembles the picture, more so and in more bytes the higher the quality`, async () => {
    const source = photo(256, 192);
    const [low, middle, high] = [await fidelity(source, 10), await fidelity(source, 60), await fidelity(source, 95)];
    assert.ok(
      low.psnr > 22 && low.psnr < middle.psnr && middle.psnr < high.psnr,
      `${low.psnr} ${middle.psnr} ${high.psnr}`,
    );
    assert.ok(low.size < middle.size && middle.size < high.size && high.size < source.data.length / 3);
    assert.ok((await fidelity(source)).psnr > 34, "at the default quality");
  });

  Deno.test(`${format} files have the picture's size, whatever it is, and roughly its colours`, async () => {
    const edge = fc.integer({ min: 1, max: 40 });
    const level = fc.nat(255);
    await fc.assert(
      fc.asyncProperty(edge, edge, fc.tuple(level, level, level), async (width, height, colour) => {
        const decoded = await decode(await encodeImage(draw(width, height, 3, () => colour), format));
        assert.deepEqual([decoded.width, decoded.height], [width, height]);
        for (const [i, value] of rgbOf(decoded.data).entries()) {
          assert.ok(Math.abs(value - (colour[i % 3] ?? NaN)) <= 6, `${colour}: ${value} at ${i}`);
        }
      }),
      { numRuns: 40 },
    );
  });

  Deno.test(`${format} quality is a whole number from 1 to 100`, async () => {
    for (const quality of [0, 101, -5, 50.5, Infinity]) {
      await assert.rejects(encodeImage(photo(4, 4), format, { quality }), invalid("OUT_OF_RANGE", "quality"));
    }
    await assert.rejects(encodeImage(photo(4, 4), format, { quality: NaN }), invalid("NOT_A_NUMBER", "quality"));
    await encodeImage(photo(4, 4), format, { quality: 1 });
    await encodeImage(photo(4, 4), format, { quality: 100 });
  });

  Deno.test(`${format} refuses text that it cannot hold rather than dropping it`, async () => {
    const encode = (text: Record<string, string>) => encodeImage(photo(4, 4), format, { text });
    await assert.rejects(encode({ "no name": "b" }), invalid("INVALID_VALUE", "text", "no name"));
    await assert.rejects(encode({ bell: "\x07" }), invalid("INVALID_VALUE", "text", "bell"));
    await encode({});
  });

  Deno.test(`${format} with texts shows the same pixels`, async () => {
    const text = { Software: "Parterre", parterre: JSON.stringify({ a: "<&>" }), parameters: "a fox" };
    for (const source of [photo(33, 17), photo(16, 8)]) {
      const { width, height, data } = await LOSSY[format](await encodeImage(source, format));
      const seen = await LOSSY[format](await encodeImage(source, format, { text }));
      assert.deepEqual([seen.width, seen.height, seen.data], [width, height, data]);
    }
  });
}

Deno.test("JPEG refuses parameters that are too long for its segment", async () => {
  const encode = (length: number) => encodeImage(photo(4, 4), "JPEG", { text: { parameters: "x".repeat(length) } });
  await encode(MAX_JPEG_PARAMETERS);
  await assert.rejects(encode(MAX_JPEG_PARAMETERS + 1), invalid("INVALID_SIZE", "text", "parameters"));
});

Deno.test("WEBP with texts keeps alpha", async () => {
  const source = draw(8, 8, 4, (x, y) => [200, 100, 50, (x * 8 + y) % 256]);
  const { data } = await LOSSY.WEBP(await encodeImage(source, "WEBP", { text: { parterre: "x" } }));
  const { data: plain } = await LOSSY.WEBP(await encodeImage(source, "WEBP"));
  assert.deepEqual(data, plain);
});

Deno.test("WEBP keeps alpha", async () => {
  const source = draw(32, 32, 4, (x, y) => [200, 100, 50, (x * 8 + y) % 256]);
  const { data } = await LOSSY.WEBP(await encodeImage(source, "WEBP"));
  const alpha = (bytes: ArrayLike<number>) => Uint8Array.from(bytes).filter((_, i) => i % 4 === 3);
  assert.deepEqual(alpha(data), alpha(source.data));
});

Deno.test("JPEG takes an opaque alpha channel and refuses a transparent one rather than dropping it", async () => {
  const opaque = draw(8, 8, 4, () => [200, 100, 50, 255]);
  assert.deepEqual(
    await encodeImage(opaque, "JPEG"),
    await encodeImage(draw(8, 8, 3, () => [200, 100, 50]), "JPEG"),
  );
  const dimmed = draw(8, 8, 4, (x, y) => [0, 0, 0, x === 7 && y === 7 ? 254 : 255]);
  await assert.rejects(encodeImage(dimmed, "JPEG"), invalid("UNSUPPORTED", "pixels", "data"));
});

Deno.test("PNG refuses a quality, and an unknown format is refused", async () => {
  await assert.rejects(encodeImage(photo(4, 4), "PNG", { quality: 90 }), invalid("UNSUPPORTED", "quality"));
  for (const format of ["GIF", "png", "toString"]) {
    await assert.rejects(encodeImage(photo(4, 4), format as ImageFormat), invalid("INVALID_VALUE", "format"), format);
  }
});

Deno.test("A data URL holds the file", async () => {
  const file = await encodeImage(photo(8, 8), "PNG");
  const url = toDataUrl(file, mimeType("PNG"));
  assert.match(url, /^data:image\/png;base64,[A-Za-z0-9+/]+=*$/);
  assert.deepEqual(await (await fetch(url)).bytes(), file);
});
