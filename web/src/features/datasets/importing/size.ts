/** How large a file is: `3.4 MB`. */
export function fileSize(bytes: number): string {
  const [size, unit] = bytes < 1000 ? [bytes, "B"] : bytes < 1e6 ? [bytes / 1000, "kB"] : bytes < 1e9 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${size.toLocaleString("en-GB", { maximumFractionDigits: size < 10 && unit !== "B" ? 1 : 0 })} ${unit}`;
}
