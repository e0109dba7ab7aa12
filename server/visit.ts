/** One request, or one WebSocket, from its arrival: who it is of, and what is to be told beside the answer. */

import type { Authenticator } from "../access/authenticator.ts";
import type { Caller } from "../access/caller.ts";
import { noteLane } from "../observe/request_scope.ts";
import type { Outlet } from "./outlet.ts";

/** What the transports tell of a request. */
export interface RequestContext {
  readonly visit: Visit;
  /** Aborts when the caller leaves. */
  readonly signal: AbortSignal;
  /** Where the operation's events may go. */
  readonly outlet: Outlet;
}

/** A request or WebSocket on its way through the server. */
export class Visit {
  #caller: Caller | undefined;
  #again: () => Promise<Caller> = () => this.identify();
  #retryAfterMs: number | undefined;

  readonly #url: URL;
  readonly #authorization: string | null;
  /** What an EventSource says that lost its connection; null if the request says nothing of it. */
  readonly lastEventId: string | null;

  /**
   * @param request Read here, since nothing can be read of it once it became a WebSocket.
   * @param address Where it comes from, see `clientAddress`.
   */
  constructor(private readonly authenticator: Authenticator, request: Request, readonly address: string) {
    this.#url = new URL(request.url);
    this.#authorization = request.headers.get("authorization");
    this.lastEventId = request.headers.get("last-event-id");
  }

  /** Who asks. @throws {Error} before anybody was identified. */
  get caller(): Caller {
    if (this.#caller === undefined) throw new Error("Cannot answer before the caller is identified");
    return this.#caller;
  }

  /** Milliseconds after which the caller is to try again; undefined where nothing was refused for now. */
  get retryAfterMs(): number | undefined {
    return this.#retryAfterMs;
  }

  /**
   * Finds out who asks: by a signed URL, else by the `Authorization` header.
   * @throws {AuthenticationError}
   */
  async identify(): Promise<Caller> {
    const byUrl = await this.authenticator.byUrl(this.#url);
    return byUrl === null ? await this.identifyByHeader(this.#authorization) : this.#is(byUrl);
  }

  /**
   * Finds out who asks by what an `Authorization` header says.
   * @throws {AuthenticationError}
   */
  async identifyByHeader(authorization: string | null): Promise<Caller> {
    this.#again = () => this.identifyByHeader(authorization);
    return this.#is(await this.authenticator.byHeader(authorization, this.address));
  }

  /**
   * Finds out again who asks, in the way that told it before: keys end while WebSockets last.
   * @throws {AuthenticationError}
   */
  identifyAgain(): Promise<Caller> {
    return this.#again();
  }

  #is(caller: Caller): Caller {
    noteLane(caller.lane);
    return this.#caller = caller;
  }

  /** Tells the caller to come back later. */
  retryAfter(ms: number | null): void {
    if (ms !== null) this.#retryAfterMs = Math.max(this.#retryAfterMs ?? 0, ms);
  }
}
