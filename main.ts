/** `deno task start`: serves until it is told to stop. */

import { endOnSignals } from "./server/end_on_signals.ts";

const started = endOnSignals(); // heard from now on, also while the rest is loaded
const { serve } = await import("./server/serve.ts");
started(await serve());
