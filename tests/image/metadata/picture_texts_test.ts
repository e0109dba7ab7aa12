/** Texts of picture files: those that other programs wrote are found, and hostile files are refused with a rule. */

import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { DOMParser } from "@xmldom/xmldom";
import ExifReader from "exifreader";
import fc from "fast-check";
import { InvalidInputError } from "../../../errors.ts";
import { encodeImage } from "../../../image/encode.ts";
import { readPictureTexts } from "../../../image/metadata/read_picture_texts.ts";
import { soon } from "../../soon.ts";
import { draw } from "../pictures.ts";
import { concat } from "../files.ts";
import { latin, NAMES, PARAMETERS, pngWith, written } from "./picture_files.ts";

/** Mutated files; the whole number, 100,000, takes some seconds: set PARTERRE_RUNS. */
const RUNS = 4000;

/** Milliseconds that no file takes. */
const SOON = 50;

const textsOf = (file: Uint8Array) => readPictureTexts(file).map(({ keyword, text }) => [keyword, text]);
const EXIF = [["UserComment", PARAMETERS], ["Make", 'workflow:{"nodes": []}'], ["Model", 'prompt:{"1": {}}']];

Deno.test("texts that Pillow wrote are read, whatever holds them", () => {
  assert.deepEqual(textsOf(written("pngLatin")), [["parameters", PARAMETERS]]);
  assert.deepEqual(textsOf(written("pngPacked")), [["parameters", PARAMETERS]]);
  assert.deepEqual(textsOf(written("pngUnicode")), [["parameters", PARAMETERS], ["Comment", "by hand"]]);
  assert.deepEqual(textsOf(written("pngUnicodePacked")), [["parameters", PARAMETERS]]);
  assert.deepEqual(textsOf(written("pngExif")), EXIF);
  assert.deepEqual(textsOf(written("jpeg")), [...EXIF, ["XMP description", "fox ü"], ["comment", "in a comment"]]);
  assert.deepEqual(textsOf(written("jpegComment")), EXIF.slice(0, 1));
  assert.deepEqual(textsOf(written("webpComment")), EXIF.slice(0, 1));
  assert.deepEqual(textsOf(written("webp")), [...EXIF, ["XMP description", "fox ü"]]);
  assert.deepEqual(textsOf(written("plain")), []);
});

Deno.test("texts that Parterre wrote are read", async () => {
  const file = await encodeImage(draw(4, 4, 3, () => [1, 2, 3]), "PNG", {
    text: { parterre: "für 絵", Software: "x" },
  });
  assert.deepEqual(textsOf(file), [["parterre", "für 絵"], ["Software", "x"]]);
});

const OWN = {
  Software: "Parterre",
  parterre: '{"prompt":"für <絵> & \\"so\\""}',
  parameters: "für 絵\nSteps: 4, Seed: 1",
};

for (const format of ["JPEG", "WEBP"] as const) {
  Deno.test(`texts that Parterre wrote into ${format} files are read, by another library too`, async () => {
    const file = await encodeImage(draw(4, 4, 3, () => [1, 2, 3]), format, { text: OWN });
    assert.deepEqual(textsOf(file), [
      ["UserComment", OWN.parameters],
      ["XMP CreatorTool", OWN.Software],
      ["XMP parterre", OWN.parterre],
    ]);
    const { xmp } = ExifReader.load(file.buffer, { expanded: true, domParser: new DOMParser() });
    assert.equal(xmp?.["parterre"]?.description, OWN.parterre);
    assert.equal(xmp?.["CreatorTool"]?.description, OWN.Software);
  });

  Deno.test(`texts longer than a segment, and than packets may be, are read from ${format} files`, async () => {
    for (const length of [70_000, 400_000]) {
      const parterre = JSON.stringify({ prompt: "ü<x>".repeat(length / 8) });
      const file = await encodeImage(draw(4, 4, 3, () => [1, 2, 3]), format, { text: { parterre } });
      assert.equal(textsOf(file).find(([name]) => name === "XMP parterre")?.[1], parterre);
    }
  });
}

Deno.test("an extended packet is read by another library too", async () => {
  const parterre = "fox ".repeat(40_000);
  const file = await encodeImage(draw(4, 4, 3, () => [1, 2, 3]), "JPEG", { text: { parterre } });
  const { xmp } = ExifReader.load(file.buffer, { expanded: true, domParser: new DOMParser() });
  assert.equal(xmp?.["parterre"]?.description, parterre);
});

Deno.test("an extended packet whose parts are missing, or too many, is none or refused", async () => {
  const text = { parterre: "x".repeat(100_000) };
  const file = await encodeImage(draw(4, 4, 3, () => [1, 2, 3]), "JPEG", { text });
  const head = new TextEncoder().encode("http://ns.adobe.com/xmp/extension/");
  const spoilt = file.slice();
  for (let at = 0; at + head.length < spoilt.length; at++) {
    if (head.every((byte, i) => spoilt[at + i] === byte)) spoilt[at] = 0x78;
  }
  assert.deepEqual(textsOf(spoilt), []);
  const long = await encodeImage(draw(4, 4, 3, () => [1, 2, 3]), "JPEG", { text: { parterre: "x".repeat(1_200_000) } });
  assert.equal(refused(long)[0], "INVALID_SIZE");
});

Deno.test("UTF-8 in a tEXt chunk, which some tools write, is read as such", () => {
  const bytes = concat([latin("parameters", ""), new TextEncoder().encode("für 絵")]);
  assert.deepEqual(textsOf(pngWith(["tEXt", bytes])), [["parameters", "für 絵"]]);
});

function refused(file: Uint8Array): readonly [code: string, path: string, rule: string] {
  try {
    readPictureTexts(file);
  } catch (error) {
    assert(error instanceof InvalidInputError, String(error));
    return [error.code, error.path.join("."), error.rule];
  }
  return assert.fail("it was read");
}

Deno.test("a small file that unpacks to too much text is refused before it does", () => {
  const bomb = deflateSync(new Uint8Array(200_000_000), { level: 1 });
  assert.deepEqual(refused(pngWith(["zTXt", concat([latin("bomb", "\0"), bomb])])).slice(0, 2), [
    "INVALID_SIZE",
    "image",
  ]);
  assert.equal(refused(pngWith(["iTXt", concat([latin("bomb", "\x01\0\0\0"), bomb])]))[0], "INVALID_SIZE");
  soon(SOON, () => refused(pngWith(["zTXt", concat([latin("bomb", "\0"), bomb])])));
});

Deno.test("texts that are too much together are refused, plain or packed", () => {
  const half = ["tEXt", latin("a", "x".repeat(600_000))] as const;
  assert.equal(textsOf(pngWith(half)).length, 1);
  assert.equal(refused(pngWith(half, half))[0], "INVALID_SIZE");
  const packed = ["zTXt", concat([latin("b", "\0"), deflateSync(new Uint8Array(600_000).fill(120))])] as const;
  assert.equal(textsOf(pngWith(packed)).length, 1);
  assert.equal(refused(pngWith(packed, half))[0], "INVALID_SIZE");
});

Deno.test("a packet of XMP that is too long is refused, and one that defines entities says nothing", () => {
  const packet = (inner: string) => concat([latin("XML:com.adobe.xmp", "\0\0\0\0"), new TextEncoder().encode(inner)]);
  assert.equal(refused(pngWith(["iTXt", packet("<a/>".repeat(40_000))]))[0], "INVALID_SIZE");
  const laughs =
    `<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "${"&a;".repeat(100)}"><!ENTITY c "${"&b;".repeat(100)}">]>` +
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    '<rdf:Description xmlns:dc="d" dc:title="&c;"/></rdf:RDF></x:xmpmeta>';
  const texts = textsOf(pngWith(["iTXt", packet(laughs)]));
  assert(texts.every(([, text = ""]) => text.length < 1000), JSON.stringify(texts).slice(0, 200));
  const deep = '<x:xmpmeta xmlns:x="adobe:ns:meta/">' + "<a>".repeat(20_000);
  assert.deepEqual(textsOf(pngWith(["iTXt", packet(deep)])), []);
});

Deno.test("files that are cut short, and other files, are refused with what they should be", () => {
  for (const name of NAMES) {
    const file = written(name);
    const format = name.startsWith("jpeg") ? "JPEG" : name.startsWith("webp") ? "WebP" : "PNG";
    const cut = name.startsWith("jpeg") ? 200 : file.length - 5;
    assert.deepEqual(refused(file.subarray(0, cut)), ["INVALID_VALUE", "image", `must be a complete ${format} file`]);
  }
  assert.deepEqual(refused(new TextEncoder().encode("GIF89a")), [
    "INVALID_VALUE",
    "image",
    "must be a PNG, JPEG or WebP file",
  ]);
  const broken = pngWith(["zTXt", concat([latin("k", "\0"), Uint8Array.of(1, 2, 3)])]);
  assert.match(refused(broken)[2], /must have compressed text that unpacks, unlike that of "k"/);
});

Deno.test(`${RUNS} files with bytes changed give texts or typed errors, soon`, () => {
  const change = fc.record({ at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), to: fc.nat(255) });
  const cut = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: 1, freq: 4 });
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), fc.array(change, { maxLength: 6 }), cut, (name, changes, share) => {
      const file = written(name);
      for (const { at, to } of changes) file[Math.floor(at * file.length)] = to;
      soon(SOON, () => {
        try {
          readPictureTexts(file.subarray(0, Math.ceil(share * file.length)));
        } catch (error) {
          assert(error instanceof InvalidInputError, String(error));
        }
      });
    }),
    { numRuns: Number(Deno.env.get("PARTERRE_RUNS") ?? RUNS) },
  );
});
