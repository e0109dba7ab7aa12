/** What every provider of inference does. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { regionalConditioning } from "../../compute/pipeline/conditioning.ts";
import { type ProviderName, type Runtime, RuntimeError, type Session } from "../../compute/runtime/runtime.ts";
import { reference } from "../../tools/parity/case.ts";
import { ParityModels } from "../../tools/parity/models.ts";
import { maxDifference, readReferenceJson, readSafetensors } from "../../tools/parity/reference.ts";
import { weightMaps } from "../../tools/parity/steps.ts";
import { arithmeticGraph, castGraph, EDGE, matmulGraph, unknownOperatorGraph } from "./small_graphs.ts";

/** How a provider is judged. */
export interface ConformanceOptions {
  /** Largest absolute difference of a UNet's prediction from the reference run. */
  readonly unetTolerance: number;
  /** Leaves the suite out. */
  readonly ignore?: boolean;
}

const FIXTURES = fileURLToPath(new URL("../fixtures", import.meta.url));

/** Registers the suite for one provider; each test has a runtime of its own. */
export function runtimeConformance(
  name: ProviderName,
  open: () => Promise<Runtime>,
  { unetTolerance, ignore = false }: ConformanceOptions,
): void {
  const test = (claim: string, body: (runtime: Runtime) => Promise<void>) =>
    Deno.test(`${name} runtime: ${claim}`, { ignore }, async () => {
      const runtime = await open();
      try {
        await body(runtime);
      } finally {
        runtime.dispose();
      }
    });

  test("it says what it is", ({ info }) => {
    assert.equal(info.provider, name);
    assert.match(info.engine, /^onnxruntime-(web|node) \d+\.\d+\.\d+$/);
    assert.ok(info.threads >= 1 && info.reason !== "");
    assert.equal(info.adapter === null, name !== "webgpu");
    return Promise.resolve();
  });

  test("a session describes its inputs and outputs as the graph declares them", async (runtime) => {
    const session = await runtime.createSession(arithmeticGraph("float16"));
    const type = "float16";
    assert.deepEqual(session.inputs, [{ name: "a", type, shape: ["rows", 4] }, { name: "b", type, shape: [4] }]);
    assert.deepEqual(session.outputs, [
      { name: "sum", type, shape: ["rows", 4] },
      { name: "product", type, shape: ["rows", 4] },
    ]);
    await session.release();
  });

  // Powers of two and their sums: exact in half floats as well.
  const a = { dims: [2, 4], data: Float32Array.of(1, -2, 0.5, 1024, 0, 3, -0.25, 7) };
  const b = { dims: [4], data: Float32Array.of(0.5, 4, -8, 2) };
  const sum = [1.5, 2, -7.5, 1026, 0.5, 7, -8.25, 9];
  const product = [0.5, -8, -4, 2048, 0, 12, 2, 14];

  for (const type of ["float32", "float16"] as const) {
    test(`${type} is fed and comes out as float32, with its shape`, async (runtime) => {
      const session = await runtime.createSession(arithmeticGraph(type));
      const outputs = await session.run({ a, b });
      assert.deepEqual([...outputs.keys()].sort(), ["product", "sum"]);
      for (const [key, expected] of [["sum", sum], ["product", product]] as const) {
        assert.deepEqual(outputs.get(key), { dims: [2, 4], data: Float32Array.from(expected) });
      }
      await session.release();
    });
  }

  for (const type of ["float16", "int64", "int32"] as const) {
    test(`numbers are fed to an input of ${type}`, async (runtime) => {
      const session = await runtime.createSession(castGraph(type));
      const numbers = [0, 1, -3, 999, -1000];
      for (const data of [Float32Array.from(numbers), Int32Array.from(numbers)]) {
        const outputs = await session.run({ count: { dims: [5], data } });
        assert.deepEqual(outputs.get("number"), { dims: [5], data: Float32Array.from(numbers) });
      }
      await session.release();
    });
  }

  test("only the outputs asked for are given", async (runtime) => {
    const session = await runtime.createSession(arithmeticGraph("float32"));
    assert.deepEqual([...(await session.run({ a, b }, ["product"])).keys()], ["product"]);
    await session.release();
  });

  test("what cannot be run is a RuntimeError, and the session runs on", async (runtime) => {
    const session = await runtime.createSession(arithmeticGraph("float32"));
    await assert.rejects(session.run({ a }), (error) => error instanceof RuntimeError && /"b"/.test(error.message));
    await assert.rejects(session.run({ a: { ...a, dims: [3, 4] }, b }), RuntimeError);
    await assert.rejects(session.run({ a: { dims: [4, 2], data: a.data }, b }), RuntimeError);
    assert.deepEqual((await session.run({ a, b })).get("sum")?.data, Float32Array.from(sum));
    await session.release();
  });

  test("a broken graph is a RuntimeError, and the runtime loads others", async (runtime) => {
    const garbage = { skeleton: Uint8Array.from({ length: 200 }, (_, i) => i * 37), weights: [] };
    await assert.rejects(runtime.createSession(garbage), RuntimeError);
    await assert.rejects(runtime.createSession(unknownOperatorGraph()), RuntimeError);
    await assert.rejects(runtime.createSession({ ...matmulGraph(matrix(1), matrix(2)), weights: [] }), RuntimeError);
    const session = await runtime.createSession(arithmeticGraph("float32"));
    assert.deepEqual((await session.run({ a, b })).get("product")?.data, Float32Array.from(product));
    await session.release();
  });

  const x = { dims: [3, EDGE], data: matrix(0).slice(0, 3 * EDGE) };

  /** The largest difference of `y` from x W1 W2. */
  const check = async (session: Session, first: Float32Array, second: Float32Array): Promise<void> => {
    const y = (await session.run({ x })).get("y");
    assert.deepEqual(y?.dims, [3, EDGE]);
    const difference = maxDifference(y.data, multiply(multiply(x.data, first), second));
    assert.ok(difference < 1e-5, `differs by ${difference}`);
  };

  test("weights lie outside the graph, in several files, at any offset", async (runtime) => {
    const session = await runtime.createSession(matmulGraph(matrix(1), matrix(2)));
    await check(session, matrix(1), matrix(2));
    await session.release();
  });

  test("sessions load and run at once without disturbing each other", async (runtime) => {
    const pairs = [[matrix(1), matrix(2)], [matrix(3), matrix(4)]] as const;
    await Promise.all(pairs.map(async ([first, second]) => {
      const session = await runtime.createSession(matmulGraph(first, second));
      await Promise.all(Array.from({ length: 6 }, () => check(session, first, second)));
      await session.release();
    }));
  });

  test("a released session leaves the others working", async (runtime) => {
    const [kept, released] = [
      await runtime.createSession(matmulGraph(matrix(1), matrix(2))),
      await runtime.createSession(matmulGraph(matrix(3), matrix(4))),
    ];
    await check(released, matrix(3), matrix(4));
    await released.release();
    await check(kept, matrix(1), matrix(2));
    await kept.release();
  });

  test(`a regional UNet step is the reference implementation's, within ${unetTolerance}`, async (runtime) => {
    const oracle = `${FIXTURES}/oracle/tiny-sd15/steps`;
    const { cases } = readReferenceJson<{
      cases: readonly { case: string; elements: readonly { contexts: readonly string[]; maps: string }[] }[];
    }>(`${oracle}.json`);
    const tensors = readSafetensors(`${oracle}.safetensors`);
    const unet = await new ParityModels(runtime, `${FIXTURES}/models`).openUnet("tiny-sd15");
    // The second has contexts of unequal lengths, so that padding must be masked.
    for (const name of ["r2-columns", "r3-unequal"]) {
      const element = cases.find((item) => item.case === name)?.elements[0];
      assert.ok(element !== undefined);
      const conditioning = regionalConditioning(
        element.contexts.map((key) => ({ ...reference(tensors, key), pooled: null })),
        weightMaps(reference(tensors, element.maps)),
        unet,
      );
      const [timestep = NaN] = reference(tensors, `${name}/timestep`).data;
      const out = await unet.predict(reference(tensors, `${name}/sample`), timestep, conditioning);
      const difference = maxDifference(out.data, reference(tensors, `${name}/out`).data);
      assert.ok(difference <= unetTolerance, `${name} differs by ${difference}`);
    }
    await unet.release();
  });
}

/** A matrix [EDGE, EDGE] of numbers between -0.5 and 0.5. */
function matrix(seed: number): Float32Array {
  return Float32Array.from({ length: EDGE * EDGE }, (_, i) => ((i + 1) * (seed + 1) * 0.6180339887498949) % 1 - 0.5);
}

/** The product of [rows, EDGE] and [EDGE, EDGE], in double precision. */
function multiply(left: ArrayLike<number>, right: ArrayLike<number>): number[] {
  return Array.from({ length: left.length }, (_, at) => {
    const row = Math.floor(at / EDGE) * EDGE;
    let sum = 0;
    for (let k = 0; k < EDGE; k++) sum += (left[row + k] ?? NaN) * (right[k * EDGE + at % EDGE] ?? NaN);
    return sum;
  });
}
