/** The conformance suite over WASM. */

import { chooseRuntime } from "../../compute/runtime/choose.ts";
import { runtimeConformance } from "./runtime_conformance.ts";

runtimeConformance("wasm", () => chooseRuntime("wasm", { threads: 2 }), { unetTolerance: 1e-4 });
