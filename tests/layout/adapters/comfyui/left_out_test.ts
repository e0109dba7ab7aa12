/** Whatever a workflow is made of: no node and no text of the picture disappears without a word. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidInputError } from "../../../../errors.ts";
import { resolveLayout } from "../../../../layout/resolve/resolve.ts";
import { imported } from "./frame.ts";
import { apiFormat, editorFormat, type RandomNode, randomNodes } from "./random_workflow.ts";

/** More of them with `COMFYUI_RUNS`. */
const RUNS = Number(Deno.env.get("COMFYUI_RUNS") ?? 3_000);

/** The nodes whose outputs reach a sampler, through anything, and whatever the editor makes of them. */
function reaching(nodes: readonly RandomNode[]): ReadonlySet<number> {
  const open = nodes.flatMap(({ type, mode }, n) => type === "KSampler" && mode === 0 ? [n] : []);
  const reached = new Set(open);
  for (let n = open.pop(); n !== undefined; n = open.pop()) {
    for (const value of nodes[n]?.inputs.values() ?? []) {
      const from = Array.isArray(value) ? Number(value[0]) : NaN;
      if (!(from >= 0) || reached.has(from)) continue;
      reached.add(from);
      open.push(from);
    }
  }
  return reached;
}

Deno.test(`random workflows: of ${RUNS}, no node and no text is lost silently, and every refusal is typed`, () => {
  let layouts = 0;
  const kinds = fc.constantFrom("api", "editor", "named");
  fc.assert(
    fc.property(randomNodes, kinds, (drawn, format) => {
      const nodes = format === "api" ? drawn.map((own) => ({ ...own, mode: 0 as const })) : drawn;
      const answer = imported(format === "api" ? apiFormat(nodes) : editorFormat(nodes, format === "named"));
      if ("problems" in answer) {
        assert(answer.problems.length > 0);
        assert(answer.problems.every((problem) => problem instanceof InvalidInputError));
        return;
      }
      layouts++;
      const told = JSON.stringify([answer.spec, answer.settings, answer.warnings]);
      const places = new Set(answer.warnings.map(({ path }) => String(path[2])));
      for (const n of reaching(nodes)) {
        const { type, inputs } = nodes[n] ?? { type: "", inputs: new Map() };
        for (const value of inputs.values()) {
          if (typeof value === "string" && /^word/.test(value)) assert(told.includes(value), `${type} ${n}: ${value}`);
        }
        if (type.startsWith("Some")) assert(places.has(`${n}`), `${type} ${n} is not named`);
        const read: boolean = /Lora/.test(type) && answer.settings.loras !== undefined;
        if (/Lora|FreeU|ControlNet|Upscale/.test(type)) assert(read || places.has(`${n}`), `${type} ${n} is not named`);
      }
    }),
    { numRuns: RUNS },
  );
  // Files that nothing understands would prove little.
  assert(layouts > RUNS / 8, `${layouts} layouts`);
});

/** A copy of a value with some of its parts replaced, counted in the order in which they are met. */
function mutated(value: unknown, at: ReadonlyMap<number, unknown>, count = { met: 0 }): unknown {
  const own = count.met++;
  if (at.has(own)) return at.get(own);
  if (Array.isArray(value)) return value.map((item) => mutated(item, at, count));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mutated(item, at, count)]));
}

Deno.test(`broken workflows: of ${RUNS}, every one is a layout that is checked, or refused with typed problems`, () => {
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(-1, 1e308, 0.5, "", "1", ["1", 0], ["1", -1], ["1", 0.5], [1, 0], "__proto__"),
  );
  const places = fc.array(fc.tuple(fc.nat(200), odd), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(randomNodes, fc.constantFrom("api", "editor", "named"), places, (nodes, format, changes) => {
      const file = format === "api" ? apiFormat(nodes) : editorFormat(nodes, format === "named");
      const answer = imported(mutated(file, new Map(changes)));
      if ("problems" in answer) {
        assert(answer.problems.length > 0);
        assert(answer.problems.every((problem) => problem instanceof InvalidInputError));
        return;
      }
      const resolution = resolveLayout(answer.spec, { maxRegions: 32 });
      assert("layout" in resolution || resolution.problems.every((problem) => problem instanceof InvalidInputError));
    }),
    { numRuns: RUNS },
  );
});
