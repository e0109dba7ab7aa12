/** The conformance suites over PostgreSQL. */

import type { BackendOptions } from "../../jobs/backend.ts";
import { checkpointsConformance } from "../../jobs/checkpoints_conformance.ts";
import { eventLogConformance } from "../../jobs/event_log_conformance.ts";
import { queueConformance } from "../../jobs/queue_conformance.ts";
import { queueModelTest } from "../../jobs/queue_model.ts";
import { retentionConformance } from "../../jobs/retention_conformance.ts";
import { startPostgres } from "../../../tools/cluster/engines/postgres.ts";
import { filesConformance } from "../files_conformance.ts";
import { keyStoreConformance } from "../key_store_conformance.ts";
import { layoutStoreConformance } from "../layout_store_conformance.ts";
import { openOnPostgres } from "./postgres_backend.ts";

const postgres = await startPostgres();
const open = (options?: BackendOptions) => openOnPostgres(postgres, options);

queueConformance("postgres", open);
eventLogConformance("postgres", open);
queueModelTest("postgres", open, 8);
layoutStoreConformance("postgres", open);
keyStoreConformance("postgres", open);
filesConformance("postgres", open);
retentionConformance("postgres", open);
checkpointsConformance("postgres", async () => {
  const backend = await open();
  return { checkpoints: backend.store.checkpoints, [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose]() };
});
