/** A row of thousands of cells, of which only those in sight exist. */

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";

interface Strip {
  readonly count: number;
  /** Pixels from one cell to the next. */
  readonly pitch: number;
  /** The cell that has to be in sight. */
  readonly current: number;
  readonly children: (index: number, style: JSX.CSSProperties) => ComponentChildren;
  /** Told the last cell in sight. */
  readonly onReach: (index: number) => void;
  readonly attributes: JSX.HTMLAttributes<HTMLDivElement>;
}

export function VirtualStrip({ count, pitch, current, children, onReach, attributes }: Strip): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const [, draw] = useReducer((drawn: number) => drawn + 1, 0);
  const options: VirtualizerOptions<HTMLDivElement, HTMLElement> = {
    count,
    horizontal: true,
    overscan: 4,
    getScrollElement: () => element.current,
    estimateSize: () => pitch,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => draw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer(options));
  virtualizer.setOptions(options);
  useEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useEffect(() => {
    if (current >= 0) virtualizer.scrollToIndex(current);
  }, [current]);
  const cells = virtualizer.getVirtualItems();
  const last = cells.at(-1)?.index ?? -1;
  useEffect(() => onReach(last), [last, count]);
  return (
    <div ref={element} class="strip" {...attributes}>
      <div class="strip-inside" role="presentation" style={{ inlineSize: `${virtualizer.getTotalSize()}px` }}>
        {cells.map(({ index, start }) => children(index, { transform: `translateX(${start}px)` }))}
      </div>
    </div>
  );
}
