/** Whatever a workflow is made of: no node and no text of the picture disappears without a word. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidInputError } from "../../../../errors.ts";
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
        if (/Lora|FreeU|ControlNet|Upscale/.test(type)) assert(places.has(`${n}`), `${type} ${n} is not named`);
      }
    }),
    { numRuns: RUNS },
  );
  // Files that nothing understands would prove little.
  assert(layouts > RUNS / 8, `${layouts} layouts`);
});
