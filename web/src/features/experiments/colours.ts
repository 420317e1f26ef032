/** The colour of an arm, by its place: the first is what answers today. */
export const colourOf = (place: number): string => (place === 0 ? "var(--edge)" : `var(--category-${((place - 1) % 8) + 1})`);
