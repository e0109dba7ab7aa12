/**
 * `deno task test`: runs every test and ends with one line, `N passed, N failed`. Tests that only call functions come
 * first, beside each other; then two processes share the machine, one folder of tests each, until none is left; what
 * measures comes last, alone. Types are checked by `deno task check`, once, and not by every one of these processes.
 *
 * `deno task test:unit` runs the first of these. With arguments of `deno test`, runs what they say in one process.
 */

import { writeFileSync } from "node:fs";
import { readLanes } from "./lanes.ts";

/** What came of one process. */
interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly ok: boolean;
}

/** @param quiet Whether what it prints waits until it has ended, since another process prints meanwhile. */
async function run(args: readonly string[], { quiet = false } = {}): Promise<Outcome> {
  const report = Deno.makeTempFileSync({ suffix: ".xml" });
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-all", "--frozen", "--no-check", `--junit-path=${report}`, ...args],
    stdout: quiet ? "piped" : "inherit",
    stderr: quiet ? "piped" : "inherit",
  }).spawn();
  const printed = quiet ? await Promise.all([child.stdout.bytes(), child.stderr.bytes()]) : [];
  const { code } = await child.status;
  for (const bytes of printed) writeFileSync(1, bytes);
  const xml = Deno.readTextFileSync(report);
  Deno.removeSync(report);
  const totals = xml.match(/<testsuites [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)"/);
  if (totals === null) return { passed: 0, failed: 1, skipped: 0, ok: false }; // nothing ran: they could not be loaded
  const [tests = 0, failures = 0, errors = 0] = totals.slice(1).map(Number);
  const failed = failures + errors;
  const skipped = xml.match(/<skipped\b/g)?.length ?? 0;
  return { passed: tests - failed - skipped, failed, skipped, ok: code === 0 && failed === 0 };
}

const UNIT = "--unit";

async function runAll(args: readonly string[]): Promise<readonly Outcome[]> {
  const { unit, servers, others, alone } = readLanes();
  const [only, ...more] = args;
  const folders = [...others];
  const runFolders = async (): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = [];
    for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
      outcomes.push(await run(folder, { quiet: true }));
    }
    return outcomes;
  };
  const runServers = async () => [await run(servers), ...await runFolders()];
  if (only === UNIT) return [await run(["--parallel", ...more, ...unit])];
  if (only !== undefined) return [await run(args)];
  return [
    await run(["--parallel", ...unit]),
    ...(await Promise.all([runServers(), runFolders()])).flat(),
    await run(alone),
  ];
}

const outcomes = await runAll(Deno.args);
const sum = (part: "passed" | "failed" | "skipped") => outcomes.reduce((all, outcome) => all + outcome[part], 0);
const [passed, failed, skipped] = [sum("passed"), sum("failed"), sum("skipped")];
console.log(`${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`);
Deno.exit(passed > 0 && outcomes.every(({ ok }) => ok) ? 0 : 1);
