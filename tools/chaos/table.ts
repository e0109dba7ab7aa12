/** What came of it, as a table in Markdown. */

import type { ChaosReport } from "./chaos.ts";

/** A table of what happened, and of what became of the jobs. */
export function tableOf({ jobs, disturbances, rolled, seconds, faults }: ChaosReport): string {
  const { kills, redisRestarts, postgresAway } = disturbances;
  const killed = Object.entries(kills).map(([name, count]) => `${name} ${count}`).join(", ");
  const statuses = [...Map.groupBy(jobs, ({ ended }) => ended.status)].map(([status, of]) => `${of.length} ${status}`);
  const attempts = [...Map.groupBy(jobs, ({ ended }) => ended.attempts)].sort(([a], [b]) => a - b)
    .map(([count, of]) => `${of.length} in ${count}`);
  const sum = (count: (job: ChaosReport["jobs"][number]) => number) => jobs.reduce((all, job) => all + count(job), 0);
  const rows = [
    ["processes killed", killed],
    ["Redis restarted, empty", `${redisRestarts}`],
    ["PostgreSQL away", `${postgresAway} s`],
    ["jobs ended", `${statuses.sort().join(", ")}, within ${seconds.toFixed(0)} s`],
    ["attempts", attempts.join(", ")],
    ["events in the logs", `${sum(({ log }) => log.length)}`],
    [
      "seen live",
      `all but ${sum(({ log, live }) => log.length - live.sequences.length)} previews, over ${
        sum(({ live }) => live.reconnects)
      } reconnections`,
    ],
    ["pictures equal to the undisturbed", `${jobs.filter(({ ended }) => ended.sha256 !== null).length}`],
    [
      "rolling restart",
      `${rolled.subscribers} subscribers, ${rolled.reconnected} of them reconnected; ${rolled.events} events, ` +
      `all but ${rolled.previewsMissed} previews`,
    ],
    ["faults", `${faults.length}`],
  ];
  return markdownTable([["", ""], ...rows]);
}

/** A table of rows of equal length, the first of which is its head. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
