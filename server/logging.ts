/** Where log records go: standard error, one line each. */

import { configure, getAnsiColorFormatter, getLogger, getStreamSink, type LogLevel } from "@logtape/logtape";

const LEVELS: readonly LogLevel[] = ["trace", "debug", "info", "warning", "error", "fatal"];

/** Starts logging at a level; call it once. */
export async function configureLogging(level: string = Deno.env.get("PARTERRE_LOG") ?? "info"): Promise<void> {
  const lowestLevel = LEVELS.find((known) => known === level);
  if (lowestLevel === undefined) throw new TypeError(`Cannot log at "${level}": must be one of ${LEVELS.join(", ")}`);
  const stream = new WritableStream<Uint8Array>({ write: (chunk) => void Deno.stderr.writeSync(chunk) });
  await configure({
    sinks: { stderr: getStreamSink(stream, { formatter: getAnsiColorFormatter() }) },
    loggers: [
      { category: "parterre", sinks: ["stderr"], lowestLevel },
      { category: ["logtape", "meta"], sinks: ["stderr"], lowestLevel: "warning" },
    ],
  });
  getLogger(["parterre"]).debug("Logging at {level}", { level: lowestLevel });
}
