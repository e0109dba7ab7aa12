/** The command of `deno task start`, without the three programs that it asks for its permissions. */

import deno from "../../deno.json" with { type: "json" };
import { netAddresses, readPaths, writePaths } from "../../server/permissions.ts";

/** Deno's arguments for a server or worker with these settings: what it may touch is what an operator's may. */
export function startArguments(environment: Readonly<Record<string, string>>): readonly string[] {
  const asked = { net: netAddresses, read: readPaths, write: writePaths };
  const command = deno.tasks.start.command.replaceAll(
    /"\$\(deno run [^)]*permissions\.ts (net|read|write)\)"/g,
    (_, kind: keyof typeof asked) => asked[kind](environment).join(","),
  );
  return command.split(" ").slice(1);
}
