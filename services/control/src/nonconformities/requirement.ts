const NAMED = 3;

/** What was not met, in words: the first characteristics by name, of many the number of the others. */
export function withinSpecification(characteristicIds: readonly string[], when: string): string {
  const others = characteristicIds.length - NAMED;
  const named = characteristicIds.slice(0, NAMED).join(', ') || 'every characteristic';
  return `${named}${others > 0 ? ` and ${others} more` : ''} within specification at ${when} inspection`;
}
