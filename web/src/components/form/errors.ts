/** Where a refusal belongs: at the field that the server names, or at the head of the form. */

/** The field that the server's error names: `price.effectiveFrom`, `targets`; null when it names none. */
function paramOf(error: Error | null): string | null {
  return error !== null && "param" in error && typeof error.param === "string" ? error.param : null;
}

/** Whether `targets` stands for `targets.0.weight` too: an error inside a field is that field's. */
const covers = (field: string, param: string) => param === field || param.startsWith(`${field}.`);

/** The server's words, if they are about this field. */
export function errorAt(error: Error | null, field: string): string | null {
  const param = paramOf(error);
  return error !== null && param !== null && covers(field, param) ? error.message : null;
}

/** The error, unless one of the form's fields shows it already. */
export function errorBeside(error: Error | null, fields: readonly string[]): Error | null {
  const param = paramOf(error);
  return param !== null && fields.some((field) => covers(field, param)) ? null : error;
}
