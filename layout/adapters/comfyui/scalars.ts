/** Texts and numbers of a workflow, worked out through the nodes that make them. */

import type { FieldPath } from "../../../errors.ts";
import type { ComfyNode } from "./node.ts";
import { NUMBER_NODES } from "./number_nodes.ts";
import type { Reading, Source } from "./reading.ts";
import type { Arguments, Scalar } from "./rules.ts";
import { SIZE_PICKERS, sizeAt } from "./sizes.ts";
import { TEXT_NODES } from "./text_nodes.ts";

/** Why a value is not known: where, what stands there, and the rule that it breaks. */
export class Unknown {
  constructor(readonly path: FieldPath, readonly value: unknown, readonly rule: string) {}
}

/** Texts that are made of themselves double in length with each node. */
const MAX_TEXT = 100_000;

/** Works out values; each output once. */
export class Scalars {
  readonly #known = new Map<string, Scalar | Unknown>();

  constructor(private readonly reading: Reading) {}

  /** The value of an input: what stands there, or what comes from its nodes; undefined where it is missing. */
  read(node: ComfyNode, name: string): Scalar | Unknown | undefined {
    const input = this.reading.input(node, name);
    if (input === undefined) return undefined;
    const at = this.reading.at(node, name);
    if (!("link" in input)) {
      const { value } = input;
      if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
      return value === null ? undefined : new Unknown(at, value, "must be a text or a number");
    }
    const source = this.reading.resolve(input.link, at);
    if (source === null) return new Unknown(at, null, "must be connected to a node that is not left out");
    const broken = new Unknown(at, source.node.type, "must not depend on itself");
    return this.reading.once(this.#known, source, at, () => this.#evaluate(source, at), broken);
  }

  /** The same of a setting that may stay unknown: the nodes it comes from are then not read, and will be named. */
  setting(node: ComfyNode, name: string): Scalar | Unknown | undefined {
    const before = new Set(this.#known.keys());
    const value = this.reading.attempt(() => this.read(node, name), (read) => read instanceof Unknown);
    if (!(value instanceof Unknown)) return value;
    for (const key of this.#known.keys()) if (!before.has(key)) this.#known.delete(key);
    return value;
  }

  /** A text; undefined, with a problem, where there is none. */
  text(node: ComfyNode, name: string): string | undefined {
    const value = this.read(node, name);
    if (typeof value === "string") return value;
    if (value instanceof Unknown) this.#refuse(value);
    else this.#note(node, name, value, "must be a text, or be connected to nodes that make one");
    return undefined;
  }

  /** A number; the fallback, with a problem, where there is none. Missing inputs are the fallback if it is a number. */
  number(node: ComfyNode, name: string, fallback?: number): number {
    const value = this.read(node, name);
    if (value === undefined && fallback !== undefined) return fallback;
    const number = numberOf(value);
    if (number !== undefined) return number;
    if (value instanceof Unknown) this.#refuse(value);
    else this.#note(node, name, value, "must be a number, or be connected to nodes that make one", "NOT_A_NUMBER");
    return fallback ?? 0;
  }

  /** The size that a node picks, [width, height] in pixels; undefined, with a problem, where it cannot be worked out. */
  size({ node, slot }: Source): readonly [number, number] | undefined {
    try {
      return SIZE_PICKERS.get(node.type)?.size(this.#arguments(node, slot));
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      this.#refuse(error.unknown);
      return undefined;
    }
  }

  #note(
    node: ComfyNode,
    name: string,
    value: unknown,
    rule: string,
    code: "INVALID_VALUE" | "NOT_A_NUMBER" = "INVALID_VALUE",
  ) {
    this.reading.findings.problem(code, this.reading.at(node, name), value, rule);
  }

  #refuse({ path, value, rule }: Unknown): void {
    this.reading.findings.problem("UNSUPPORTED", path, value, rule);
  }

  #evaluate(source: Source, at: FieldPath): Scalar | Unknown {
    const { node, slot } = source;
    const size = sizeAt(source);
    const rule = TEXT_NODES.get(node.type) ?? NUMBER_NODES.get(node.type);
    if (rule === undefined && size === undefined) {
      return new Unknown(at, node.type, "must be a value, or be connected to nodes whose value can be worked out");
    }
    const args = this.#arguments(node, slot);
    try {
      const value = size === undefined ? rule?.(args) : size(args);
      if (value === undefined) return new Unknown(at, node.type, `must be connected to another output than ${slot}`);
      if (typeof value !== "string" || value.length <= MAX_TEXT) return value;
      return new Unknown(this.reading.at(node), value.length, `must make a text of at most ${MAX_TEXT} characters`);
    } catch (error) {
      if (error instanceof Stop) return error.unknown;
      throw error;
    }
  }

  #arguments(node: ComfyNode, slot: number): Arguments {
    const at = (name: string) => this.reading.at(node, name);
    const value = (name: string, kind: string, missing: boolean): Scalar | undefined => {
      const read = this.read(node, name);
      if (read instanceof Unknown) throw new Stop(read);
      if (read === undefined && !missing) throw new Stop(new Unknown(at(name), undefined, `must be a ${kind}`));
      return read;
    };
    return {
      node,
      slot,
      names: [...node.inputs.keys()],
      text: (name, fallback) => String(value(name, "text", fallback !== undefined) ?? fallback),
      number: (name, fallback) => {
        const read = value(name, "number", fallback !== undefined) ?? fallback, number = numberOf(read);
        if (number === undefined) throw new Stop(new Unknown(at(name), read, "must be a number"));
        return number;
      },
      flag: (name, fallback) => {
        const read = value(name, "flag", true) ?? fallback;
        return read !== false && read !== 0 && read !== "false";
      },
      refuse: (name, rule) => {
        throw new Stop(new Unknown(at(name), value(name, "text", true), rule));
      },
    };
  }
}

/** Carries an unknown value past the rule that asked for it. */
class Stop extends Error {
  constructor(readonly unknown: Unknown) {
    super(unknown.rule);
  }
}

/** Numbers may be written as texts; ComfyUI converts them. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
