/** The conformance suite over onnxruntime-node; `native_runtime_test.ts` runs this file. */

import { chooseRuntime } from "../../compute/runtime/choose.ts";
import { runtimeConformance } from "./runtime_conformance.ts";

runtimeConformance("native", () => chooseRuntime("native", { threads: 2 }), { unetTolerance: 1e-4 });
