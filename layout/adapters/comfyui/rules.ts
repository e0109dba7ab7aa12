/** What the rules of nodes that make texts and numbers are written in. */

import type { ComfyNode } from "./node.ts";

export type Scalar = string | number | boolean;

/** What a node's rule can ask for; whatever is not known ends the evaluation of all that depends on it. */
export interface Arguments {
  readonly node: ComfyNode;
  readonly slot: number;
  /** The names of the inputs, in the order of the file. */
  readonly names: readonly string[];
  /** Without a fallback the input is required. */
  text(name: string, fallback?: string): string;
  number(name: string, fallback?: number): number;
  flag(name: string, fallback: boolean): boolean;
  /** Ends the evaluation: the rule cannot be applied to what stands at the input. */
  refuse(name: string, rule: string): never;
}

/** What a node's output is, from its inputs. */
export type Rule = (args: Arguments) => Scalar;
