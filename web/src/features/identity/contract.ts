/** What the identity API takes and gives that the generated types do not know yet. */

export interface SignInOffer {
  /** Who helps with a forgotten password: a mail, the console of `hone up`, or an administrator. */
  passwordReset: "email" | "console" | "administrator";
  oidc: { id: string; name: string }[];
}

export interface Credentials {
  email: string;
  password: string;
  /** Which organization, when the password fits people in several. */
  organization?: string;
}

export interface PasswordLink {
  purpose: "invitation" | "reset";
  email: string;
  name: string;
  organization: { name: string };
  expiresAt: string;
}
