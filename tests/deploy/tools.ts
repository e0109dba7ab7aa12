/** Other projects' programs that look at the files of deployment, run by tests. */

import { strict as assert } from "node:assert";
import { isInstalled, tool, TOOLS } from "../../deploy/container/tools.ts";

const root = new URL("../../", import.meta.url);

/** A test by a tool, left out where there is none; in continuous integration it always runs, and fails without. */
export function toolTest(name: string, program: string, fn: (run: (...args: string[]) => void) => void): void {
  const ignore = !isInstalled(tool(program)) && Deno.env.get("CI") !== "true";
  Deno.test({
    name: ignore ? `${name} (left out: no ${program}; ${TOOLS.install})` : name,
    ignore,
    fn: () => {
      assert(isInstalled(tool(program)), `No ${program}; ${TOOLS.install}`);
      fn((...args) => {
        const { success, stdout, stderr } = new Deno.Command(tool(program), { args, cwd: root }).outputSync();
        assert(success, new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr));
      });
    },
  });
}

/** A file of the repository. */
export function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
}

/** The files of a folder of the repository, without those in folders. */
export function list(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].filter(({ isFile }) => isFile).map(({ name }) =>
    `${folder}/${name}`
  );
}
