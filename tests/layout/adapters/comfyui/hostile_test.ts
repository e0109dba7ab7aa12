/** Workflows that are as costly as their length allows are answered soon, with a layout or with typed problems. */

import assert from "node:assert/strict";
import { InvalidInputError } from "../../../../errors.ts";
import { readComfyWorkflow } from "../../../../layout/adapters/comfyui/workflow.ts";
import { soon } from "../../../soon.ts";
import { hostileWorkflows } from "./hostile_workflows.ts";

/** Characters of each file. */
const LENGTH = 100_000;

/** Milliseconds. An idle machine takes less than 50; tests run beside others. */
const LIMIT = 250;

for (const [name, json] of hostileWorkflows(LENGTH)) {
  Deno.test(`hostile workflows: ${name} is answered within ${LIMIT} ms`, () => {
    const answer = soon(LIMIT, () => readComfyWorkflow({ json }));
    if ("problems" in answer) assert(answer.problems.every((problem) => problem instanceof InvalidInputError));
  });
}
