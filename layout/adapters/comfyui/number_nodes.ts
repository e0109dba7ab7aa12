/** Nodes that make numbers: ComfyUI's primitives, KJNodes, Comfyroll, and expressions of pysssss and essentials. */

import { evaluateArithmetic } from "./arithmetic.ts";
import type { Arguments, Rule } from "./rules.ts";

export const NUMBER_NODES: ReadonlyMap<string, Rule> = new Map(Object.entries<Rule>({
  // The editor's own primitive holds whatever kind its target has.
  "PrimitiveNode": ({ node, text, number }) => {
    const input = node.inputs.get("value");
    return input !== undefined && "value" in input && typeof input.value === "number" ? number("value") : text("value");
  },
  "PrimitiveInt": ({ number }) => number("value"),
  "PrimitiveFloat": ({ number }) => number("value"),
  "PrimitiveBoolean": ({ flag }) => flag("value", false),
  "INTConstant": ({ number }) => number("value"),
  "FloatConstant": ({ number }) => number("value"),
  "Int": ({ number }) => number("value"),
  "Float": ({ number }) => number("value"),
  "Int Literal": ({ number }) => number("int"),
  "Float Literal": ({ number }) => number("float"),
  "easy int": ({ number }) => number("value"),
  "easy float": ({ number }) => number("value"),
  "Primitive integer [Crystools]": ({ number }) => number("int"),
  "Primitive float [Crystools]": ({ number }) => number("float"),
  "Seed (rgthree)": ({ number }) => number("seed"),
  "CR Seed": ({ number }) => number("seed"),
  "easy seed": ({ number }) => number("seed"),
  "CR Value": ({ number, slot }) => slot === 1 ? Math.trunc(number("value")) : number("value"),
  "CR Integer Multiple": ({ number }) => Math.trunc(number("integer") * number("multiple", 8)),
  "SimpleMath+": (args) => expression(args, "value", args.slot === 0),
  "MathExpression|pysssss": (args) => expression(args, "expression", args.slot === 0),
}));

/** An expression of the inputs a, b, c and d; the first output is a whole number. */
function expression(args: Arguments, name: string, whole: boolean): number {
  const source = args.text(name);
  const variables = new Map([...new Set(source.match(/\b[a-d]\b/g))].map((input) => [input, args.number(input)]));
  const value = evaluateArithmetic(source, variables);
  if (value === undefined) return args.refuse(name, "must be an expression of numbers and the inputs a, b, c and d");
  return whole ? Math.round(value) : value;
}
