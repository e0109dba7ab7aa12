/** Every number that `/metrics` shows, by name. Labels take few values, all of them the server's own. */

import process from "node:process";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ComputeView } from "../compute/runtime/runtime.ts";
import type { JobQueue } from "../jobs/queue.ts";

/** What is looked at when somebody reads the metrics. */
export interface MetricSources {
  readonly queue: Pick<JobQueue, "stats">;
  /** What computes in this process; null for a server of many, which only hears of what others compute with. */
  readonly compute: ComputeView | null;
  readonly http: { readonly load: { readonly connections: number; readonly sockets: number } };
}

/** Different codes of errors that are told apart; any more are `OTHER`. */
const MAX_CODES = 64;

const REQUEST_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const STEP_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const JOB_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800];
const LAG_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The numbers of one server. */
export class Metrics {
  readonly registry = new Registry();
  readonly #codes = new Set<string>();
  #sources: MetricSources | undefined;

  readonly httpRequests = this.#counter("parterre_http_requests_total", "HTTP requests answered", [
    "route",
    "method",
    "status",
  ]);
  readonly httpSeconds = this.#histogram(
    "parterre_http_request_duration_seconds",
    "Time to answer an HTTP request in full; live streams are not in it",
    ["route", "method"],
    REQUEST_SECONDS,
  );
  readonly operations = this.#counter("parterre_graphql_operations_total", "GraphQL operations ended", [
    "type",
    "transport",
    "outcome",
  ]);
  readonly operationSeconds = this.#histogram(
    "parterre_graphql_operation_duration_seconds",
    "Time that a GraphQL query or mutation took",
    ["type"],
    REQUEST_SECONDS,
  );
  readonly subscribers = this.#gauge("parterre_subscribers", "Live streams that are open", ["transport"]);
  readonly refusals = this.#counter("parterre_refusals_total", "Errors that clients were answered with, by code", [
    "code",
  ]);
  readonly faults = this.#counter("parterre_faults_total", "Errors that nobody foresaw; the log has each", []);

  readonly enqueued = this.#counter("parterre_generations_enqueued_total", "Generations accepted", ["model"]);
  readonly requeued = this.#counter(
    "parterre_generations_requeued_total",
    "Generations that a worker lost or let go, and that wait again",
    ["model"],
  );
  readonly finished = this.#counter("parterre_generations_total", "Generations finished", ["model", "status"]);
  readonly failures = this.#counter("parterre_generation_failures_total", "Generations that failed, by code", ["code"]);
  readonly waitSeconds = this.#histogram(
    "parterre_generation_wait_seconds",
    "Time from a generation's acceptance to its first start",
    ["model"],
    JOB_SECONDS,
  );
  readonly generationSeconds = this.#histogram(
    "parterre_generation_duration_seconds",
    "Time from a generation's latest start to its end",
    ["model", "provider", "status"],
    JOB_SECONDS,
  );
  readonly stepSeconds = this.#histogram(
    "parterre_step_duration_seconds",
    "Time that a step of a generation took to compute",
    ["model", "provider"],
    STEP_SECONDS,
  );
  readonly eventLoopLag = this.#histogram(
    "parterre_event_loop_lag_seconds",
    "How late the server's thread is, looked at every second",
    [],
    LAG_SECONDS,
  );

  /** @param version Parterre's. */
  constructor(version: string) {
    this.#gauge("parterre_build_info", "1; the labels say what runs", ["version", "deno"])
      .set({ version, deno: Deno.version.deno }, 1);
    this.#watched(
      "parterre_queue_generations",
      "Generations in hand, by status",
      ["status"],
      async (gauge, sources) => {
        const { queued, running } = await sources.queue.stats();
        gauge.set({ status: "QUEUED" }, queued);
        gauge.set({ status: "RUNNING" }, running);
      },
    );
    this.#watched("parterre_model_loaded", "1 for each model in memory", ["model"], (gauge, { compute }) => {
      gauge.reset();
      for (const model of compute?.loaded ?? []) gauge.set({ model }, 1);
    });
    this.#watched("parterre_compute_info", "1; the labels say what computes", ["provider"], (gauge, { compute }) => {
      gauge.reset();
      if (compute !== null) gauge.set({ provider: compute.runtime.provider }, 1);
    });
    this.#watched("parterre_connections", "Open connections", ["kind"], (gauge, { http: { load } }) => {
      gauge.set({ kind: "websocket" }, load.sockets);
      gauge.set({ kind: "http" }, load.connections - load.sockets);
    });
    this.#process();
    for (const transport of ["sse", "websocket"]) this.subscribers.set({ transport }, 0);
  }

  /** Names what is looked at; without it those numbers are absent. */
  watch(sources: MetricSources): void {
    this.#sources = sources;
  }

  /** Counts an error that a client is answered with. */
  refused(code: string): void {
    const known = this.#codes.has(code) || this.#codes.size < MAX_CODES;
    if (known) this.#codes.add(code);
    this.refusals.inc({ code: known ? code : "OTHER" });
  }

  /** What every process tells, under the names that dashboards of any service know. */
  #process(): void {
    const { registry } = this;
    new Gauge({
      name: "process_resident_memory_bytes",
      help: "Memory that the process takes, of all its threads",
      registers: [registry],
      collect() {
        this.set(Deno.memoryUsage().rss);
      },
    });
    new Counter({
      name: "process_cpu_seconds_total",
      help: "Processor time that the process has used, of all its threads",
      registers: [registry],
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1e6);
      },
    });
    new Gauge({ name: "process_start_time_seconds", help: "When the process started", registers: [registry] })
      .set(performance.timeOrigin / 1000);
  }

  #counter<T extends string>(name: string, help: string, labelNames: T[]): Counter<T> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #gauge<T extends string>(name: string, help: string, labelNames: T[]): Gauge<T> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  #histogram<T extends string>(name: string, help: string, labelNames: T[], buckets: number[]): Histogram<T> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  /** A gauge that is set when it is read. */
  #watched<T extends string>(
    name: string,
    help: string,
    labelNames: T[],
    look: (gauge: Gauge<T>, sources: MetricSources) => void | Promise<void>,
  ): void {
    const sources = () => this.#sources;
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      async collect() {
        const known = sources();
        if (known !== undefined) await look(this, known);
      },
    });
  }
}
