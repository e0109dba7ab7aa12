/** Decoding files of strangers, against other encoders and decoders; nothing hostile gets further than a typed error. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { decode as fastDecode, encode as fastEncode } from "fast-png";
import { InvalidInputError } from "../../errors.ts";
import { decodeImage } from "../../image/decode.ts";
import { encodeImage } from "../../image/encode.ts";
import { bytesOf, jpegOfManyScans, PILLOW, png } from "./files.ts";
import { anyPicture, draw, invalid, photo, psnr, rgbOf } from "./pictures.ts";

const LIMIT = 2 ** 16;

const decode = async (file: Uint8Array) => (await decodeImage(file, LIMIT)).pixels;

/** The rule that a file is refused for. */
async function refusal(file: Uint8Array, limit = LIMIT): Promise<string> {
  try {
    await decodeImage(file, limit);
  } catch (error) {
    assert.ok(error instanceof InvalidInputError, String(error));
    assert.deepEqual(error.path, ["image"]);
    return error.rule;
  }
  throw new assert.AssertionError({ message: "decoded" });
}

Deno.test("the format is told by the bytes, and every format gives four channels", async () => {
  const source = photo(40, 24);
  for (const format of ["PNG", "JPEG", "WEBP"] as const) {
    const decoded = await decodeImage(await encodeImage(source, format), LIMIT);
    assert.equal(decoded.format, format);
    const { width, height, channels, data } = decoded.pixels;
    assert.deepEqual([width, height, channels, data.length], [40, 24, 4, 40 * 24 * 4]);
    assert.ok(psnr(source.data, rgbOf(data)) > (format === "PNG" ? 1000 : 25), format);
    assert.ok(data.every((value, i) => i % 4 !== 3 || value === 255));
  }
});

Deno.test("PNG: every depth and kind of samples, interlaced or not, is what another codec says", async () => {
  const kinds = fc.record({
    channels: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
    depth: fc.constantFrom(8 as const, 16 as const),
    interlace: fc.constantFrom("null" as const, "Adam7" as const),
    width: fc.integer({ min: 1, max: 19 }),
    height: fc.integer({ min: 1, max: 19 }),
    seed: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(kinds, async ({ channels, depth, interlace, width, height, seed }) => {
      const samples = Array.from({ length: width * height * channels }, (_, i) => (seed + i * 7919) % 2 ** depth);
      const data = depth === 8 ? Uint8Array.from(samples) : Uint16Array.from(samples);
      const decoded = await decode(fastEncode({ width, height, channels, depth, data }, { interlace }));
      const eight = samples.map((v) => depth === 8 ? v : Math.round(v / 257));
      const expected = Array.from({ length: width * height }, (_, i) => {
        const pixel = eight.slice(i * channels, (i + 1) * channels);
        const colour = channels < 3 ? [pixel[0], pixel[0], pixel[0]] : pixel.slice(0, 3);
        return [...colour, channels % 2 === 0 ? pixel.at(-1) : 255];
      });
      assert.deepEqual([...decoded.data], expected.flat());
    }),
  );
});

Deno.test("PNG: palettes of 1, 2, 4 and 8 bits, interlaced or not, are what another decoder says", async () => {
  const palette = Uint8Array.from({ length: 6 }, (_, i) => i * 40);
  for (const depth of [1, 2, 4, 8]) {
    // One row of four pixels 0 1 0 1, by the bits.
    const row = [[0b01010000], [0b00010001], [0x01, 0x01], [0, 1, 0, 1]][Math.log2(depth)] ?? [];
    const file = png({ width: 4, height: 1, depth, colourType: 3 }, Uint8Array.of(0, ...row), palette);
    const oracle = fastDecode(file);
    assert.equal(oracle.width, 4);
    const expected = [0, 1, 0, 1].flatMap((i) => [...palette.subarray(i * 3, i * 3 + 3), 255]);
    assert.deepEqual([...(await decode(file)).data], expected, `${depth} bits`);
  }
});

Deno.test("PNG: a transparent colour is transparent, and of an animation the first picture counts", async () => {
  assert.deepEqual([...(await decode(bytesOf("pngGreyTransparent"))).data], [0, 0, 0, 0, 200, 200, 200, 255]);
  assert.deepEqual([...(await decode(bytesOf("pngColourTransparent"))).data], [1, 2, 3, 255, 0, 0, 0, 0]);
  assert.deepEqual([...(await decode(bytesOf("pngAnimation"))).data.subarray(0, 4)], [255, 0, 0, 255]);
});

Deno.test("WebP: lossless pixels are exact, alpha included", async () => {
  assert.deepEqual(
    [...(await decode(bytesOf("webpLossless"))).data],
    [[255, 0, 0, 255], [0, 255, 0, 128], [0, 0, 255, 0], [1, 2, 3, 255], [250, 251, 252, 255], [0, 0, 0, 255]].flat(),
  );
  const { width, height, data } = await decode(bytesOf("webpAlpha"));
  assert.deepEqual([width, height, data[3]], [5, 4, 128]);
  assert.ok(Math.abs((data[0] ?? 0) - 200) < 8);
});

Deno.test("JPEG: grey and progressive files are read, and a turned one is seen as cameras mean it", async () => {
  const grey = await decode(bytesOf("jpegGrey"));
  assert.ok((grey.data[0] ?? 255) < 8 && (grey.data[28] ?? 0) > 247);
  const wide = await decode(bytesOf("jpegProgressive"));
  assert.deepEqual([wide.width, wide.height], [24, 8]);
  const turned = await decode(bytesOf("jpegTurned"));
  assert.deepEqual([turned.width, turned.height], [8, 24]);
  assert.ok((turned.data[0] ?? 255) < 8 && (turned.data.at(-4) ?? 0) > 247, "black on top, white below");
});

Deno.test("a kind of file that is not decoded is refused by name", async () => {
  assert.match(await refusal(bytesOf("jpegCmyk")), /grey or in three components/);
  assert.match(await refusal(bytesOf("webpAnimation")), /one picture/);
  for (const text of ["", "GIF89a", "<svg/>", "RIFF....WAVE", "\xff\xd8"]) {
    const file = Uint8Array.from(text, (character) => character.charCodeAt(0));
    assert.match(await refusal(file), /must be a PNG, JPEG or WebP file/, text);
  }
});

Deno.test("a picture beyond the limit is refused by its header, in every format", async () => {
  const bomb = png({ width: 60_000, height: 60_000 }, new Uint8Array(1000));
  assert.ok(bomb.length < 200);
  assert.equal(await refusal(bomb), "must have at most 65536 pixels");
  assert.equal(
    await refusal(png({ width: 65_536, height: 1 }, new Uint8Array(1))),
    "must have edges of 1 to 16383 pixels",
  );
  assert.equal(await refusal(png({ width: 0, height: 9 }, new Uint8Array(1))), "must have edges of 1 to 16383 pixels");
  assert.equal(await refusal(jpegOfManyScans(60_000, 60_000, 1)), "must have at most 65536 pixels");
  for (const format of ["PNG", "JPEG", "WEBP"] as const) {
    const file = await encodeImage(photo(20, 10), format);
    assert.equal(await refusal(file, 199), "must have at most 199 pixels");
    await decodeImage(file, 200);
  }
  assert.equal(await refusal(bytesOf("webpLossless"), 5), "must have at most 5 pixels");
  assert.equal(await refusal(bytesOf("webpAlpha"), 19), "must have at most 19 pixels");
});

Deno.test("WebP: a frame larger than the canvas that its header declares is refused", async () => {
  const file = bytesOf("webpAlpha");
  file[24] = 0; // a canvas of 1 x 4
  assert.match(await refusal(file, 4), /must be a sound WEBP file/);
});

Deno.test("PNG: data that unpacks to more, or to less, than the header declares is refused", async () => {
  const row = (pixels: number) => new Uint8Array(1 + pixels * 3);
  await decode(png({ width: 2, height: 1 }, row(2)));
  const huge = png({ width: 2, height: 1 }, new Uint8Array(50_000_000));
  assert.ok(huge.length < 60_000);
  for (const interlaced of [false, true]) {
    for (const unpacked of [row(1), row(3), new Uint8Array(0)]) {
      assert.match(await refusal(png({ width: 2, height: 1, interlaced }, unpacked)), /must be a PNG file/);
    }
    assert.match(
      await refusal(png({ width: 2, height: 1, interlaced }, new Uint8Array(5_000_000))),
      /must be a PNG file/,
    );
  }
  assert.match(await refusal(huge), /must be a PNG file/);
  const outside = png({ width: 1, height: 1, colourType: 3 }, Uint8Array.of(0, 7), new Uint8Array(3));
  assert.match(await refusal(outside), /not in palette/);
});

Deno.test("a file cut short anywhere is refused, in every format", async () => {
  const files = [
    await encodeImage(draw(9, 7, 4, (x, y) => [x * 20, y * 20, 0, 255 - x]), "PNG"),
    await encodeImage(photo(9, 7), "JPEG"),
    await encodeImage(photo(9, 7), "WEBP"),
    ...(Object.keys(PILLOW) as (keyof typeof PILLOW)[]).map(bytesOf),
  ];
  for (const file of files) {
    for (let length = 0; length < file.length; length += length < 64 ? 1 : 37) {
      await refusal(file.slice(0, length));
    }
    await refusal(file.slice(0, -1));
  }
});

Deno.test("damaged files give pixels or an InvalidInputError, and harm no file after them", async () => {
  const sound = await Promise.all((["PNG", "JPEG", "WEBP"] as const).map((format) => encodeImage(photo(9, 7), format)));
  const expected = await Promise.all(sound.map(decode));
  const damage = fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.nat(2), damage, async (which, changes) => {
      const file = sound[which]?.slice() ?? new Uint8Array(1);
      for (const [at, value] of changes) file[at % file.length] = value;
      await decode(file).catch((error) => assert.ok(error instanceof InvalidInputError, String(error)));
    }),
    { numRuns: 500 },
  );
  assert.deepEqual(await Promise.all(sound.map(decode)), expected);
});

Deno.test("JPEG: a file whose data is damaged is refused, not filled up with grey", async () => {
  const file = await encodeImage(photo(64, 64), "JPEG");
  const middle = file.length - 300;
  const hollow = new Uint8Array([...file.subarray(0, middle), ...file.subarray(file.length - 2)]);
  assert.match(await refusal(hollow), /Corrupt JPEG data/);
});

Deno.test("PNG pictures decode to their own pixels", async () => {
  await fc.assert(fc.asyncProperty(anyPicture(12, fc.constant(4)), async (source) => {
    assert.deepEqual(await decode(await encodeImage(source, "PNG")), source);
  }));
});

Deno.test("an error names the image", async () => {
  await assert.rejects(decodeImage(new Uint8Array(9), LIMIT), invalid("INVALID_VALUE", "image"));
});
