/** What CLIP's text encoders have in common, whichever family they serve. */

import { z } from "zod";
import { joinWidths } from "../model/join_states.ts";
import type { EncoderShare, JoinedShares, TextEncoderConfig, TextEncoderOutputs } from "./family.ts";

const positive = z.int().positive();

/** `config.json` of transformers' `CLIPTextModel` and `CLIPTextModelWithProjection`. */
export const CLIP_CONFIG: z.ZodType<TextEncoderConfig> = z.looseObject({
  hidden_size: positive,
  num_hidden_layers: positive,
  max_position_embeddings: positive,
  intermediate_size: positive.optional(),
  projection_dim: positive.optional(),
});

/** The output behind the norm of the last layer, in exports of either class. */
const LAST_STATE = "last_hidden_state";

/** The last state, normed. */
export function lastState({ num_hidden_layers: layers }: TextEncoderConfig): TextEncoderOutputs {
  return { state: LAST_STATE, pooled: null, layer: layers, normed: { output: LAST_STATE, wanted: true } };
}

/** The state before the last layer, not normed; states are numbered from 0, the embeddings, to the number of layers. */
export function penultimateState({ num_hidden_layers: layers }: TextEncoderConfig): TextEncoderOutputs {
  return {
    state: `hidden_states.${layers - 1}`,
    pooled: null,
    layer: layers - 1,
    normed: { output: LAST_STATE, wanted: false },
  };
}

/** The width of contexts in which the encoders' states stand side by side. */
export function summedWidth(encoders: readonly TextEncoderConfig[]): number {
  return encoders.reduce((sum, { hidden_size }) => sum + hidden_size, 0);
}

/** States side by side; the pooled embedding of the first encoder that gives one. */
export function sideBySide(shares: readonly EncoderShare[]): JoinedShares {
  const pooled = shares.map((share) => share.pooled).find((embedding) => embedding !== null) ?? null;
  return { context: joinWidths(shares.map(({ state }) => state)), pooled };
}
