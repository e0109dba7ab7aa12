/** Whether the server can be reached, by what came of the latest request. */

import { signal } from "@preact/signals";

export const reachable = signal(true);
