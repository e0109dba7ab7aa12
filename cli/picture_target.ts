/** Where a painted picture goes: followed until it is there, fetched, written and told. */

import { failed, usage } from "./failure.ts";
import type { FurtherTargets } from "./further_targets.ts";
import type { GraphqlClient } from "./graphql_client.ts";
import type { Output } from "./output.ts";
import type { TargetFile } from "./target_file.ts";
import { watchGeneration } from "./watch_generation.ts";

/** Options that say where a picture goes. */
export interface PictureValues {
  /** A file's path; - for standard output. */
  readonly out?: string | undefined;
  readonly json?: true | undefined;
  readonly detach?: true | undefined;
  readonly server?: string | undefined;
}

/** @throws {CommandFailure} USAGE if the options do not say where the picture goes, or more than one thing. */
export function checkTarget({ out, json, detach, server }: PictureValues): void {
  if (detach && server === undefined) throw usage("--detach needs --server: an own server ends with the command");
  if (detach && out !== undefined) throw usage("--detach waits for no picture: leave --out out");
  if (!detach && out === undefined) throw usage("Where does the picture go? Give --out FILE, or - for standard output");
  if (out === "-" && json) throw usage("--json and --out - both write to standard output");
  if (out === "-" && Deno.stdout.isTerminal()) throw usage("--out - would write the picture's bytes to the terminal");
}

/** What a picture is brought with. */
export interface Delivery {
  readonly client: GraphqlClient;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** As the caller wrote it. */
  readonly out: string | undefined;
  /** The file, unless it goes to standard output. */
  readonly target: TargetFile | undefined;
  /** Where its other pictures go, if it has several. */
  readonly further?: FurtherTargets;
  /** Where previews are kept; undefined for nowhere. */
  readonly previews?: Parameters<typeof watchGeneration>[2]["previews"];
}

/**
 * Follows a generation to its end and writes its picture.
 * @throws {CommandFailure} if it gives none.
 */
export async function deliver(
  id: string,
  { client, output, signal, out, target, further, previews }: Delivery,
): Promise<void> {
  output.progress(`Painting ${id}`);
  const began = performance.now();
  const { generation, ...watched } = await watchGeneration(client, id, { output, signal, previews, cancel: true });
  const seconds = (performance.now() - began) / 1000;
  const { status, error, image, width, height, seed, steps } = generation;
  if (image === null) {
    throw failed(`The generation ended ${status}: ${error?.message ?? "no reason given"}`, error?.code ?? status);
  }
  const picture = await client.picture(image.url);
  if (out === "-") output.bytes(picture);
  target?.write(picture);
  const others = further?.files.length ? await writeFurther(await furtherPictures(id, client), further, client) : [];
  const told = `${width} x ${height}, seed ${seed}, ${steps} steps, ${seconds.toFixed(1)} s`;
  if (out === "-") output.progress(told);
  else output.line(`${out}: ${told}`);
  for (const other of others) output.line(`${other.out}: seed ${other.seed}`);
  output.document({
    id,
    status,
    out,
    width,
    height,
    seed,
    steps,
    mimeType: image.mimeType,
    url: image.url,
    previews: watched.previews,
    seconds,
    ...others.length > 0 && { further: others },
  });
}

const PICTURES = `query Pictures($id: ID!) { generation(id: $id) { pictures { seed image { url } } } }`;

interface Pictures {
  readonly generation: {
    readonly pictures: readonly { readonly seed: number; readonly image: { readonly url: string } }[];
  } | null;
}

/** The pictures of a generation after the first. */
export async function furtherPictures(
  id: string,
  client: GraphqlClient,
): Promise<readonly { readonly seed: number; readonly url: string }[]> {
  const { generation } = await client.request<Pictures>(PICTURES, { id });
  return (generation?.pictures ?? []).slice(1).map(({ seed, image: { url } }) => ({ seed, url }));
}

/** Fetches and writes pictures: where each went, and the seed that paints it alone. */
export async function writeFurther(
  pictures: Awaited<ReturnType<typeof furtherPictures>>,
  { files }: FurtherTargets,
  client: GraphqlClient,
): Promise<readonly { readonly out: string; readonly seed: number; readonly url: string }[]> {
  const written = [];
  for (const [i, { seed, url }] of pictures.entries()) {
    const file = files[i];
    file?.write(await client.picture(url));
    if (file !== undefined) written.push({ out: file.path, seed, url });
  }
  return written;
}
