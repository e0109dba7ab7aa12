/** Ways past what one does not need, for those who go by keyboard. */

import type { JSX } from "preact";
import { ROOMS } from "./go_between_rooms.ts";

export function SkipLinks(): JSX.Element {
  return (
    <nav aria-label="On this page" class="skip">
      {ROOMS.map(({ id, label }) => (
        <a
          key={id}
          href={`#${id}`}
          onClick={() => document.getElementById(id)?.focus()}
        >
          {label}
        </a>
      ))}
    </nav>
  );
}
