/** The SQLite backend in a real file. */

import { openStore } from "../../../store/open.ts";
import type { Backend, BackendOptions } from "../../jobs/backend.ts";
import { backendOver } from "../backend_over.ts";

/** Opens a store in a temporary folder, which goes when the backend is disposed of. */
export function openSqlite(options: BackendOptions = {}): Promise<Backend> {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-jobs-" });
  return backendOver({ alone: true, options, open: (all) => openStore(folder, all), folder });
}
