/** The canvas: regions drawn, moved and resized, over the picture. */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { BrushSettings } from "./brush_settings.tsx";
import { Dividers } from "./dividers.tsx";
import { followPointers } from "./gestures.ts";
import { Help } from "./help.tsx";
import { onCanvasKey, onCanvasKeyUp, onPageKey } from "./keys.ts";
import { Labels } from "./labels.tsx";
import { sendWaiting } from "./mask_store.ts";
import { drawInto } from "./stage.ts";
import { note, tool } from "./tool.ts";
import { frame, room } from "./view.ts";

export function Canvas(): JSX.Element {
  const surface = useRef<HTMLDivElement>(null);
  const paper = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (surface.current === null || paper.current === null) return;
    const drawn = drawInto(paper.current);
    const leave = followPointers(surface.current, drawn.handleAt);
    const sized = new ResizeObserver(([entry]) => {
      if (entry !== undefined) room.value = { width: entry.contentRect.width, height: entry.contentRect.height };
    });
    sized.observe(surface.current);
    addEventListener("keydown", onPageKey);
    sendWaiting();
    return () => {
      removeEventListener("keydown", onPageKey);
      sized.disconnect();
      leave();
      drawn.close();
    };
  }, []);
  return (
    <section aria-label="Canvas" class="canvas" onKeyDown={onCanvasKey} onKeyUp={onCanvasKeyUp}>
      <div
        ref={surface}
        class={`surface ${tool.value}`}
        role="group"
        tabIndex={0}
        aria-label="Drawing area"
        aria-describedby="canvas-note"
      >
        <div ref={paper} class="paper" aria-hidden="true"></div>
        <Overlay />
        {tool.value === "brush" && <BrushSettings />}
      </div>
      <p id="canvas-note" class="canvas-note" role="status">{note.value}</p>
      <Help />
    </section>
  );
}

/** What lies over the drawn picture and is as large. */
function Overlay(): JSX.Element {
  const { x, y, width, height } = frame.value;
  return (
    <div class="canvas-overlay" style={{ left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` }}>
      <Labels />
      <Dividers />
    </div>
  );
}
