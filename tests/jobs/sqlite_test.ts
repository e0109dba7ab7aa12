/** The conformance suites over SQLite. */

import { eventLogConformance } from "./event_log_conformance.ts";
import { queueConformance } from "./queue_conformance.ts";
import { openSqlite } from "./sqlite_backend.ts";

queueConformance("sqlite", openSqlite);
eventLogConformance("sqlite", openSqlite);
