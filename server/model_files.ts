/** Serving the files of models, for clients that compute by themselves. */

import { join } from "node:path";
import { AuthenticationError } from "../access/authenticator.ts";
import { type Caller, hasScope } from "../access/caller.ts";
import type { ModelCatalog } from "../compute/model/catalog.ts";
import { refuseWriting } from "./only_reads.ts";
import { unidentified } from "./unidentified.ts";
import { readModelFileUrl } from "./urls.ts";

/**
 * The answer to a request for a model's file; undefined if the path is none's. What is served is what `Model.files`
 * lists, as it was when it was hashed: a file that has changed since is not there under its old address.
 * @param identify Tells who asks; throws {@link AuthenticationError} if nobody knows.
 */
export async function serveModelFile(
  request: Request,
  pathname: string,
  catalog: Pick<ModelCatalog, "folder" | "files">,
  identify: () => Promise<Caller>,
): Promise<Response | undefined> {
  const address = readModelFileUrl(pathname);
  if (address === undefined) return undefined;
  const refused = refuseWriting(request);
  if (refused !== undefined) return refused;
  try {
    const caller = await identify();
    const { model, path, sha256 } = address;
    const listed = (await catalog.files(model)).find((file) => file.path === path && file.sha256 === sha256);
    if (listed === undefined || !hasScope(caller, "read")) return new Response("Not found", { status: 404 });
    const place = join(catalog.folder, model, path);
    const body = request.method === "HEAD" ? null : (await Deno.open(place)).readable;
    return new Response(body, {
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(listed.bytes),
        "cache-control": `${caller.owner === null ? "public" : "private"}, max-age=31536000, immutable`,
      },
    });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Response("Not found", { status: 404 });
    if (!(error instanceof AuthenticationError)) throw error;
    return unidentified(error);
  }
}
