/**
 * Traces of generations: from the request that asked for one, over its wait and its attempts, to every step. Spans cost
 * next to nothing unless Deno exports them (`OTEL_DENO=true`).
 */

import { type Context, context, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Generation } from "../jobs/generation.ts";

const tracer = trace.getTracer("parterre");

/** The spans of one generation, in the hands of this process. */
export class GenerationSpans {
  readonly #parent: Context;
  #attempt: { readonly span: Span; readonly context: Context } | undefined;

  /**
   * @param requested Whether the work that runs is the request for this generation, whose trace then goes on. A
   * generation of a former process starts a trace of its own.
   */
  constructor(requested: boolean) {
    this.#parent = requested ? context.active() : ROOT_CONTEXT;
  }

  /** A worker took it. */
  started({ id, request, createdAt, startedAt, attempts }: Generation): void {
    const now = startedAt ?? Date.now();
    if (attempts === 1) tracer.startSpan("wait", { startTime: createdAt }, this.#parent).end(now);
    const attributes = {
      "parterre.generation.id": id,
      "parterre.generation.attempt": attempts,
      "parterre.model": request.model,
      "parterre.width": request.width,
      "parterre.height": request.height,
      "parterre.steps": request.steps,
    };
    const span = tracer.startSpan("generation", { startTime: now, attributes }, this.#parent);
    this.#attempt = { span, context: trace.setSpan(this.#parent, span) };
  }

  /** A step of `stepMs` milliseconds has just ended. */
  step(step: number, stepMs: number): void {
    if (this.#attempt === undefined) return;
    const now = Date.now();
    const options = { startTime: now - stepMs, attributes: { "parterre.step": step } };
    tracer.startSpan("step", options, this.#attempt.context).end(now);
  }

  /** The attempt is over: the generation is finished, or waits again. */
  ended({ status, error }: Pick<Generation, "status" | "error">): void {
    const span = this.#attempt?.span;
    this.#attempt = undefined;
    span?.setAttribute("parterre.generation.status", status);
    if (status === "FAILED") span?.setStatus({ code: SpanStatusCode.ERROR, message: error?.code ?? status });
    span?.end();
  }
}
