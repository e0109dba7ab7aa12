/** A button that opens a small panel of choices above everything else. */

import type { ComponentChildren, JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icons.tsx";

/** Distance from the button, and least distance from the window's edges, in pixels. */
const GAP = 4, MARGIN = 8;

export function Popup({ icon, label, kind = "", children }: {
  readonly icon: IconName;
  readonly label: string;
  /** A class of the panel. */
  readonly kind?: string;
  /** Buttons, each of which closes the panel, and fields. */
  readonly children: ComponentChildren;
}): JSX.Element {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const place = () => {
    if (button.current === null || panel.current === null) return;
    const { left, bottom } = button.current.getBoundingClientRect();
    const { offsetWidth, offsetHeight, style } = panel.current;
    style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - offsetWidth - MARGIN))}px`;
    style.top = `${Math.max(MARGIN, Math.min(bottom + GAP, innerHeight - offsetHeight - MARGIN))}px`;
  };
  const close = () => panel.current?.hidePopover();
  return (
    <>
      <button ref={button} type="button" class="icon-button wide" popoverTarget={id}>
        <Icon name={icon} />
        <span>{label}</span>
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        class={`popup ${kind}`}
        onToggle={place}
        onClick={(event) => event.target instanceof Element && event.target.closest("button") && close()}
        onChange={close}
      >
        {children}
      </div>
    </>
  );
}
