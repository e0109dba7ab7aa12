/** What the worker of this process says of itself. */

import type { ModelCatalog } from "../compute/model/catalog.ts";
import type { Compute } from "../compute/worker/compute.ts";
import config from "../deno.json" with { type: "json" };
import type { Estimator } from "../requests/estimator.ts";
import { kindOf } from "./aides/together.ts";
import { type Generation, isTerminal } from "./generation.ts";
import type { GenerationObserver } from "./observer.ts";
import type { Painting, Roster, WorkerReport } from "./workers.ts";

/** What is looked at. */
export interface ReportedServices {
  readonly compute: Pick<Compute, "runtime" | "loaded">;
  readonly catalog: Pick<ModelCatalog, "list">;
  readonly estimator: Pick<Estimator, "msPerPixel">;
}

/** What does not change. */
export interface WorkerIdentity {
  readonly id: string;
  /** Bytes. */
  readonly memoryBudget: number;
}

/** How it takes part. */
export interface ReportOptions {
  /** Whether it helps others, and is helped. */
  readonly parallel: boolean;
}

/** Sees what this process paints, as an observer of its store and of its worker. */
export class PaintingWatch implements GenerationObserver {
  #painting: Painting | null = null;
  #aiding: string | null = null;
  #next = Promise.withResolvers<void>();

  /** Null while nothing is painted here. */
  get painting(): Painting | null {
    return this.#painting;
  }

  statusChanged({ id, status, startedAt }: Generation): void {
    // It is the claim in this process that makes it RUNNING.
    if (status === "RUNNING") this.#change({ generationId: id, step: 0, since: startedAt ?? Date.now() });
    else if (this.#painting?.generationId === id && (isTerminal(status) || status === "QUEUED")) this.#change(null);
  }

  stepTaken({ id }: Generation, { step }: { readonly step: number }): void {
    if (this.#painting?.generationId === id) this.#painting = { ...this.#painting, step };
  }

  /** The id of the generation that another worker is helped with. */
  get aiding(): string | null {
    return this.#aiding;
  }

  /** Another worker is helped with a generation from now on, or with none any more. */
  aids(generationId: string | null): void {
    if (this.#aiding === generationId) return;
    this.#aiding = generationId;
    this.#tell();
  }

  /** Resolves when it does anything else. */
  get changed(): Promise<void> {
    return this.#next.promise;
  }

  #change(painting: Painting | null): void {
    this.#painting = painting;
    this.#tell();
  }

  #tell(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }
}

/** The report of this process's worker, as it stands. */
export class SelfReport implements Roster {
  readonly #startedAt = Date.now();

  constructor(
    private readonly identity: WorkerIdentity,
    private readonly services: ReportedServices,
    readonly watch: Pick<PaintingWatch, "painting" | "aiding" | "aids" | "changed">,
    private readonly options: ReportOptions = { parallel: false },
  ) {}

  /** Its models, those in memory apart from those that it would have to load. */
  models(): { readonly warm: readonly string[]; readonly cold: readonly string[] } {
    const { compute: { loaded }, catalog } = this.services;
    const usable = catalog.list().flatMap((entry) => "config" in entry ? [entry.name] : []);
    return { warm: usable.filter((name) => loaded.has(name)), cold: usable.filter((name) => !loaded.has(name)) };
  }

  /** See {@link WorkerIdentity}. */
  get id(): string {
    return this.identity.id;
  }

  /** Names those that compute like it. */
  get kind(): string {
    return kindOf(this.services.compute.runtime);
  }

  /** Resolves when it begins a picture or to help, or ends it. */
  get changed(): Promise<void> {
    return this.watch.changed;
  }

  /** As things stand. */
  report(): WorkerReport {
    const { compute: { runtime: { provider, threads, engine } }, estimator } = this.services;
    const { warm, cold } = this.models();
    const model = (loaded: boolean) => (name: string) => {
      const ms = estimator.msPerPixel(name);
      return { name, loaded, predictionMsPerMegapixel: ms === undefined ? null : ms * 1e6 };
    };
    const models = [...warm.map(model(true)), ...cold.map(model(false))];
    return {
      ...this.identity,
      version: config.version,
      provider,
      threads,
      engine,
      kind: this.options.parallel ? this.kind : null,
      memoryUsed: Deno.memoryUsage().rss,
      models: models.sort((a, b) => a.name < b.name ? -1 : 1),
      painting: this.watch.painting,
      aiding: this.watch.aiding,
      startedAt: this.#startedAt,
      at: Date.now(),
    };
  }

  /** This worker alone: for a process without others. */
  list(): Promise<readonly WorkerReport[]> {
    return Promise.resolve([this.report()]);
  }
}
