/** When a picture is expected. */

import type { Generation } from "../../jobs/generation.ts";
import type { Services } from "../services.ts";

/** Milliseconds until the picture is expected; null where nobody knows. */
export async function etaMs(
  { id, status, etaMs }: Pick<Generation, "id" | "status" | "etaMs">,
  { forecast }: Pick<Services, "forecast">,
): Promise<number | null> {
  return status === "QUEUED" ? await forecast.endMs(id) : etaMs;
}
