/** PNG files against another decoder (fast-png), and files that another encoder (Pillow 13) wrote. */

import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { decode as fastDecode, encode as fastEncode } from "fast-png";
import { InvalidInputError } from "../../errors.ts";
import { encodeImage } from "../../image/encode.ts";
import { decodePng } from "../../image/png.ts";
import { bytesOf } from "./files.ts";
import { anyPicture, draw, invalid, photo } from "./pictures.ts";

const small = photo(5, 4);

Deno.test("PNG is lossless, says another decoder that checks every CRC", async () => {
  await fc.assert(
    fc.asyncProperty(anyPicture(24), async (source) => {
      const decoded = fastDecode(await encodeImage(source, "PNG", { text: { seed: "7" } }), { checkCrc: true });
      const { width, height, channels, depth } = decoded;
      assert.deepEqual({ width, height, channels, data: new Uint8Array(decoded.data) }, source);
      assert.equal(depth, 8);
    }),
  );
});

Deno.test("PNG files decode to the pixels and text they were made of", async () => {
  const keyword = fc.stringMatching(/^[!-~¡-ÿ]{1,40}( [!-~¡-ÿ]{1,38})?$/);
  const value = fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", ""));
  await fc.assert(
    fc.asyncProperty(anyPicture(8), fc.dictionary(keyword, value), async (source, entries) => {
      const text = { ...entries };
      assert.deepEqual(decodePng(await encodeImage(source, "PNG", { text })), { pixels: source, text });
    }),
  );
});

Deno.test("Text survives: emoji, line breaks, 100 kB of JSON, a keyword named __proto__", async () => {
  const json = JSON.stringify(Array.from({ length: 3000 }, (_, i) => ({ region: i, prompt: `fox ${i} 🦊 "ž"` })));
  assert.ok(new TextEncoder().encode(json).length > 100_000);
  const text = Object.fromEntries([["parameters", "a 🦊👩‍👩‍👧\r\nsteps: 20\t"], ["__proto__", "own"], ["job", json]]);
  assert.deepEqual(decodePng(await encodeImage(small, "PNG", { text })).text, text);
});

Deno.test("An iTXt chunk is byte for byte what Pillow writes", async () => {
  const chunk = "0000002c69545874706172616d65746572730000000000666f7820f09fa68a2c20c5be6c75c5a56f75c48d6bc3bd206b" +
    "c5afc58860644e34";
  const file = await encodeImage(small, "PNG", { text: { parameters: "fox 🦊, žluťoučký kůň" } });
  // After the signature and IHDR.
  assert.equal(file.subarray(33, 33 + chunk.length / 2).toHex(), chunk);
});

Deno.test("Text that Pillow wrote is read: iTXt and tEXt, not compressed text", () => {
  const file = Uint8Array.fromBase64(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAALGlUWHRwYXJhbWV0ZXJzAAAAAABmb3gg8J+miiwgxb5sdcWlb3XEjWvDvSBr" +
      "xa/FiGBkTjQAAAANdEVYdFNvZnR3YXJlAGNhZumwWMiMAAAAF2lUWHRwYWNrZWQAAQAAAHicq6igPQAAQBsu4WeH9ToAAAAPSURBVHicY/jf" +
      "wMDIxAwACIsBhkavsnUAAAAASUVORK5CYII=",
  );
  const { pixels, text } = decodePng(file);
  assert.deepEqual(text, { parameters: "fox 🦊, žluťoučký kůň", Software: "café" });
  assert.deepEqual([pixels.channels, ...pixels.data], [3, 255, 128, 0, 1, 2, 3]);
});

const PILLOW_MODES: readonly (readonly [string, string, readonly number[]])[] = [
  [
    "grey",
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGPgOgEAAN8A00shpUkAAAAASUVORK5CYII=",
    [3, 10, 10, 10, 200, 200, 200],
  ],
  [
    "1-bit",
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAQAAAADcWUInAAAACklEQVR4nGNwAAAAQgBBKTf07wAAAABJRU5ErkJggg==",
    [3, 0, 0, 0, 255, 255, 255],
  ],
  [
    "16-bit grey",
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR4nGNgYPj/HwADAgH/5ncLrgAAAABJRU5ErkJggg==",
    [3, 0, 0, 0, 255, 255, 255],
  ],
  [
    "grey with alpha",
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAQAAABeK7cBAAAADUlEQVR4nGPgEpH7DwABpAE8k4sOtwAAAABJRU5ErkJggg==",
    [4, 10, 10, 10, 20, 30, 30, 30, 255],
  ],
  [
    "palette with alpha",
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAQMAAADO7O3JAAAABlBMVEUJCAf6AAHgm13vAAAAAnRSTlP/KNACmLAAAAAKSURBVHicY3AAAABCAEEp" +
    "N/TvAAAAAElFTkSuQmCC",
    [4, 9, 8, 7, 255, 250, 0, 1, 40],
  ],
];

for (const [mode, file, expected] of PILLOW_MODES) {
  Deno.test(`A ${mode} PNG file that Pillow wrote is read as colour`, () => {
    const { channels, data } = decodePng(Uint8Array.fromBase64(file)).pixels;
    assert.deepEqual([channels, ...data], expected);
  });
}

Deno.test("Text that PNG cannot hold is refused, naming the keyword", async () => {
  const refuse = async (keyword: string, value: unknown) => {
    const text = Object.fromEntries([[keyword, value]]) as Record<string, string>;
    await assert.rejects(encodeImage(small, "PNG", { text }), invalid("INVALID_VALUE", "text", keyword));
  };
  for (const keyword of ["", " a", "a ", "a  b", "a\0b", "a\nb", "\u00a0", "狐", "k".repeat(80)]) {
    await refuse(keyword, "x");
  }
  for (const value of ["a\0b", "\ud800", 5, undefined]) await refuse("parameters", value);
});

Deno.test("Broken PNG files give an InvalidInputError or a picture, never another error", async () => {
  const file = await encodeImage(photo(9, 7), "PNG", { text: { a: "b" } });
  const damage = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(damage, fc.nat(file.length), (changes, length) => {
      for (const end of [length, file.length]) {
        const broken = file.slice(0, end);
        for (const [at, value] of changes) if (at < end) broken[at] = value;
        try {
          decodePng(broken);
        } catch (error) {
          assert.ok(error instanceof InvalidInputError, String(error));
        }
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("A PNG file that lost its end, a byte or its type is refused", async () => {
  const file = await encodeImage(small, "PNG");
  const flipped = file.slice();
  flipped[50] = 255 - (flipped[50] ?? 0);
  const jpeg = await encodeImage(small, "JPEG");
  for (const broken of [new Uint8Array(0), file.slice(0, 20), file.slice(0, file.length - 14), flipped, jpeg]) {
    assert.throws(() => decodePng(broken), invalid("INVALID_VALUE", "png"));
  }
});

Deno.test("A PNG file of more or fewer rows than it declares is refused, sound as its chunks may be", async () => {
  for (const channels of [3, 4] as const) {
    for (const height of [1, 5, 11, 13, 500]) {
      const file = await encodeImage(draw(6, 12, channels, () => [1, 2, 3, 4]), "PNG");
      const view = new DataView(file.buffer);
      view.setUint32(20, height);
      view.setUint32(29, crc32(file.subarray(12, 29)));
      assert.throws(() => decodePng(file), invalid("INVALID_VALUE", "png"), `${channels} channels, ${height} rows`);
    }
  }
});

Deno.test("A picture cut into many IDAT chunks is read", async () => {
  const source = photo(90, 70), file = await encodeImage(source, "PNG");
  const data = file.subarray(41, file.length - 16);
  const parts: Uint8Array[] = [];
  for (let start = 0; start < data.length; start += 1000) {
    const part = data.subarray(start, start + 1000);
    const chunk = new Uint8Array(part.length + 12), view = new DataView(chunk.buffer);
    view.setUint32(0, part.length);
    chunk.set(new TextEncoder().encode("IDAT"), 4);
    chunk.set(part, 8);
    view.setUint32(8 + part.length, crc32(chunk.subarray(4, 8 + part.length)));
    parts.push(chunk);
  }
  assert.ok(parts.length > 3);
  const cut = new Blob([file.subarray(0, 33), ...parts as BlobPart[], file.subarray(file.length - 12)]);
  assert.deepEqual(decodePng(await cut.bytes()).pixels, source);
});

Deno.test("A PNG file that claims too many pixels is refused before they are unpacked", async () => {
  const file = await encodeImage(small, "PNG");
  const view = new DataView(file.buffer);
  view.setUint32(16, 100_000);
  assert.throws(() => decodePng(file), invalid("OUT_OF_RANGE", "pixels", "width"));
  view.setUint32(16, 10_000);
  view.setUint32(20, 10_000);
  assert.throws(() => decodePng(file), invalid("INVALID_SIZE", "pixels"));
});

Deno.test("Interlaced PNG files are read", () => {
  const data = Uint8Array.from({ length: 9 * 5 * 3 }, (_, i) => i);
  const file = fastEncode({ width: 9, height: 5, channels: 3, data }, { interlace: "Adam7" });
  assert.deepEqual(decodePng(file).pixels, { width: 9, height: 5, channels: 3, data });
});

Deno.test("A transparent colour makes four channels of three", () => {
  assert.deepEqual(decodePng(bytesOf("pngColourTransparent")).pixels.channels, 4);
});
