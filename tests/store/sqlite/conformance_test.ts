/** The conformance suites over SQLite. */

import { eventLogConformance } from "../../jobs/event_log_conformance.ts";
import { queueConformance } from "../../jobs/queue_conformance.ts";
import { queueModelTest } from "../../jobs/queue_model.ts";
import { openSqlite } from "./sqlite_backend.ts";

queueConformance("sqlite", openSqlite);
eventLogConformance("sqlite", openSqlite);
queueModelTest("sqlite", openSqlite, 40);
