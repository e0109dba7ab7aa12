/** The decoder's worker: what it gives, and that no file can hold it up or bring it down for others. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { decodeImage } from "../../image/decode.ts";
import { ImageDecoder, ImageDecoderClosedError } from "../../image/decoder.ts";
import { encodeImage } from "../../image/encode.ts";
import { bytesOf, jpegOfManyScans, png } from "./files.ts";
import { draw, invalid, photo } from "./pictures.ts";

Deno.test("the worker gives what decoding here gives, in shared memory, and the caller keeps its bytes", async () => {
  using decoder = new ImageDecoder({ maxPixels: 10_000 });
  for (const format of ["PNG", "JPEG", "WEBP"] as const) {
    const file = await encodeImage(photo(50, 40), format);
    const decoded = await decoder.decode(file);
    assert.ok(file.length > 0);
    const { pixels } = await decodeImage(file, 10_000);
    assert.equal(decoded.format, format);
    assert.ok(decoded.pixels.data.buffer instanceof SharedArrayBuffer);
    assert.deepEqual({ ...decoded.pixels, data: new Uint8Array(decoded.pixels.data) }, pixels);
  }
});

Deno.test("the colours of opaque pixels are told with their shares, unless there are more than 64", async () => {
  using decoder = new ImageDecoder({ maxPixels: 10_000 });
  const flags = draw(4, 2, 4, (x, y) => y === 0 ? [255, 0, 0, 255] : x === 0 ? [0, 0, 171, 255] : [9, 9, 9, 254]);
  assert.deepEqual((await decoder.decode(await encodeImage(flags, "PNG"))).colours, [
    { colour: "#ff0000", share: 0.5 },
    { colour: "#0000ab", share: 0.125 },
  ]);
  const shades = (count: number) => encodeImage(draw(count, 1, 3, (x) => [x, x, x]), "PNG");
  assert.equal((await decoder.decode(await shades(64))).colours?.length, 64);
  assert.equal((await decoder.decode(await shades(65))).colours, null);
});

Deno.test("a file that would take minutes is given up in time, and the next one is decoded", async () => {
  using decoder = new ImageDecoder({ maxPixels: 2 ** 26, timeLimitMs: 3000 });
  const slow = jpegOfManyScans(8000, 8000, 20_000);
  const [late, next] = await Promise.allSettled([decoder.decode(slow), decoder.decode(bytesOf("webpLossless"))]);
  assert.equal(late.status, "rejected");
  assert.match(String(late.reason), /must decode within 3 s/);
  assert.ok(invalid("INVALID_VALUE", "image")(late.reason));
  assert.equal(next.status, "fulfilled", "its own time counts from its own start");
});

Deno.test("hostile files are refused one by one, in any order, and sound ones between them are decoded", async () => {
  using decoder = new ImageDecoder({ maxPixels: 10_000 });
  const sound = await encodeImage(photo(30, 20), "JPEG");
  const files = [
    sound,
    png({ width: 60_000, height: 60_000 }, new Uint8Array(9)),
    sound,
    sound.slice(0, -20),
    png({ width: 2, height: 1 }, new Uint8Array(20_000_000)),
    sound,
  ];
  const outcomes = await Promise.allSettled(files.map((file) => decoder.decode(file)));
  assert.deepEqual(outcomes.map(({ status }) => status === "fulfilled"), files.map((file) => file === sound));
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") assert.equal(outcome.reason.name, "InvalidInputError");
  }
});

Deno.test("closing ends the worker: open and later calls fail, closing twice is fine", async () => {
  const decoder = new ImageDecoder({ maxPixels: 2 ** 26 });
  await decoder.decode(bytesOf("jpegGrey"));
  const closed = (error: unknown) => error instanceof ImageDecoderClosedError;
  const open = [
    assert.rejects(decoder.decode(jpegOfManyScans(8000, 8000, 20_000)), closed),
    assert.rejects(decoder.decode(bytesOf("jpegGrey")), closed),
  ];
  await Promise.resolve();
  decoder.close();
  decoder.close();
  await Promise.all(open);
  await assert.rejects(decoder.decode(bytesOf("jpegGrey")), closed);
});

Deno.test("where the worker dies the file that it had is refused, and the next file has a worker of its own", async () => {
  const script = `
    import { ImageDecoder } from "./image/decoder.ts";
    using decoder = new ImageDecoder({ maxPixels: 9 });
    for (const size of [3, 5]) {
      console.log(await decoder.decode(new Uint8Array(size)).catch((error) => error.name + " " + error.value));
    }
  `;
  // Its worker may not even read its own modules.
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--ext=ts", "--allow-read=errors.ts", "-"],
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const input = child.stdin.getWriter();
  await input.write(new TextEncoder().encode(script));
  await input.close();
  const { stdout } = await child.output();
  assert.equal(new TextDecoder().decode(stdout), "InvalidInputError 3 bytes\nInvalidInputError 5 bytes\n");
});
