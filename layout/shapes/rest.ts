/** The rest: what the other regions leave. It is no shape, since it takes the others to know it. */

import type { GeometryKind } from "./kind.ts";

/** What no other active region covers, borders included; at most one region is the rest. */
export interface Rest {
  readonly kind: "REST";
}

export const REST: GeometryKind<Rest, true> = {
  kind: "REST",
  field: "rest",
  input: {
    description:
      "True: what no other region covers. For one region of a layout, and not inside of a union or subtraction.",
    type: "Boolean",
    keywords: { const: true },
  },
  output: {
    name: "RestGeometry",
    description: "What no other region covers.",
    fields: {
      rest: { type: "Boolean", description: "Always true, as in the input.", value: () => true },
    },
  },

  resolve(value, path, { problems, nested }) {
    if (value !== true) {
      problems.add("INVALID_GEOMETRY", path, value, "must be true where it is set");
      return undefined;
    }
    if (nested) {
      const rule = "must be a region's whole geometry, not a part of a union or subtraction";
      problems.add("INVALID_GEOMETRY", path, value, rule);
      return undefined;
    }
    return { kind: "REST" };
  },

  spec: () => true,
};
