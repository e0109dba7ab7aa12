/** What CLIP's text encoders have in common, whichever family they serve. */

import { z } from "zod";
import { joinWidths } from "../model/join_states.ts";
import type { EncoderShare, JoinedShares, TextEncoderConfig } from "./family.ts";

const positive = z.int().positive();

/** `config.json` of transformers' `CLIPTextModel` and `CLIPTextModelWithProjection`. */
export const CLIP_CONFIG: z.ZodType<TextEncoderConfig> = z.looseObject({
  hidden_size: positive,
  num_hidden_layers: positive,
  max_position_embeddings: positive,
  intermediate_size: positive.optional(),
  projection_dim: positive.optional(),
});

/** The width of contexts in which the encoders' states stand side by side. */
export function summedWidth(encoders: readonly TextEncoderConfig[]): number {
  return encoders.reduce((sum, { hidden_size }) => sum + hidden_size, 0);
}

/** States side by side; the pooled embedding of the first encoder that gives one. */
export function sideBySide(shares: readonly EncoderShare[]): JoinedShares {
  const pooled = shares.map((share) => share.pooled).find((embedding) => embedding !== null) ?? null;
  return { context: joinWidths(shares.map(({ state }) => state)), pooled };
}
