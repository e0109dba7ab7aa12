/** The conformance suites over SQLite. */

import { eventLogConformance } from "../../jobs/event_log_conformance.ts";
import { queueConformance } from "../../jobs/queue_conformance.ts";
import { queueModelTest } from "../../jobs/queue_model.ts";
import { retentionConformance } from "../../jobs/retention_conformance.ts";
import { filesConformance } from "../files_conformance.ts";
import { keyStoreConformance } from "../key_store_conformance.ts";
import { layoutStoreConformance } from "../layout_store_conformance.ts";
import { openSqlite } from "./sqlite_backend.ts";

queueConformance("sqlite", openSqlite);
eventLogConformance("sqlite", openSqlite);
queueModelTest("sqlite", openSqlite, 40);
layoutStoreConformance("sqlite", openSqlite);
keyStoreConformance("sqlite", openSqlite);
filesConformance("sqlite", openSqlite);
retentionConformance("sqlite", openSqlite);
