/** Layouts as the server keeps them: what is as by default is left out, and cells are named. */

import type { GeometryInput, LayoutInput, RegionInput } from "../api/generated.ts";

type Fields = Readonly<Record<string, unknown>>;

const LAYOUT_DEFAULTS: Fields = {
  basePrompt: "",
  commonNegativePrompt: "",
  commonPlacement: "PREFIX",
  commonPrompt: "",
  emphasis: "NO_NORM",
  holes: "BASE",
  negativePrompt: "",
  overlap: "NORMALIZE",
  promptSyntax: "WEIGHTED",
};

const REGION_DEFAULTS: Fields = {
  baseRatio: 0,
  enabled: true,
  end: 1,
  feather: 0,
  start: 0,
  style: "",
  weight: 1,
  z: 0,
};

/** The layout with names for all regions and a place for each that takes the grid's next free cell. */
export function spelledOut(layout: LayoutInput): Fields & { readonly regions: readonly RegionInput[] } {
  const { regions, ...fields } = layout;
  const list = regions ?? [];
  const claimed = new Set(list.flatMap(({ geometry }) => cellsOf(geometry)));
  let next = 0;
  const cell = () => {
    while (claimed.has(next)) next++;
    return next++;
  };
  return {
    ...plain(fields, LAYOUT_DEFAULTS),
    regions: list.map((region, i) => ({
      ...plain({ ...region }, REGION_DEFAULTS),
      name: region.name ?? `region ${i + 1}`,
      prompt: region.prompt,
      geometry: region.geometry ?? { cell: cell() },
    })),
  };
}

/** Without what is null, empty as a list, or as by default. */
function plain(fields: Fields, defaults: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) =>
      value !== null && value !== undefined && value !== defaults[name] &&
      !(Array.isArray(value) && value.length === 0)
    ),
  );
}

function cellsOf(geometry: GeometryInput | null | undefined): readonly number[] {
  if (!geometry) return [];
  if (typeof geometry.cell === "number") return [geometry.cell];
  const { from, subtract = [] } = geometry.subtraction ?? {};
  return [...(geometry.union ?? []), ...(from ? [from] : []), ...subtract].flatMap(cellsOf);
}
