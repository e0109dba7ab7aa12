/** Resizing by handles: the regions follow the box that the handles are around. */

import type { Rect } from "konva/lib/shapes/Rect";
import type { Transformer } from "konva/lib/shapes/Transformer";
import type { DraftLayout } from "../draft/draft.ts";
import type { Box } from "../draft/geometry.ts";
import { draft, selection } from "../draft/store.ts";
import { boxAround, carryBox } from "./carry.ts";
import { drop } from "./drag.ts";
import { linesOf, snapResize } from "./snap.ts";
import { otherBoxes } from "./other_boxes.ts";
import { dragged, guides } from "./tool.ts";
import { frame } from "./view.ts";

/** How near an edge snaps to a line, in CSS pixels. */
export const NEAR = 7;

/** The smallest edge of a region, in CSS pixels. */
const LEAST = 4;

/** Lets a box's handles resize the selected regions. Returns what ends it. */
export function followFrame(box: Rect, handles: Transformer): () => void {
  let began: { readonly layout: DraftLayout; readonly from: Box } | null = null;
  let snaps = true;
  const readKeys = (event: KeyboardEvent | MouseEvent) => snaps = !(event.altKey || event.ctrlKey);
  const name = ".resize";

  handles.boundBoxFunc((before, after) => {
    if (after.width < LEAST || after.height < LEAST) return before;
    const wanted = snaps && began !== null
      ? snapResize(
        began.from,
        inFractions(after),
        linesOf(otherBoxes()),
        { x: NEAR / frame.peek().width, y: NEAR / frame.peek().height },
      )
      : { box: within(inFractions(after)), on: { x: [], y: [] } };
    guides.value = wanted.on;
    return { ...inPixels(wanted.box), rotation: 0 };
  });
  box.on(`transformstart${name}`, () => {
    const layout = draft.peek().layout;
    const from = boxAround(layout, selection.peek());
    began = from && { layout, from };
  });
  box.on(`transform${name}`, () => {
    if (began === null) return;
    const to = within(inFractions({
      x: box.x(),
      y: box.y(),
      width: box.width() * box.scaleX(),
      height: box.height() * box.scaleY(),
    }));
    dragged.value = carryBox(began.layout, selection.peek(), began.from, to);
  });
  box.on(`transformend${name}`, () => {
    began = null;
    drop();
  });
  addEventListener("pointermove", readKeys, { capture: true });
  addEventListener("keydown", readKeys);
  addEventListener("keyup", readKeys);
  return () => {
    removeEventListener("pointermove", readKeys, { capture: true });
    removeEventListener("keydown", readKeys);
    removeEventListener("keyup", readKeys);
  };
}

function inFractions({ x, y, width, height }: Box): Box {
  const picture = frame.peek();
  return {
    x: (x - picture.x) / picture.width,
    y: (y - picture.y) / picture.height,
    width: width / picture.width,
    height: height / picture.height,
  };
}

function inPixels({ x, y, width, height }: Box): Box {
  const picture = frame.peek();
  return {
    x: picture.x + x * picture.width,
    y: picture.y + y * picture.height,
    width: width * picture.width,
    height: height * picture.height,
  };
}

/** The part of a box that is on the canvas. */
function within({ x, y, width, height }: Box): Box {
  const left = Math.max(0, x), top = Math.max(0, y);
  return { x: left, y: top, width: Math.min(1, x + width) - left, height: Math.min(1, y + height) - top };
}
