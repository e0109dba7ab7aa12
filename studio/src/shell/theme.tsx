/** Dark, light, or as the system has it. */

import { effect, signal } from "@preact/signals";
import type { JSX } from "preact";
import { keep, kept } from "./keep.ts";

const PLACE = "parterre.theme";
const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

const theme = signal<Theme>(THEMES.find((name) => name === kept(PLACE)) ?? "system");

effect(() => {
  if (theme.value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
  keep(PLACE, theme.value);
});

export function ThemeSwitch(): JSX.Element {
  return (
    <label class="theme">
      <span class="visually-hidden">Theme</span>
      <select
        value={theme.value}
        onChange={({ currentTarget: { value } }) => theme.value = THEMES.find((name) => name === value) ?? "system"}
      >
        {THEMES.map((name) => <option key={name} value={name}>{name}</option>)}
      </select>
    </label>
  );
}
