/** Where log records go: standard error, one line each, as JSON for programs or as text for people. */

import { AsyncLocalStorage } from "node:async_hooks";
import {
  configure,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  getLogger,
  getTextFormatter,
  type LogLevel,
  type LogRecord,
  sanitizeControlSequences,
  type TextFormatter,
} from "@logtape/logtape";
import { JWT_PATTERN, redactByPattern, type RedactionPattern } from "@logtape/redaction";

export const LOG_LEVELS = ["trace", "debug", "info", "warning", "error", "fatal"] as const satisfies LogLevel[];

/** `auto` is text on a terminal and JSON anywhere else. */
export const LOG_FORMATS = ["auto", "json", "text"] as const;

/** How to log. */
export interface LogOptions {
  readonly level: typeof LOG_LEVELS[number];
  readonly format: typeof LOG_FORMATS[number];
}

/** What standard error is. */
export interface LogTarget {
  readonly isTerminal: boolean;
  /** Whether the user wants no colours: https://no-color.org */
  readonly noColor: boolean;
}

/** Fields that no record may show, whoever logs them. */
const SECRET_FIELDS =
  /^((proxy-)?authorization|(set-)?cookie|connection_?params|sig|signature|.*(secret|password).*)$/i;

/** What no line may show, wherever it stands: credentials of HTTP, and signatures in the queries of URLs. */
const SECRETS: readonly RedactionPattern[] = [
  { pattern: /\bparterre_[\w-]{43}/g, replacement: "parterre_[redacted]" }, // see access/keys.ts
  { pattern: /\b(bearer)\s+[\w.~+/=-]{8,}/gi, replacement: (_, scheme: string) => `${scheme} [redacted]` },
  {
    pattern: /([?&](?:sig|signature|token|key|access_token|api_key)=)[^&#\s"'\\]+/gi,
    replacement: (_, name: string) => `${name}[redacted]`,
  },
  JWT_PATTERN,
];

/** What the lines of JSON say of every record; fields of a record that would hide it get another name. */
const RESERVED = ["@timestamp", "level", "message", "logger"];

/** Starts logging; call it once. */
export async function configureLogging(options: LogOptions): Promise<void> {
  const target = { isTerminal: Deno.stderr.isTerminal(), noColor: Deno.noColor };
  const write = redactByPattern(logFormatter(options.format, target), SECRETS);
  const encoder = new TextEncoder();
  // At once, so that the last lines before an end, however sudden, are there.
  const sink = (record: LogRecord) => writeAll(encoder.encode(write(record)));
  await configure({
    contextLocalStorage: new AsyncLocalStorage(),
    sinks: { stderr: sink },
    loggers: [
      { category: "parterre", sinks: ["stderr"], lowestLevel: options.level },
      { category: ["logtape", "meta"], sinks: ["stderr"], lowestLevel: "warning" },
    ],
  });
  getLogger(["parterre"]).debug("Logging at {lowest}", { lowest: options.level });
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += Deno.stderr.writeSync(bytes.subarray(at));
}

/** How a record is written; colours are for terminals alone. */
export function logFormatter(format: LogOptions["format"], { isTerminal, noColor }: LogTarget): TextFormatter {
  const written = formatterOf(format, { isTerminal, noColor });
  return (record) => {
    Object.values(record.properties).forEach(hideCommand);
    return written(record);
  };
}

/** Errors of Redis hold the command that failed, with all that was sent: pixels by the megabyte, passwords. */
function hideCommand(value: unknown): void {
  if (!(value instanceof Error)) return;
  if ("command" in value) Object.defineProperty(value, "command", { enumerable: false });
  hideCommand(value.cause);
}

function formatterOf(format: LogOptions["format"], { isTerminal, noColor }: LogTarget): TextFormatter {
  if (format === "json" || (format === "auto" && !isTerminal)) {
    const json = getJsonLinesFormatter({ properties: "flatten" });
    return (record) => json({ ...record, message: [renderedMessage(record)], properties: fieldsOf(record.properties) });
  }
  const coloured = isTerminal && !noColor;
  const formatter = coloured ? getAnsiColorFormatter : getTextFormatter;
  const value = (part: unknown) => part instanceof Error ? inspected(part) : inWords(part);
  return formatter({ timestamp: "rfc3339", value, format: textLine(coloured) });
}

/** The message and, where there is one, which request it belongs to; the other fields are in the message. */
function textLine(coloured: boolean) {
  const [dim, reset] = coloured ? ["\x1b[2m", "\x1b[0m"] : ["", ""];
  return (
    values: { timestamp: string | null; level: string; category: string; message: string; record: LogRecord },
  ) => {
    const { timestamp, level, category, message, record: { properties: { requestId } } } = values;
    const id = typeof requestId === "string" ? ` ${dim}(${requestId})${reset}` : "";
    return `${timestamp} [${level}] ${category}: ${message}${id}`;
  };
}

/** The message in words, without the stacks of errors, which their fields have. */
function renderedMessage({ message }: LogRecord): string {
  return message.map((part, i) => i % 2 === 0 ? part : inWords(part)).join("");
}

function inWords(value: unknown): string {
  if (value instanceof Error) return inWords(`${value.name}: ${value.message}`);
  if (Array.isArray(value)) return value.map(inWords).join(", ");
  // What clients chose may not begin a line of its own, or move the cursor of a terminal.
  if (typeof value === "string") return sanitizeControlSequences(value, { sgr: "escape", newlines: "escape" });
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return inspected(value);
}

function inspected(value: unknown): string {
  return Deno.inspect(value, { colors: false, breakLength: Infinity });
}

/** The fields of a record under names that hide nothing, without those that hold secrets. */
function fieldsOf(properties: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(properties);
  if (!names.some((name) => RESERVED.includes(name) || SECRET_FIELDS.test(name))) return properties;
  return Object.fromEntries(names.map((name) => [
    RESERVED.includes(name) ? `${name}_` : name,
    SECRET_FIELDS.test(name) ? "[redacted]" : properties[name],
  ]));
}
