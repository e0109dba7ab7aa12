/** Data as bytes and back; and bytes that are none of it. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { BrokenCheckpointError, packed, unpacked } from "../../../compute/pipeline/checkpoint.ts";
import { sealed, unsealed } from "../../../jobs/sealed.ts";

const arrays = fc.oneof(
  fc.float32Array({ maxLength: 20 }), // NaN, infinities and -0 among them
  fc.uint8Array({ maxLength: 20 }),
);
const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0); // JSON has one 0
const data = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    arrays,
    numbers,
    fc.string(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z]+$/), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

Deno.test("data with arrays anywhere in it comes back as it was, bit for bit", () => {
  fc.assert(fc.property(data, (value) => assert.deepEqual(unpacked(packed({ value })), { value })));
});

Deno.test("an array that is there twice is stored once", () => {
  const plane = new Float32Array(1000).fill(0.1);
  assert(packed({ a: plane, b: [plane] }).length < 4200);
  assert.deepEqual(unpacked(packed({ a: plane, b: [plane] })), { a: plane, b: [plane] });
});

Deno.test("it is read from anywhere within other bytes, and what is read is a copy", () => {
  const bytes = packed({ plane: Float32Array.of(1, 2, 3) });
  const within = new Uint8Array(bytes.length + 3);
  within.set(bytes, 3);
  const read = [unpacked(within.subarray(3)), unpacked(Buffer.from(within.buffer, 3))];
  within.fill(0);
  for (const value of read) assert.deepEqual(value, { plane: Float32Array.of(1, 2, 3) });
});

Deno.test("what ends early is refused, or has lost nothing but padding", () => {
  const value = { plane: Float32Array.of(1, 2, 3), name: "a", more: Uint8Array.of(1) };
  const bytes = packed(value);
  for (let length = 0; length < bytes.length; length++) {
    try {
      assert.deepEqual(unpacked(bytes.subarray(0, length)), value);
      assert(length >= bytes.length - 3, `${length} of ${bytes.length}`);
    } catch (error) {
      assert(error instanceof BrokenCheckpointError, `${length}: ${error}`);
      assert.equal(error.code, "BROKEN_CHECKPOINT");
    }
  }
});

Deno.test("any other bytes are refused with the typed error", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    assert.throws(() => unpacked(bytes), BrokenCheckpointError);
    const begun = packed({});
    begun.set(bytes.subarray(0, begun.length - 8), 8);
    try {
      unpacked(begun);
    } catch (error) {
      assert(error instanceof BrokenCheckpointError, `${error}`);
    }
  }));
});

Deno.test("what is sealed is refused with any bit changed, and at any other length", async () => {
  const value = { plane: Float32Array.of(1, 2, 3), name: "a" };
  const bytes = await sealed(value);
  assert.deepEqual(await unsealed(bytes), value);
  for (let i = 0; i < bytes.length; i++) {
    const changed = bytes.slice();
    changed[i] = (changed[i] ?? 0) ^ (1 << i % 8);
    await assert.rejects(unsealed(changed), BrokenCheckpointError, `byte ${i}`);
    await assert.rejects(unsealed(bytes.subarray(0, i)), BrokenCheckpointError, `${i} bytes`);
  }
});
