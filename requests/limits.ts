/** What this deployment accepts of a request. */

/** Limits that the operator sets. */
export interface RequestLimits {
  readonly maxRegions: number;
  readonly maxSteps: number;
  /** Pictures of one generation. */
  readonly maxPictures: number;
  /** Longest edge of a picture in pixels. */
  readonly maxEdge: number;
  /** Longest prompt in characters, the common prompt included. */
  readonly maxPromptLength: number;
  /** Size of an uploaded file. */
  readonly maxUploadBytes: number;
}

/** The limits of a server that sets none. */
export const DEFAULT_LIMITS: RequestLimits = {
  maxRegions: 32,
  maxSteps: 150,
  maxPictures: 16,
  maxEdge: 2048,
  maxPromptLength: 10_000,
  maxUploadBytes: 8 * 2 ** 20,
};
