/** In which order what waits is claimed, if nothing more arrives. */

/** What decides on the turn of a generation that waits. */
export interface Turn {
  readonly lane: string;
  /** The lower, the sooner, within its lane. */
  readonly rank: number;
  /** Order of arrival. */
  readonly ordinal: number;
}

/**
 * Brings what waits into the order of claims: lanes one after the other, and again, each as long as it has some; first the
 * lane that was served longest ago. Those that were never served come before, in the order in which their first arrived.
 * @param served When a lane was served last, as numbers that grow; those that are absent never were.
 */
export function inTurnOrder<T extends Turn>(waiting: readonly T[], served: ReadonlyMap<string, number>): readonly T[] {
  const lanes = [...Map.groupBy(waiting, ({ lane }) => lane).values()]
    .map((lane) => lane.toSorted((a, b) => a.rank - b.rank || a.ordinal - b.ordinal));
  const first = ([head]: readonly T[]) => ({ turn: served.get(head?.lane ?? "") ?? 0, ordinal: head?.ordinal ?? 0 });
  lanes.sort((one, other) => {
    const [a, b] = [first(one), first(other)];
    return a.turn - b.turn || a.ordinal - b.ordinal;
  });
  const order: T[] = [];
  for (let round = 0, left = lanes; left.length > 0; round++) {
    left = left.filter((lane) => lane.length > round);
    for (const lane of left) order.push(...lane.slice(round, round + 1));
  }
  return order;
}
