/** The top: what this is, the draft's name, undo, and the theme. */

import type { JSX } from "preact";
import { ThemeSwitch } from "./theme.tsx";

export function Header(): JSX.Element {
  return (
    <header class="top">
      <h1>Parterre</h1>
      <ThemeSwitch />
    </header>
  );
}
