/** What clients may have of WebSockets. */

import type { CallerMaxima } from "./caller_counts.ts";

/** How many sockets there may be, and what each may do. */
export interface SocketLimits extends CallerMaxima {
  /** Operations that one socket may have at once. */
  readonly operations: number;
  /** Milliseconds for which a client may take nothing of what it is being sent. */
  readonly stallTimeout: number;
}
