/** What is told of generations: one log line for each that is finished, metrics, and spans from request to step. */

import { getLogger } from "@logtape/logtape";
import type { GenerationStep } from "../compute/worker/compute.ts";
import { type Generation, isTerminal } from "../jobs/generation.ts";
import type { GenerationObserver } from "../jobs/observer.ts";
import { GenerationSpans } from "./generation_spans.ts";
import type { Metrics } from "./metrics.ts";
import { currentRequest } from "./request_scope.ts";

const log = getLogger(["parterre", "jobs"]);

/** Generations that are remembered: those that others finish are never heard of again. */
const MAX_COURSES = 10_000;

/** What is remembered of a generation that is not finished. */
interface Course {
  /** The request that asked for it, if this process answered that. */
  readonly requestId: string | undefined;
  readonly spans: GenerationSpans;
  /** Of the latest attempt. */
  steps: number;
  stepMs: number;
}

/** Reports on generations. */
export class GenerationReports implements GenerationObserver {
  readonly #courses = new Map<string, Course>();

  /** @param provider What computes now; unknown before there is anything that computes. */
  constructor(private readonly metrics: Metrics, private readonly provider: () => string | undefined) {}

  statusChanged(generation: Generation): void {
    // What is only told of may not undo what happened.
    try {
      if (isTerminal(generation.status)) this.#finished(generation);
      else if (generation.status === "QUEUED") this.#waits(generation);
      else if (generation.status === "RUNNING") this.#started(generation);
    } catch (error) {
      log.error("Cannot report on {generationId}: {error}", { generationId: generation.id, error });
    }
  }

  stepTaken({ id, request: { model } }: Generation, { step, stepMs }: Pick<GenerationStep, "step" | "stepMs">): void {
    const course = this.#courses.get(id);
    if (course === undefined) return;
    course.steps++;
    course.stepMs += stepMs;
    this.metrics.stepSeconds.observe({ model, provider: this.#provider }, stepMs / 1000);
    course.spans.step(step, stepMs);
  }

  get #provider(): string {
    return this.provider() ?? "none";
  }

  /** It was accepted, or a worker lost it or let it go. */
  #waits(generation: Generation): void {
    const { id, request: { model }, attempts } = generation;
    const course = this.#courses.get(id);
    const accepted = course === undefined && attempts === 0;
    (accepted ? this.metrics.enqueued : this.metrics.requeued).inc({ model });
    if (course === undefined) this.#begin(id, currentRequest()?.requestId);
    else course.spans.ended(generation);
  }

  #started(generation: Generation): void {
    const { id, request: { model }, createdAt, startedAt, attempts } = generation;
    // One that waits since a former process was not seen before.
    const course = this.#courses.get(id) ?? this.#begin(id, undefined);
    course.steps = 0;
    course.stepMs = 0;
    course.spans.started(generation);
    if (attempts === 1 && startedAt !== null) {
      this.metrics.waitSeconds.observe({ model }, Math.max(0, startedAt - createdAt) / 1000);
    }
  }

  #finished(generation: Generation): void {
    const { id, owner, request, status, attempts, createdAt, startedAt, completedAt, error } = generation;
    const { model, width, height, steps } = request;
    const course = this.#courses.get(id);
    this.#courses.delete(id);
    course?.spans.ended(generation);
    const end = completedAt ?? Date.now();
    const waitingMs = Math.max(0, (startedAt ?? end) - createdAt);
    const runningMs = startedAt === null ? 0 : Math.max(0, end - startedAt);
    this.metrics.finished.inc({ model, status });
    if (error !== null) this.metrics.failures.inc({ code: error.code });
    if (startedAt !== null) {
      this.metrics.generationSeconds.observe({ model, provider: this.#provider, status }, runningMs / 1000);
    }
    const line = status === "FAILED" ? log.error.bind(log) : log.info.bind(log);
    const failure = error === null ? {} : { code: error.code, reason: error.message };
    line(
      `Generation {generationId} {status}: {model} {size}, waited {waitingMs} ms, ran {runningMs} ms${
        error === null ? "" : ", {code}: {reason}"
      }`,
      {
        generationId: id,
        ...(course?.requestId === undefined ? {} : { requestId: course.requestId }),
        ...(owner === null ? {} : { owner }),
        status,
        model,
        size: `${width}x${height}`,
        steps,
        attempts,
        waitingMs,
        runningMs,
        ...(course === undefined || course.steps === 0
          ? {}
          : { meanStepMs: Math.round(course.stepMs / course.steps), provider: this.#provider }),
        ...failure,
      },
    );
  }

  #begin(id: string, requestId: string | undefined): Course {
    const course = { requestId, spans: new GenerationSpans(requestId !== undefined), steps: 0, stepMs: 0 };
    this.#courses.set(id, course);
    const [oldest] = this.#courses.keys();
    if (this.#courses.size > MAX_COURSES && oldest !== undefined) this.#courses.delete(oldest);
    return course;
  }
}
