/** The conformance suite over WebGPU. */

import { runtimeConformance } from "./runtime_conformance.ts";
import { openWebgpu, WITHOUT_WEBGPU } from "./webgpu.ts";

if (WITHOUT_WEBGPU !== undefined) console.log(`Left out: the conformance suite over WebGPU (${WITHOUT_WEBGPU})`);
runtimeConformance("webgpu", openWebgpu, { unetTolerance: 1e-3, ignore: WITHOUT_WEBGPU !== undefined });
