/** What goes wrong: processes are killed one after another, Redis restarts, PostgreSQL is away for a while. */

import type { Cluster } from "../cluster/cluster.ts";
import type { Member } from "../cluster/member.ts";

/** When what happens, in seconds from the start. */
export interface Plan {
  /** How long it goes on. */
  readonly seconds: number;
  /** Between two kills. */
  readonly killEvery: number;
  readonly redisAt: number;
  readonly postgresAt: number;
  readonly postgresAway: number;
}

/** How often something happened. */
export interface Disturbances {
  readonly kills: Readonly<Record<string, number>>;
  readonly redisRestarts: number;
  /** Seconds. */
  readonly postgresAway: number;
}

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Carries out a plan; when it is over, everything runs again. */
export async function disturb(cluster: Cluster, plan: Plan, tell: (line: string) => void): Promise<Disturbances> {
  const members = [...cluster.servers, ...cluster.workers];
  const kills = Object.fromEntries(members.map(({ name }) => [name, 0]));
  const starting = new Set<Promise<void>>();
  const killing = async () => {
    const end = performance.now() + plan.seconds * 1000;
    for (;;) {
      await pause(plan.killEvery);
      if (performance.now() >= end) break;
      const running = members.filter((member) => member.running);
      const victim = running[Math.floor(Math.random() * running.length)];
      if (victim === undefined) continue;
      tell(`kills ${victim.name}`);
      await victim.kill();
      kills[victim.name] = (kills[victim.name] ?? 0) + 1;
      const started = startAgain(victim);
      starting.add(started);
    }
    await Promise.all(starting);
  };
  const redis = async () => {
    await pause(plan.redisAt);
    tell("restarts Redis, which forgets everything");
    await cluster.redis.stop();
    await cluster.redis.start();
  };
  const postgres = async () => {
    await pause(plan.postgresAt);
    tell(`PostgreSQL is away for ${plan.postgresAway} s`);
    await cluster.postgres.stop();
    await pause(plan.postgresAway);
    await cluster.postgres.start();
    tell("PostgreSQL is there again");
  };
  await Promise.all([killing(), redis(), postgres()]);
  return { kills, redisRestarts: 1, postgresAway: plan.postgresAway };
}

/** As who supervises processes does: again and again, until it stays. It may be killed while it starts. */
async function startAgain(member: Member): Promise<void> {
  for (let tries = 0; tries < 20 && !member.running; tries++) {
    try {
      return await member.start();
    } catch {
      await pause(1); // it was killed, or has waited for the database for too long
    }
  }
}
