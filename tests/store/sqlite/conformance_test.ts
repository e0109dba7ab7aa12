/** The conformance suites over SQLite. */

import { eventLogConformance } from "../../jobs/event_log_conformance.ts";
import { queueConformance } from "../../jobs/queue_conformance.ts";
import { openSqlite } from "./sqlite_backend.ts";

queueConformance("sqlite", openSqlite);
eventLogConformance("sqlite", openSqlite);
