/** Servers restart one after another, as for a new version, while many subscribers are connected. */

import type { GraphqlClient } from "../../cli/graphql_client.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { follow } from "./follow.ts";
import { accept } from "./jobs.ts";
import { readLogs } from "./log.ts";
import { faultsOfFollowed, type LogRow } from "./verdict.ts";

/** How many, of what. */
export interface RollingOptions {
  readonly subscribers: number;
  readonly jobs: number;
  /** Of each job: enough that restarts happen meanwhile. */
  readonly steps: number;
}

/** What came of it. */
export interface Rolled {
  readonly subscribers: number;
  /** Of them: those whose connection was lost at least once. */
  readonly reconnected: number;
  readonly reconnects: number;
  readonly events: number;
  /** Previews that subscribers did not see. */
  readonly previewsMissed: number;
  /** One line for everything that is wrong. */
  readonly faults: readonly string[];
}

/** Restarts all servers of a cluster under subscribers. */
export async function roll(
  cluster: Cluster,
  client: GraphqlClient,
  { subscribers, jobs, steps }: RollingOptions,
  signal: AbortSignal,
): Promise<Rolled> {
  const ids = await Promise.all(
    Array.from({ length: jobs }, (_, i) => accept(client, { seed: 1000 + i, steps }, undefined, signal)),
  );
  const connected: Promise<void>[] = [];
  const following = Array.from({ length: subscribers }, (_, i) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    connected.push(promise);
    return follow(client, ids[i % jobs] ?? "", signal, { connected: resolve });
  });
  await Promise.all(connected);
  for (const server of cluster.servers) {
    await server.end();
    await server.start();
  }
  const followed = await Promise.all(following);
  const logs = await readLogs(cluster.environment.PARTERRE_DATABASE ?? "", ids);
  const logOf = (subscriber: number): readonly LogRow[] => logs.get(ids[subscriber % jobs] ?? "") ?? [];
  const events = followed.reduce((sum, { sequences }) => sum + sequences.length, 0);
  return {
    subscribers,
    reconnected: followed.filter(({ reconnects }) => reconnects > 0).length,
    reconnects: followed.reduce((sum, { reconnects }) => sum + reconnects, 0),
    events,
    previewsMissed: followed.reduce((sum, _, i) => sum + logOf(i).length, 0) - events,
    faults: followed.flatMap((one, i) =>
      [...faultsOfFollowed(one, logOf(i), "SUCCEEDED")].map((fault) => `subscriber ${i}: ${fault}`)
    ),
  };
}
