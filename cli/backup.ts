/** `deno task backup`, `restore` and `verify`: copies of the data folder, and whether one is sound. */

import { readConfig } from "../server/config.ts";
import { backUp, BackupError, restore, type Verdict, verify } from "../store/backup.ts";

const USAGE = `usage: deno task backup FOLDER    copies the data folder, also of a running server, into an empty folder
       deno task restore FOLDER   makes the data folder of such a copy; it must be empty
       deno task verify [FOLDER]  looks for damage in the data folder, or in a copy

The data folder is PARTERRE_DATA.`;

const ELSEWHERE =
  "These commands are for data folders, and PARTERRE_DATABASE is set: copy that with pg_dump, and then the " +
  "bucket with your object store's own tools. See docs/scaling.md";

async function run([command, folder, ...rest]: readonly string[]): Promise<Verdict | undefined> {
  const { dataFolder, database } = readConfig(Deno.env.toObject());
  if (database !== undefined) throw new BackupError(ELSEWHERE);
  if (rest.length > 0) return undefined;
  if (command === "verify") return await verify(folder ?? dataFolder);
  if (folder === undefined) return undefined;
  if (command === "backup") return await backUp(dataFolder, folder);
  if (command === "restore") return await restore(folder, dataFolder);
  return undefined;
}

if (import.meta.main) {
  try {
    const verdict = await run(Deno.args);
    if (verdict === undefined) {
      console.error(USAGE);
      Deno.exit(2);
    }
    const { problems, generations, assets } = verdict;
    for (const problem of problems) console.error(problem);
    console.log(
      `${generations} generations, ${assets} files, ${problems.length === 0 ? "sound" : `${problems.length} problems`}`,
    );
    Deno.exitCode = problems.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exitCode = 1;
  }
}
