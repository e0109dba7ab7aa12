/** `deno task schema:check`: what changed in the schema since the last release; fails on what breaks programs unmeant. */

import { ALLOWED_CHANGES } from "./allowed_changes.ts";
import { schemaChanges } from "./changes.ts";
import { printedSchema } from "./print.ts";

/** The schema of the last release. */
export const RELEASED = new URL("released.graphql", import.meta.url);

if (import.meta.main) {
  const released = Deno.readTextFileSync(RELEASED);
  const { changes, forbidden, stale } = await schemaChanges(released, printedSchema(), ALLOWED_CHANGES);
  for (const { change, level, message, allowed } of changes) {
    console.log(`${level.padEnd(12)}  ${message} (${change})${allowed === undefined ? "" : `; allowed: ${allowed}`}`);
  }
  for (const { change } of stale) console.log(`STALE         ${change} is allowed, but there is no such change`);
  const verdict = forbidden.length === 0 ? "none breaks programs unmeant" : `${forbidden.length} break programs`;
  console.log(`${changes.length} change${changes.length === 1 ? "" : "s"} since the last release, ${verdict}`);
  if (forbidden.length > 0) console.log("List what is meant in schema/allowed_changes.ts, with its reason");
  Deno.exit(forbidden.length + stale.length === 0 ? 0 : 1);
}
