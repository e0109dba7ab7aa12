import { DiffusionModel } from "./compute/model/model.ts";
import { createWasmRuntime } from "./compute/runtime/wasm.ts";
import { plainConditioning } from "./compute/pipeline/conditioning.ts";
const rt = createWasmRuntime({ threads: 1, reason: "t" });
const m = new DiffusionModel(rt, "models/beds-256", "beds-256");
const a = await m.unet(); const t0 = performance.now(); const b = await m.wordUnet(); console.log("variant load ms", performance.now() - t0);
const c = (await (await m.textEncoder()).encode("a cat, forest")).context;
const cond = plainConditioning(c, 32, 32, a);
const s = { dims: [1, 4, 32, 32], data: new Float32Array(4096).map((_, i) => Math.sin(i)) };
const w = { context: c, tokens: { dims: [77, 1], data: new Float32Array(77).fill(0).map((_, i) => i === 2 ? 1 : 0) } };
const A: number[] = [], B: number[] = [], C: number[] = [];
for (let i = 0; i < 16; i++) { let t = performance.now(); await a.predict(s, 500, cond); A.push(performance.now() - t); t = performance.now(); await b.look(s, 500, cond, w); B.push(performance.now() - t); t = performance.now(); await b.predict(s, 500, cond); C.push(performance.now() - t); }
const q = (x: number[]) => x.slice(3).sort((p, q) => p - q)[3]!.toFixed(1);
console.log("plain", q(A), "look", q(B), "blind", q(C));
