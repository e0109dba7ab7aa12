/** The PostgreSQL backend on a real server. */

import { openStore } from "../../../store/open.ts";
import type { Backend, BackendOptions } from "../../jobs/backend.ts";
import type { PostgresService } from "../../../tools/cluster/engines/postgres.ts";
import { backendOver } from "../backend_over.ts";

/** Opens a store on a new database, with its files in a temporary folder. */
export async function openOnPostgres(postgres: PostgresService, options: BackendOptions = {}): Promise<Backend> {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-postgres-files-" });
  const database = await postgres.createDatabase();
  return await backendOver({
    alone: false,
    options,
    open: (all) => openStore(folder, { ...all, database }),
    folder,
  });
}
