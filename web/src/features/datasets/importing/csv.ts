/** The first rows of a CSV text (RFC 4180): quotes, doubled quotes and line ends in them are kept. */
export function csvRows(text: string, most: number): string[][] {
  const sign = separatorOf(text);
  const field = new RegExp(`("(?:[^"]|"")*(?:"|$)|[^${sign}\\r\\n]*)(${sign}|\\r?\\n|$)`, "y");
  const rows: string[][] = [];
  let row: string[] = [];
  while (field.lastIndex < text.length && rows.length < most) {
    const found = field.exec(text);
    // A quote in the middle of a field, for which the rest of it is taken as it stands.
    if (!found) break;
    const [, raw = "", end = ""] = found;
    row.push(raw.startsWith('"') ? raw.slice(1).replace(/"$/, "").replaceAll('""', '"') : raw);
    if (end === sign) continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

/** What stands between fields: whatever the first line has most of. */
function separatorOf(text: string): string {
  const first = text.split("\n", 1)[0] ?? "";
  const counted = [",", ";", "\t"].map((sign) => [sign, first.split(sign).length] as const);
  return counted.reduce((most, each) => (each[1] > most[1] ? each : most))[0];
}
