/** The drawn part of the canvas: three Konva layers that follow the page's signals. */

import { computed, effect } from "@preact/signals";
import { Image as Picture } from "konva/lib/shapes/Image";
import { Layer } from "konva/lib/Layer";
import { Rect } from "konva/lib/shapes/Rect";
import { Shape } from "konva/lib/Shape";
import { Stage } from "konva/lib/Stage";
import { Transformer } from "konva/lib/shapes/Transformer";
import { authorization } from "../api/key.ts";
import type { Point } from "../draft/geometry.ts";
import { selection } from "../draft/store.ts";
import { report } from "../dry_run/dry_run.ts";
import { shown } from "../paint/job.ts";
import { boxAround } from "./carry.ts";
import { drawMarks, followMarks } from "./draw_marks.ts";
import { drawRegions } from "./draw_regions.ts";
import { foundPlaces } from "./found.ts";
import { masksLoaded } from "./mask_images.ts";
import { followFrame } from "./resize.ts";
import { dragged, outlines, seenPlaces, tool } from "./tool.ts";
import { frame, room } from "./view.ts";
import { within } from "./within.ts";

/** Overlaps of less than this share of the canvas are rounding. */
const SHARED = 1e-4;

/** More pairs than these are not drawn: they would hide everything else. */
const PAIRS = 48;

const overlaps = computed(() => {
  const { layout } = seenPlaces.value;
  const matrix = report.value?.overlaps ?? [];
  if (dragged.value !== null || layout.overlap === "Z_ORDER" || matrix.length !== layout.regions.length) return [];
  const pairs = matrix.flatMap((row, i) => row.flatMap((share, j) => j > i && share > SHARED ? [[i, j] as const] : []));
  return pairs.length > PAIRS ? [] : pairs;
});

/** What the handles are around: the box of the selected regions; null if they have none, or cannot be moved. */
const handled = computed(() => {
  void masksLoaded.value;
  return boxAround(seenPlaces.value.layout, selection.value);
});

/** The stage, as far as gestures need it. */
export interface Drawn {
  /** Whether a handle is at a point of the room, in CSS pixels. */
  readonly handleAt: (point: Point) => boolean;
  readonly close: () => void;
}

/** Draws into an element for as long as it is not closed. */
export function drawInto(container: HTMLDivElement): Drawn {
  const stage = new Stage({ container, width: 1, height: 1 });
  const below = new Layer({ listening: false }), regions = new Layer({ listening: false }), above = new Layer();
  stage.add(below, regions, above);

  const picture = new Picture({ image: undefined, listening: false });
  const paper = new Rect({ fill: "#f2f2ef", stroke: "#8a8d91", strokeWidth: 1 });
  below.add(paper, picture);
  regions.add(
    new Shape({
      sceneFunc: ({ _context }) => {
        if (!outlines.peek() && selection.peek().length === 0) return;
        const { x, y, width, height } = frame.peek();
        _context.save();
        _context.translate(x, y);
        const everything = foundPlaces.peek();
        drawRegions(_context as CanvasRenderingContext2D, {
          ...everything,
          order: outlines.peek()
            ? everything.order
            : everything.order.filter((i) => selection.peek().includes(everything.layout.regions[i]?.key ?? "")),
          selected: new Set(selection.peek()),
          overPicture: shown.peek() !== null,
          overlaps: outlines.peek() ? overlaps.peek() : [],
          size: { width, height },
          pixelRatio: regions.getCanvas().getPixelRatio(),
        });
        _context.restore();
      },
    }),
  );
  above.add(
    new Shape({
      listening: false,
      sceneFunc: ({ _context }) => drawMarks(_context as CanvasRenderingContext2D),
    }),
  );
  const coarse = matchMedia("(pointer: coarse)").matches;
  const selectedBox = new Rect({ listening: false });
  const handles = new Transformer({
    nodes: [selectedBox],
    rotateEnabled: false,
    keepRatio: false,
    flipEnabled: false,
    ignoreStroke: true,
    anchorSize: coarse ? 18 : 10,
    anchorCornerRadius: coarse ? 9 : 2,
    anchorStroke: "#1b1d1f",
    anchorFill: "#ffffff",
    borderStroke: "#1b1d1f",
    borderDash: [4, 4],
    anchorStyleFunc: (anchor) => anchor.hitStrokeWidth(coarse ? 20 : 12),
  });
  above.add(selectedBox, handles);
  const stopResizing = followFrame(selectedBox, handles);

  const effects = [
    effect(() => void stage.size(room.value)),
    effect(() => {
      paper.setAttrs(frame.value);
      picture.setAttrs({ ...within(frame.value, shown.value), image: picture.image() });
      paper.visible(true); // where a picture of another shape leaves some of it
      below.batchDraw();
    }),
    effect(() => void loadPicture(shown.value?.url ?? null, picture, below)),
    effect(() => {
      void [foundPlaces.value, frame.value, room.value, selection.value, outlines.value, shown.value, overlaps.value];
      void masksLoaded.value;
      regions.batchDraw();
    }),
    effect(() => {
      const box = tool.value === "select" ? handled.value : null;
      const { x, y, width, height } = frame.value;
      handles.visible(box !== null);
      if (box !== null && !handles.isTransforming()) {
        selectedBox.setAttrs({
          x: x + box.x * width,
          y: y + box.y * height,
          width: box.width * width,
          height: box.height * height,
          scaleX: 1,
          scaleY: 1,
        });
        handles.enabledAnchors(handlesFor(box.width * width, box.height * height, coarse));
        handles.forceUpdate();
      }
      above.batchDraw();
    }),
    effect(() => {
      followMarks();
      above.batchDraw();
    }),
  ];
  return {
    handleAt: (point) => handles.visible() && !!above.getIntersection(point)?.name().endsWith("_anchor"),
    close: () => {
      stopResizing();
      for (const stop of effects) stop();
      stage.destroy();
    },
  };
}

const CORNERS = ["top-left", "top-right", "bottom-left", "bottom-right"];

/** Small boxes have no handles in the middle of their edges, so that there is a place to take them at. */
function handlesFor(width: number, height: number, coarse: boolean): string[] {
  const room = coarse ? 130 : 48;
  return [
    ...CORNERS,
    ...(width < room ? [] : ["top-center", "bottom-center"]),
    ...(height < room ? [] : ["middle-left", "middle-right"]),
  ];
}

/** Shows a picture once it is there; until then the one before it stays. */
async function loadPicture(url: string | null, picture: Picture, layer: Layer): Promise<void> {
  wanted = url;
  if (url === null) picture.image(undefined);
  else {
    try {
      const response = await fetch(url, { headers: url.startsWith("/") ? authorization() : {} });
      const image = await createImageBitmap(await response.blob());
      if (wanted !== url) return image.close();
      const before = picture.image();
      picture.image(image);
      if (before instanceof ImageBitmap) before.close();
    } catch {
      return; // what paints it says what went wrong
    }
  }
  layer.batchDraw();
}

let wanted: string | null = null;
