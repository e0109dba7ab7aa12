/** What can go wrong with what a fleet stands on, and how it is made to. */

import type { Cluster } from "../../cluster/cluster.ts";
import { CUT, type FaultProxy, type Weather } from "../../cluster/engines/fault_proxy.ts";
import { type SmallDisk, smallDisk } from "../../cluster/engines/small_disk.ts";
import type { ENGINES } from "../../cluster/ways.ts";

/** One thing that goes wrong, and what is promised of it. */
export interface Fault {
  readonly name: string;
  /** The check of `/ready` that names it; null where a fleet goes on as if nothing were. */
  readonly check: "database" | "assets" | "redis" | null;
  /** What is answered meanwhile to a request that needs it; null where it does not matter to requests. */
  readonly refuses: "generate" | "uploadMask" | null;
  /** Whether such a request may wait, for half a minute, and be answered where all is well by then. */
  readonly waits?: boolean;
  begin(place: Place): void | Promise<void>;
  end(place: Place): void | Promise<void>;
}

/** Where it goes wrong. */
export interface Place {
  readonly cluster: Cluster;
  /** PostgreSQL's; null where disks cannot be mounted. */
  readonly disk: SmallDisk | null;
}

type Engine = typeof ENGINES[number];

const CHECKS = { postgres: "database", redis: "redis", s3: "assets" } as const;

const NAMES = { postgres: "PostgreSQL", redis: "Redis", s3: "S3 store" } as const;

/** What a request needs: mutations the database, uploads the object store, and nothing needs Redis. */
const REFUSES = { postgres: "generate", redis: null, s3: "uploadMask" } as const;

function waysTo(engine: Engine, { cluster }: Place): readonly FaultProxy[] {
  return [...cluster.ways.values()].map((ways) => ways[engine]);
}

function about(engine: Engine) {
  return { check: CHECKS[engine], refuses: REFUSES[engine] };
}

/** It has ended: connections are refused. */
const stopped = (engine: Engine): Fault => ({
  ...about(engine),
  name: `${NAMES[engine]} stopped`,
  begin: ({ cluster }) => cluster[engine].stop(),
  end: ({ cluster }) => cluster[engine].start(),
});

/** Nothing comes through: who asks waits. */
const silent = (engine: Engine): Fault => ({
  ...about(engine),
  name: `${NAMES[engine]} silent`,
  waits: true,
  begin: (place) => waysTo(engine, place).forEach((way) => way.set(CUT)),
  end: (place) => waysTo(engine, place).forEach((way) => way.set()),
});

const weather = (name: string, weather: Weather): Fault => ({
  name,
  check: null,
  refuses: null,
  begin: (place) => everyWay(place).forEach((way) => way.set(weather)),
  end: (place) => everyWay(place).forEach((way) => way.set()),
});

/** Connections are gone, and nobody is told: what is asked on them is never answered. New ones are well. */
const forgotten: Fault = {
  name: "all connections half-open",
  check: null,
  refuses: null,
  begin: (place) => everyWay(place).forEach((way) => way.forget()),
  end: () => {},
};

/** What a worker says arrives, and it hears nothing. */
const deaf: Fault = {
  name: "a worker hears nothing",
  check: null,
  refuses: null,
  begin: ({ cluster }) => waysOf("worker-1", cluster).forEach((way) => way.set({ silent: ["back"] })),
  end: ({ cluster }) => waysOf("worker-1", cluster).forEach((way) => way.set()),
};

/** Neither written nor logged any more; PostgreSQL itself ends where its log does not fit, and is started again. */
const databaseFull: Fault = {
  name: "PostgreSQL's disk full",
  check: "database",
  refuses: "generate",
  begin: ({ disk }) => disk?.fill(),
  end: async ({ disk, cluster }) => {
    disk?.clear();
    await cluster.postgres.stop();
    await cluster.postgres.start();
  },
};

/** Of servers and workers: nothing is kept there. */
function foldersFull(): Fault {
  let disks: SmallDisk[] = [];
  return {
    name: "disks of servers and workers full",
    check: null,
    refuses: null,
    begin: ({ cluster }) => {
      disks = [...cluster.servers, ...cluster.workers].map(({ name }) => smallDisk(1, `${cluster.folder}/${name}`));
      for (const disk of disks) disk.fill();
    },
    end: () => disks.forEach((disk) => disk[Symbol.dispose]()),
  };
}

function everyWay({ cluster }: Place): readonly FaultProxy[] {
  return [...cluster.ways.values()].flatMap(({ postgres, redis, s3 }) => [postgres, redis, s3]);
}

function waysOf(name: string, { ways }: Cluster): readonly FaultProxy[] {
  const { postgres, redis, s3 } = ways.get(name) ?? {};
  return [postgres, redis, s3].filter((way) => way !== undefined);
}

/**
 * All of them, in the order in which they come.
 * @param disks Whether disks can be mounted.
 */
export function allFaults(disks: boolean): readonly Fault[] {
  const engines = ["redis", "postgres", "s3"] as const;
  return [
    ...engines.flatMap((engine) => [stopped(engine), silent(engine)]),
    weather("300 ms of latency, 5 % of connections reset", { latencyMs: 150, resets: 0.05 }),
    forgotten,
    deaf,
    ...disks ? [foldersFull(), databaseFull] : [],
  ];
}
