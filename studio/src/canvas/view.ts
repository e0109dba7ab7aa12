/** Where the picture lies in the canvas's part of the page: fitted, zoomed and moved. */

import { batch, computed, signal } from "@preact/signals";
import type { Point } from "../draft/geometry.ts";
import { draft } from "../draft/store.ts";
import { report } from "../dry_run/dry_run.ts";

/** The canvas's part of the page, in CSS pixels. */
export const room = signal({ width: 800, height: 500 });

/** How many times as large as fitted the picture is shown, and how far its centre lies from the room's, in CSS pixels. */
export const zoom = signal({ factor: 1, x: 0, y: 0 });

const LARGEST = 16;
const NATIVE = 512;

/** The picture's size in pixels: the draft's, or what the server makes of its aspect. */
export const pictureSize = computed(() => {
  const { settings: { width, height }, layout: { aspect } } = draft.value;
  const answered = report.value;
  if (width && height) return { width, height };
  if (answered) return { width: answered.width, height: answered.height };
  const ratio = aspect ?? 1;
  if (width) return { width, height: Math.round(width / ratio) };
  if (height) return { width: Math.round(height * ratio), height };
  return { width: Math.round(NATIVE * Math.sqrt(ratio)), height: Math.round(NATIVE / Math.sqrt(ratio)) };
});

/** The picture's place in the room, in CSS pixels. */
export const frame = computed(() => {
  const { width, height } = pictureSize.value;
  const { width: across, height: down } = room.value;
  const margin = Math.min(24, across / 16);
  const fitted = Math.min((across - 2 * margin) / width, (down - 2 * margin) / height);
  const scale = Math.max(fitted, 0.01) * zoom.value.factor;
  return {
    x: across / 2 + zoom.value.x - width * scale / 2,
    y: down / 2 + zoom.value.y - height * scale / 2,
    width: width * scale,
    height: height * scale,
  };
});

/** A point of the room, in CSS pixels, as fractions of the picture. */
export function fractions(point: Point): Point {
  const { x, y, width, height } = frame.value;
  return { x: (point.x - x) / width, y: (point.y - y) / height };
}

/** Zooms so that the point of the picture under `point`, in CSS pixels of the room, stays under it. */
export function zoomBy(by: number, point: Point = { x: room.value.width / 2, y: room.value.height / 2 }): void {
  const { factor, x, y } = zoom.value;
  const next = Math.min(LARGEST, Math.max(0.5, factor * by));
  const grown = next / factor;
  const dx = point.x - room.value.width / 2, dy = point.y - room.value.height / 2;
  batch(() => {
    zoom.value = { factor: next, x: dx - (dx - x) * grown, y: dy - (dy - y) * grown };
    panBy(0, 0);
  });
}

/** Moves the picture, in CSS pixels; its middle stays in sight. */
export function panBy(dx: number, dy: number): void {
  const { factor, x, y } = zoom.value;
  const { width, height } = frame.value;
  const within = (value: number, length: number) => Math.min(length / 2, Math.max(-length / 2, value));
  zoom.value = { factor, x: within(x + dx, width), y: within(y + dy, height) };
}

/** Shows the whole picture. */
export function fit(): void {
  zoom.value = { factor: 1, x: 0, y: 0 };
}
