/** The caller's generations, the latest first, page by page. */

import { computed, effect, signal } from "@preact/signals";
import { client } from "../api/client.ts";
import {
  DeleteGenerationDocument,
  type GenerationFieldsFragment,
  GenerationsDocument,
  type GenerationStatus,
} from "../api/generated.ts";
import { key } from "../api/key.ts";
import { forgetJob } from "../paint/kept_job.ts";
import { job, shown } from "../paint/job.ts";
import { refusalOf, refusalOfFailure } from "../paint/refusal.ts";
import { merged } from "./merged.ts";

const PAGE = 50;

/** Only those that stand here; null for all. */
export const status = signal<GenerationStatus | null>(null);

/** Why they could not be read, or deleted; null while nothing is wrong. */
export const failure = signal<string | null>(null);

const loaded = signal<readonly GenerationFieldsFragment[]>([]);
const cursor = signal<string | null>(null);
/** Whether there are more on the server. */
export const more = signal(false);
/** Whether a page is on its way, or none has come yet. */
export const loading = signal(true);

/** Those that are here; the job as its events tell it. */
export const generations = computed(() =>
  loaded.value.map((generation) => generation.id === job.value?.id ? job.value : generation)
);

let turn = 0;

/** Reads the first page: what is new comes before what is here. */
export async function refresh(): Promise<void> {
  await read(null);
}

let urlsAt = 0;

/** Reads them again where a picture's address has ended, which servers that ask for keys sign for a while. */
export function refreshUrls(): void {
  if (Date.now() - urlsAt < 60_000) return;
  urlsAt = Date.now();
  void refresh();
}

/** Reads the next page. */
export async function readOn(): Promise<void> {
  if (!loading.value && more.value) await read(cursor.value);
}

async function read(after: string | null): Promise<void> {
  const mine = ++turn;
  loading.value = true;
  const { data, error } = await client.query(GenerationsDocument, { after, first: PAGE, status: status.value })
    .toPromise();
  if (mine !== turn) return;
  loading.value = false;
  failure.value = error === undefined ? null : refusalOfFailure(error, 0).message;
  if (!data) return;
  const { edges, pageInfo } = data.generations;
  const page = edges.map(({ node }) => node);
  const known = after === null ? merged(page, loaded.value) : [...loaded.value, ...page];
  // What was read further back before stays, and so does where it ended.
  const reset = after !== null || known.length === page.length;
  loaded.value = known;
  if (!reset) return;
  cursor.value = pageInfo.endCursor;
  more.value = pageInfo.hasNextPage;
}

/** Deletes a finished generation with its picture. */
export async function remove(id: string): Promise<void> {
  const { data, error } = await client.mutation(DeleteGenerationDocument, { id }).toPromise();
  const answer = data?.deleteGeneration;
  if (answer?.__typename === "DeleteGenerationPayload" || answer?.__typename === "NotFoundError") {
    failure.value = null;
    loaded.value = loaded.value.filter((generation) => generation.id !== id);
    if (job.value?.id !== id) return;
    forgetJob();
    job.value = null;
    shown.value = null;
  } else if (answer !== undefined) failure.value = refusalOf(answer).message;
  else if (error !== undefined) failure.value = refusalOfFailure(error, 0).message;
}

/** Shows only those that stand somewhere. */
export function filter(only: GenerationStatus | null): void {
  status.value = only;
  loaded.value = [];
  more.value = false;
  void refresh();
}

/** Keeps the list up to date: with every new job, with its end, and with another key. */
export function watch(): () => void {
  return effect(() => {
    void key.value;
    void news.value;
    void refresh();
  });
}

const news = computed(() => `${job.value?.id} ${job.value?.status}`);
