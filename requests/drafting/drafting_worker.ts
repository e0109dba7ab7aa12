/** The thread that draws layouts before they are painted, and can be ended when one keeps it busy. */

import { expose, transfer } from "comlink";
import { encodeImage } from "../../image/encode.ts";
import { failure, type Outcome } from "../../image/outcome.ts";
import { drawLayout } from "../../layout/picture/picture.ts";
import { drawLayoutSvg } from "../../layout/picture/picture_svg.ts";
import { reportLayout } from "../../layout/report/report.ts";
import { compileWeightMaps } from "../../layout/weights/weight_maps.ts";
import type { DraftingApi } from "./drafting_protocol.ts";

async function outcome<T>(make: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { type: "DONE", value: await make() };
  } catch (error) {
    return failure(error);
  }
}

expose(
  {
    check: ({ layout, size, images }, paints) =>
      outcome(() => {
        for (const active of paints) compileWeightMaps(layout, size, { active, images });
        return null;
      }),
    report: ({ layout, size, images }, levels, steps) =>
      outcome(() => reportLayout(layout, size, { levels, steps, images })),
    svg: ({ layout, size: { width, height }, images }) => outcome(() => drawLayoutSvg(layout, width, height, images)),
    picture: async ({ layout, size: { width, height }, images }, format) => {
      const file = await outcome(() => {
        const { buffer } = drawLayout(layout, width, height, images);
        return encodeImage({ width, height, channels: 4, data: new Uint8Array(buffer) }, format);
      });
      return file.type === "DONE" ? transfer(file, [file.value.buffer]) : file;
    },
  } satisfies DraftingApi,
);
