/** Previews as files: encoded once, shared, kept up to a limit, and dropped when nobody waits. */

import assert from "node:assert/strict";
import { ImageEncoder } from "../../image/encoder.ts";
import { type Preview, PreviewFiles } from "../../image/preview_files.ts";
import { previewEncoding } from "../../image/preview_encoding.ts";
import { BusyError, type Turn } from "../../workers/fair_queue.ts";
import { photo } from "./pictures.ts";

const source = photo(32, 24);

function preview(sequence: number): Preview {
  return { generationId: "g", sequence, width: 32, height: 24, pixels: source.data };
}

const ANN: Turn = { lane: "ann" };

/** An encoder that notes what it is asked for. */
class Noting extends ImageEncoder {
  readonly asked: (Turn | undefined)[] = [];

  override encode(...args: Parameters<ImageEncoder["encode"]>): ReturnType<ImageEncoder["encode"]> {
    this.asked.push(args[2]);
    return super.encode(...args);
  }
}

Deno.test("a preview is encoded once for all who ask, at once or later, and its data URL is made once", async () => {
  using encoder = new Noting();
  const files = new PreviewFiles(encoder);
  const all = await Promise.all(Array.from({ length: 300 }, () => files.get(preview(1), "WEBP", 64, ANN)));
  all.push(await files.get(preview(1), "WEBP", 64, { lane: "bob" }));
  assert.equal(encoder.asked.length, 1);
  assert.equal(new Set(all).size, 1);
  const [file = assert.fail()] = all;
  assert.deepEqual(file.bytes, (await encoder.encode(source, previewEncoding("WEBP", 64))).bytes);
  assert.equal(file.mimeType, "image/webp");
  assert.equal(file.dataUrl, `data:image/webp;base64,${file.bytes.toBase64()}`);
});

Deno.test("sizes, formats, events and generations are different files", async () => {
  using encoder = new Noting();
  const files = new PreviewFiles(encoder);
  await Promise.all([
    files.get(preview(1), "WEBP", 64, ANN),
    files.get(preview(1), "WEBP", 65, ANN),
    files.get(preview(1), "PNG", 64, ANN),
    files.get(preview(2), "PNG", 64, ANN),
    files.get({ ...preview(2), generationId: "h" }, "PNG", 64, ANN),
  ]);
  assert.equal(encoder.asked.length, 5);
});

Deno.test("what another server has is taken if it is such a file, and made anew if it is anything else", async () => {
  using encoder = new Noting();
  const stored = new Map<string, Uint8Array<ArrayBuffer>>();
  const once = async (name: string, make: () => Promise<Uint8Array<ArrayBuffer>>) => {
    const bytes = stored.get(name) ?? await make();
    stored.set(name, bytes);
    return bytes;
  };
  for (const format of ["PNG", "JPEG", "WEBP"] as const) {
    const ask = () => new PreviewFiles(encoder, { once }).get(preview(1), format, 64, ANN);
    const { bytes } = await ask();
    encoder.asked.length = 0;
    assert.equal((await ask()).bytes, bytes);
    assert.equal(encoder.asked.length, 0);
    for (const other of [new Uint8Array(), new TextEncoder().encode("<html>"), bytes.slice(0, 9)]) {
      for (const name of stored.keys()) stored.set(name, other);
      assert.deepEqual((await ask()).bytes, bytes);
    }
    stored.clear();
  }
});

Deno.test("what is kept stays below the limit, those asked for last", async () => {
  using encoder = new Noting();
  const { bytes } = await encoder.encode(source, previewEncoding("PNG", 64));
  const files = new PreviewFiles(encoder, undefined, Math.ceil(2.5 * bytes.length * 7 / 3));
  const ask = (sequence: number) => files.get(preview(sequence), "PNG", 64, ANN);
  encoder.asked.length = 0;
  for (const sequence of [1, 2, 1, 3]) await ask(sequence);
  assert.equal(encoder.asked.length, 3);
  await ask(1);
  await ask(3);
  assert.equal(encoder.asked.length, 3, "1 was asked for after 2");
  await ask(2);
  assert.equal(encoder.asked.length, 4);
});

Deno.test("one who leaves takes nothing from the others; when all have left it is dropped, and begun anew", async () => {
  using encoder = new Noting();
  const files = new PreviewFiles(encoder);
  const busy = Promise.all([1, 2, 3].map((i) => encoder.encode(photo(600, 600), { format: "PNG", edge: 600 + i })));
  const left = [new AbortController(), new AbortController()];
  const turn = (i: number) => ({ lane: "ann", signal: left[i]?.signal });
  const [first, second] = [files.get(preview(1), "PNG", 64, turn(0)), files.get(preview(1), "PNG", 64, turn(1))];
  first.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve));
  left[0]?.abort();
  assert.equal(encoder.asked.at(-1)?.signal?.aborted, false);
  await second;

  const alone = new AbortController();
  const more = Promise.all([1, 2, 3].map((i) => encoder.encode(photo(600, 600), { format: "PNG", edge: 610 + i })));
  const dropped = files.get(preview(2), "PNG", 64, { lane: "ann", signal: alone.signal });
  await new Promise((resolve) => setTimeout(resolve));
  alone.abort("gone");
  await assert.rejects(dropped, (reason) => reason === "gone");
  await assert.rejects(files.get(preview(3), "PNG", 64, { lane: "ann", signal: alone.signal }), (r) => r === "gone");
  await files.get(preview(2), "PNG", 64, ANN);
  await Promise.all([busy, more]);
});

Deno.test("a refusal is not kept", async () => {
  using encoder = new ImageEncoder();
  let refuse = true;
  const files = new PreviewFiles({
    encode: (...args) => refuse ? Promise.reject(new BusyError(1, "CALLER", 5)) : encoder.encode(...args),
  });
  await assert.rejects(files.get(preview(1), "PNG", 64, ANN), BusyError);
  refuse = false;
  await files.get(preview(1), "PNG", 64, ANN);
});
