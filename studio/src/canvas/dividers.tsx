/** The lines of the grid, each of which can be dragged, or moved by the arrow keys. */

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { type Divider, dividersOf, moveDivider } from "../draft/grid.ts";
import { draft, editLayout, endGroup } from "../draft/store.ts";
import { drop, forget } from "./drag.ts";
import { linesOf, snapValue } from "./snap.ts";
import { NEAR } from "./resize.ts";
import { dragged, guides, seen, tool } from "./tool.ts";
import { frame, pictureSize } from "./view.ts";

export function Dividers(): JSX.Element | null {
  const { grid } = seen.value;
  if (!grid || tool.value !== "select") return null;
  return <>{dividersOf(grid).map((divider, i) => <Line key={i} divider={divider} number={i + 1} />)}</>;
}

function Line({ divider, number }: { readonly divider: Divider; readonly number: number }): JSX.Element {
  /** Where the press was, less where the divider was; null when not dragged. */
  const grip = useRef<{ readonly divider: Divider; readonly off: number } | null>(null);
  const { upright, at, from, to, least, most } = divider;
  const percent = (value: number) => `${100 * value}%`;
  const pixels = upright ? pictureSize.value.width : pictureSize.value.height;

  const down = (event: JSX.TargetedPointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { divider, off: along(event, upright) - at };
  };
  const move = (event: JSX.TargetedPointerEvent<HTMLDivElement>) => {
    if (grip.current === null) return;
    const { divider: held, off } = grip.current;
    const wanted = along(event, upright) - off;
    const reach = NEAR / (upright ? frame.peek().width : frame.peek().height);
    const snapped = event.altKey || event.ctrlKey ? wanted : snapValue(wanted, lines(upright), reach);
    guides.value = {
      x: upright && snapped !== wanted ? [snapped] : [],
      y: !upright && snapped !== wanted ? [snapped] : [],
    };
    const { layout } = draft.peek();
    if (layout.grid) dragged.value = { ...layout, grid: moveDivider(layout.grid, held, snapped, pixels) };
  };
  const up = () => {
    if (grip.current === null) return;
    grip.current = null;
    drop();
  };
  const cancel = () => {
    grip.current = null;
    forget();
  };
  const key = (event: JSX.TargetedKeyboardEvent<HTMLDivElement>) => {
    const [back, on] = upright ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    const way = event.key === back ? -1 : event.key === on ? 1 : undefined;
    if (way === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const by = way * (event.shiftKey ? 10 : 1) / pixels;
    editLayout(
      (layout) => layout.grid ? { ...layout, grid: moveDivider(layout.grid, divider, at + by, pixels) } : layout,
      `divider ${number}`,
    );
  };

  return (
    <div
      class={`grid-divider ${upright ? "upright" : "level"}`}
      role="separator"
      tabIndex={0}
      aria-orientation={upright ? "vertical" : "horizontal"}
      aria-label={`Divider ${number}`}
      aria-valuemin={Math.round(100 * least)}
      aria-valuemax={Math.round(100 * most)}
      aria-valuenow={Math.round(100 * at)}
      aria-valuetext={`${Math.round(at * pixels)} pixels from the ${upright ? "left" : "top"}`}
      style={upright
        ? { left: percent(at), top: percent(from), height: percent(to - from) }
        : { top: percent(at), left: percent(from), width: percent(to - from) }}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={cancel}
      onKeyDown={key}
      onKeyUp={endGroup}
    />
  );
}

/** Where a pointer is in the direction in which a divider moves, in fractions of the picture. */
function along(event: JSX.TargetedPointerEvent<HTMLDivElement>, upright: boolean): number {
  const { left, top, width, height } = event.currentTarget.parentElement?.getBoundingClientRect() ?? new DOMRect();
  return upright ? (event.clientX - left) / width : (event.clientY - top) / height;
}

function lines(upright: boolean): readonly number[] {
  const { x, y } = linesOf([]);
  return upright ? x : y;
}
