import { paths } from "@/lib/paths";

interface SignInSearch {
  /** Where the person wanted to go. */
  next?: string;
  /** Why a sign-in elsewhere came back without success. */
  error?: string;
}

interface TokenSearch {
  token?: string;
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

export const signIn = {
  path: paths.signIn,
  validateSearch: (search: Record<string, unknown>): SignInSearch => {
    const next = text(search["next"]);
    const error = text(search["error"]);
    // Only a path of ours: anything else would send people away after they signed in.
    return { ...(next && /^\/(?![/\\])/.test(next) && { next }), ...(error && { error }) };
  },
};

export const forgotPassword = { path: paths.forgotPassword };

export const setPassword = {
  path: paths.setPassword,
  validateSearch: (search: Record<string, unknown>): TokenSearch => {
    const token = text(search["token"]);
    return token ? { token } : {};
  },
};
