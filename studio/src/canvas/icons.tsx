/** The tools' pictures: lines on a grid of 20. */

import type { JSX } from "preact";

const PATHS = {
  select: "M4 3 L15.5 9.5 L10.5 11 L8.5 16 Z",
  rectangle: "M3.5 5.5 H16.5 V14.5 H3.5 Z",
  ellipse: "M3 10 A7 5 0 1 1 17 10 A7 5 0 1 1 3 10 Z",
  polygon: "M4 7 L11 3.5 L16.5 9 L13 16 L5.5 14.5 Z",
  brush: "M16.5 3.5 L9 11 M8.5 10.5 C6 10.5 6 13 5.5 14 C5 15.5 4 16 3.5 16.5 C6.5 17 9.5 15.5 9.8 11.8 Z",
  grid: "M3.5 3.5 H16.5 V16.5 H3.5 Z M10 3.5 V16.5 M3.5 10 H16.5",
  duplicate: "M7.5 7.5 H16.5 V16.5 H7.5 Z M12.5 7.5 V3.5 H3.5 V12.5 H7.5",
  front: "M3.5 7.5 H7.5 M3.5 7.5 V16.5 H12.5 V12.5 M7.5 3.5 H16.5 V12.5 H7.5 Z M10 8 L12 6 L14 8 M12 6 V11",
  back: "M7.5 3.5 H16.5 V12.5 H12.5 M3.5 7.5 H12.5 V16.5 H3.5 Z M7.5 7.5 V3.5 M6 12 L8 14 L10 12 M8 14 V9.5",
  unite: "M3.5 3.5 H12 V8 H16.5 V16.5 H8 V12 H3.5 Z",
  subtract: "M3.5 3.5 H12 V8 H8 V12 H3.5 Z M12 8 H16.5 V16.5 H8 V12",
  free: "M3.5 3.5 H16.5 V16.5 H3.5 Z M6.5 6.5 H13.5 V13.5 H6.5 Z",
  remove: "M4 5.5 H16 M8 5.5 V3.5 H12 V5.5 M5.5 5.5 L6.5 16.5 H13.5 L14.5 5.5 M8.5 8.5 V13.5 M11.5 8.5 V13.5",
  several: "M3.5 3.5 H9 V9 H3.5 Z M11 11 H16.5 V16.5 H11 Z M14 3.5 V9 M11.2 6.2 H16.8",
  outlines: "M2.5 10 C6 4.5 14 4.5 17.5 10 C14 15.5 6 15.5 2.5 10 Z M10 7.5 A2.5 2.5 0 1 1 9.99 7.5",
  closer: "M8.5 3.5 A5 5 0 1 1 8.49 3.5 M12.2 12.2 L16.5 16.5 M6.2 8.5 H10.8 M8.5 6.2 V10.8",
  farther: "M8.5 3.5 A5 5 0 1 1 8.49 3.5 M12.2 12.2 L16.5 16.5 M6.2 8.5 H10.8",
  fit: "M3.5 7.5 V3.5 H7.5 M12.5 3.5 H16.5 V7.5 M16.5 12.5 V16.5 H12.5 M7.5 16.5 H3.5 V12.5",
  help: "M7 7.5 C7 3.5 13 3.5 13 7.3 C13 9.5 10 9.8 10 12 M10 15.2 V15.9",
  erase: "M8 16.5 H16.5 M3.5 12 L11 4.5 L16 9.5 L9 16.5 H7.5 Z M7 8.5 L12 13.5",
  rename: "M3.5 16.5 L4.5 12.5 L13.5 3.5 L16.5 6.5 L7.5 15.5 Z",
  anew: "M16 10 A6 6 0 1 1 13.8 5.4 M14.2 2.8 L14 5.6 L11.2 5.4",
  add: "M10 4 V16 M4 10 H16",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linejoin="round"
        stroke-linecap="round"
      />
    </svg>
  );
}

/** A button that is a picture: its name is read out, and shown when it is pointed at. */
export function IconButton({ icon, label, keys, pressed, disabled, waits, onPress }: {
  readonly icon: IconName;
  readonly label: string;
  /** The key that does the same. */
  readonly keys?: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  /** Whether it does nothing for now: it keeps the focus. */
  readonly waits?: boolean;
  readonly onPress: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={keys === undefined ? label : `${label} (${keys})`}
      aria-pressed={pressed}
      disabled={disabled}
      aria-disabled={waits}
      onClick={() => waits || onPress()}
    >
      <Icon name={icon} />
    </button>
  );
}
