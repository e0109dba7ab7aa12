/** Copies of a data folder, made while a server works on it, and what is wrong with one. */

import { copyFile, mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { assetKey } from "../assets/asset_store.ts";
import { lockFolder } from "./folder_lock.ts";
import { ASSETS, DATABASE } from "./open.ts";

/** A copy that cannot be made. */
export class BackupError extends Error {
  override readonly name = "BackupError";
  readonly code = "BACKUP";
}

/** What a data folder, or a copy of one, holds. */
export interface Verdict {
  /** What is wrong, in words; empty for a sound folder. */
  readonly problems: readonly string[];
  readonly generations: number;
  /** Files. */
  readonly assets: number;
}

/**
 * Copies a data folder as it is at one moment, also while a server works on it.
 * @param target A folder that is empty or not there.
 * @throws {BackupError} if there is nothing to copy, or something at the target.
 */
export async function backUp(dataFolder: string, target: string): Promise<Verdict> {
  await requireDatabase(dataFolder);
  await requireEmpty(target);
  // Files never change, so each may be copied at any time. Those that the database names at its moment are there before
  // it, and copied then, or come just before it, and are copied after: none goes away within so short a time, since a
  // file goes only after what used it.
  await copyAssets(dataFolder, target);
  const source = new DatabaseSync(join(dataFolder, DATABASE), { readOnly: true });
  try {
    await backup(source, join(target, DATABASE)); // SQLite's online backup: https://www.sqlite.org/backup.html
  } finally {
    source.close();
  }
  await copyAssets(dataFolder, target);
  return await verify(target);
}

/**
 * Makes a data folder of a copy.
 * @param dataFolder A folder that is empty or not there, and that no server uses.
 * @throws {BackupError} if the copy is not sound, or if something is in the data folder.
 * @throws {DataFolderInUseError}
 */
export async function restore(source: string, dataFolder: string): Promise<Verdict> {
  await requireDatabase(source);
  const { problems: [problem] } = await verify(source);
  if (problem !== undefined) throw new BackupError(`Cannot restore "${source}": ${problem}`);
  await requireEmpty(dataFolder);
  using _lock = await lockFolder(dataFolder);
  await copyAssets(source, dataFolder);
  await copyFile(join(source, DATABASE), join(dataFolder, DATABASE));
  return await verify(dataFolder);
}

/**
 * Looks for damage: the database's own check, references that lead nowhere, and files that are missing or changed.
 * Files that nothing names are no damage.
 */
export async function verify(folder: string): Promise<Verdict> {
  await requireDatabase(folder);
  const db = new DatabaseSync(join(folder, DATABASE), { readOnly: true });
  try {
    const problems = db.prepare("PRAGMA integrity_check").all().map((row) => String(row["integrity_check"]))
      .filter((line) => line !== "ok").map((line) => `the database: ${line}`);
    for (const { table } of db.prepare("PRAGMA foreign_key_check").all()) {
      problems.push(`the database: a row of ${table} refers to one that is missing`);
    }
    const named = db.prepare("SELECT asset FROM asset_uses WHERE use <> 'LAYOUT' UNION SELECT asset FROM uploads")
      .all();
    let assets = 0;
    for (const { asset } of named) {
      const problem = await assetProblem(folder, String(asset));
      if (problem === undefined) assets++;
      else problems.push(problem);
    }
    const { generations } = db.prepare("SELECT count(*) AS generations FROM generations").get() ?? {};
    return { problems, generations: Number(generations), assets };
  } finally {
    db.close();
  }
}

async function assetProblem(folder: string, asset: string): Promise<string | undefined> {
  try {
    const bytes = await Deno.readFile(join(folder, ASSETS, asset));
    return assetKey(bytes) === asset ? undefined : `the file ${asset} was changed`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `the file ${asset} is missing`;
    throw error;
  }
}

/** Copies the files that the target does not have. */
async function copyAssets(from: string, to: string): Promise<void> {
  await mkdir(join(to, ASSETS), { recursive: true });
  const there = new Set(await readdir(join(to, ASSETS)));
  for (const entry of await readdir(join(from, ASSETS), { withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile() || there.has(entry.name)) continue;
    await copyFile(join(from, ASSETS, entry.name), join(to, ASSETS, entry.name)).catch((error) => {
      if (error.code !== "ENOENT") throw error; // it has just gone
    });
  }
}

async function requireDatabase(folder: string): Promise<void> {
  const there = await stat(join(folder, DATABASE)).catch(() => null);
  if (there === null) throw new BackupError(`Cannot read "${folder}": it holds no ${DATABASE}`);
}

async function requireEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [entry] = await readdir(folder);
  if (entry !== undefined) {
    throw new BackupError(`Cannot write into "${folder}": it must be empty, and holds "${entry}"`);
  }
}
