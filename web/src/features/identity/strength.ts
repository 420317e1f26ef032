export const SHORTEST = 12;

export interface Rule {
  words: string;
  kept: boolean;
}

/** The server's rules for a password that can be told as one types; it also refuses the commonest ones. */
export function rules(password: string, email: string): Rule[] {
  const typed = password.toLowerCase();
  const address = email.toLowerCase();
  const [local = ""] = address.split("@");
  const same = typed === address || typed === local;
  return [
    { words: `${SHORTEST} characters or more`, kept: password.length >= SHORTEST },
    { words: "not your e-mail address", kept: password !== "" && !same },
    { words: "not one character repeated", kept: new Set(typed).size > 3 },
  ];
}
