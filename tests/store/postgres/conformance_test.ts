/** The conformance suites over PostgreSQL. */

import { eventLogConformance } from "../../jobs/event_log_conformance.ts";
import { queueConformance } from "../../jobs/queue_conformance.ts";
import { startPostgres } from "../../services/postgres.ts";
import { openOnPostgres } from "./postgres_backend.ts";

const postgres = await startPostgres();

queueConformance("postgres", (options) => openOnPostgres(postgres, options));
eventLogConformance("postgres", (options) => openOnPostgres(postgres, options));
